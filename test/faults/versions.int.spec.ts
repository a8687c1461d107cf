import { defineAggregate, defineEvent, type EventDefinition } from '@concord/kernel';
import {
  AdjustableClock,
  defineReaction,
  defineService,
  Platform,
  provision,
  uuidv7,
  verifyContext,
  type ContextAccess,
  type ServiceDefinition,
} from '@concord/platform';
import { testDatabase, type TestDatabase } from '@concord/testing';
import { z } from 'zod';
import { eventually } from './eventually.js';

// F31: a rolling upgrade. Two builds of a context that publishes and of one that listens work side by side on the same logs; the newer one
// knows one more field of an event, and lifts what the older one wrote.

const Old = defineEvent('BookPut', z.strictObject({ title: z.string() }));
const New = defineEvent('BookPut', z.strictObject({ title: z.string(), language: z.string() }), [
  (data: { title: string }) => ({ ...data, language: 'en' }),
]);
const Read = defineEvent('TitleRead', z.strictObject({ title: z.string() }));

interface Shelf {
  readonly titles: readonly string[];
}
const shelfOf = (BookPut: EventDefinition) =>
  defineAggregate<Shelf, readonly [typeof Old]>({
    kind: 'shelf',
    initial: { titles: [] },
    events: [BookPut as typeof Old],
    evolve: { BookPut: ({ titles }, { title }) => ({ titles: [...titles, title] }) },
  });
const Reader = defineAggregate<Shelf, readonly [typeof Read]>({
  kind: 'reader',
  initial: { titles: [] },
  events: [Read],
  evolve: { TitleRead: ({ titles }, { title }) => ({ titles: [...titles, title] }) },
});

const context = (name: string, more: Partial<ServiceDefinition>): ServiceDefinition =>
  defineService({
    name,
    resources: [],
    commands: [],
    queries: [],
    reactions: [],
    projections: [],
    schedules: [],
    migrations: [],
    published: (event) => event,
    publishes: [],
    ...more,
  });
const libraryOf = (BookPut: EventDefinition) =>
  context('library', { aggregates: [shelfOf(BookPut) as never], publishes: [BookPut] });
const readersOf = (BookPut: EventDefinition) =>
  context('readers', {
    aggregates: [Reader as never],
    publishes: [Read],
    reactions: [
      defineReaction({
        name: 'on-book-put',
        from: 'library',
        on: BookPut,
        decide: ({ event, append }) => {
          const { title, language = 'unknown' } = event.data as { title: string; language?: string };
          append(Reader, event.subject, Read({ title: `${title} (${language})` }));
        },
      }),
    ],
  });

let database: TestDatabase;
let accesses: ReadonlyMap<string, ContextAccess>;
const running: Platform[] = [];
const faults: string[] = [];

/** A process of one build; it takes the listeners over from the one before it, which goes on to decide. */
async function start(publisher: EventDefinition, listener: EventDefinition): Promise<Platform> {
  const platform = await Platform.start({
    services: [libraryOf(publisher), readersOf(listener), context('directory', {})],
    accesses,
    clock: new AdjustableClock(),
    standingChanges: () => [],
    version: 'spec',
    rateLimit: { perSecond: 1e6, burst: 1e6 },
    failed: (where, error) => void faults.push(`${where}: ${String(error)}`),
  });
  const before = running.at(-1);
  running.push(platform);
  if (before) {
    // It notices at the end of its next batch.
    const fenced = faults.filter((fault) => fault.includes('Fenced')).length;
    await put(before, uuidv7(), 'knock');
    await eventually(
      'the older process to be fenced',
      async () => faults.filter((fault) => fault.includes('Fenced')).length > fenced,
    );
  }
  return platform;
}

const put = (platform: Platform, shelf: string, title: string, language?: string): Promise<void> => {
  const definition = language === undefined ? Old : New;
  const event = language === undefined ? Old({ title }) : New({ title, language });
  return platform.context('library').execute((decision) => decision.append(shelfOf(definition) as never, shelf, event));
};
const read = async (platform: Platform, shelf: string): Promise<readonly string[]> =>
  (
    await platform
      .context('readers')
      .database.query<{ titles: string[] }>(`SELECT state->'titles' AS titles FROM streams WHERE id = $1`, [shelf])
  )[0]?.titles ?? [];
const stored = async (platform: Platform, shelf: string): Promise<readonly number[]> =>
  (
    await platform
      .context('library')
      .database.query<{ written: number }>('SELECT schema_version::int AS written FROM events WHERE stream = $1 ORDER BY version', [
        shelf,
      ])
  ).map(({ written }) => written);
const differences = async (platform: Platform): Promise<unknown[]> =>
  (await Promise.all(['library', 'readers'].map((name) => verifyContext(platform.context(name))))).flatMap(({ checks }) =>
    checks.flatMap(({ first }) => first),
  );

beforeEach(async () => {
  database = await testDatabase();
  accesses = await provision(database.url, ['library', 'readers', 'directory']);
  faults.length = 0;
});
afterEach(async () => {
  for (const platform of running.splice(0)) await platform.stop();
  await database.drop();
});

it('listeners first: both builds write the same streams in turns, and every event is read in its newest shape (F31)', async () => {
  const [one, two] = [uuidv7(), uuidv7()];
  const old = await start(Old, Old);
  await put(old, one, 'first');
  await old.settled();
  expect(await read(old, one)).toEqual(['first (unknown)']);

  const half = await start(Old, New);
  await put(old, one, 'second');
  await half.settled();

  const fresh = await start(New, New);
  for (const shelf of [one, two]) {
    await put(fresh, shelf, 'third', 'fr');
    await put(old, shelf, 'fourth');
    await put(fresh, shelf, 'fifth', 'ar');
    await put(half, shelf, 'sixth');
  }
  await fresh.settled();
  const both = ['third (fr)', 'fourth (en)', 'fifth (ar)', 'sixth (en)'];
  expect(await read(fresh, one)).toEqual(['first (unknown)', 'second (en)', ...both]);
  expect(await read(fresh, two)).toEqual(both);
  expect(await stored(fresh, one)).toEqual([1, 1, 2, 1, 2, 1]);
  expect(await differences(fresh)).toEqual([]);
  expect(faults.filter((where) => where.includes('parked'))).toEqual([]);
});

it('publishers first: what the older listener cannot read waits visibly, and the newer one takes it up (F31)', async () => {
  const [torn, whole] = [uuidv7(), uuidv7()];
  const old = await start(Old, Old);
  await put(old, torn, 'first');
  const wrong = await start(New, Old);
  await put(wrong, torn, 'second', 'fr');
  await put(old, torn, 'third');
  await put(old, whole, 'alone');
  await wrong.settled();
  expect(await read(wrong, torn)).toEqual(['first (unknown)']);
  const parked = async (shelf: string) =>
    (
      await wrong
        .context('readers')
        .database.query<{ error: string }>('SELECT error FROM parked WHERE stream = $1 ORDER BY sequence', [shelf])
    ).map(({ error }) => error);
  const unknown = 'RangeError: BookPut version 2 is unknown here; this build reads versions 1 to 1';
  expect(await parked(torn)).toEqual([unknown, 'an earlier event of this object is parked']);
  // What an older process wrote goes out in the newest shape too: it is the newer one that sends it.
  expect(await parked(whole)).toEqual([unknown]);

  const right = await start(New, New);
  await put(old, torn, 'fourth');
  await right.settled();
  expect(await right.context('readers').listener.release('on-book-put', torn)).toBe(3);
  expect(await read(right, torn)).toEqual(['first (unknown)', 'second (fr)', 'third (en)', 'fourth (en)']);
  expect(await right.context('readers').listener.release('on-book-put', whole)).toBe(1);
  expect(await read(right, whole)).toEqual(['alone (en)']);
  await put(old, torn, 'fifth');
  await right.settled();
  expect(await read(right, torn)).toHaveLength(5);
  expect(await differences(right)).toEqual([]);
});
