import { Tail, type Platform } from '@concord/platform';
import { Chance, seedOfRun } from './chance.js';
import { checkRun } from './check-run.js';
import type { Finding } from './findings.js';
import { History } from './history.js';
import { Load, type Target } from './load.js';
import { Stage } from './stage.js';
import type { StoredRows } from './stored-rows.js';

// Shows that the suite bites: the same load and the same checks as in the kills, over a log that is broken in one place.

/** What of the log's storage is broken here. */
interface Storage {
  append(draft: Draft, requests: readonly unknown[], handled: readonly unknown[]): Promise<unknown>;
}

/** What a statement is made of, as far as it is tampered with here. */
interface Draft {
  readonly events: readonly { readonly stream: string; readonly version: number }[];
  readonly rows: unknown;
  streams(): Iterable<{
    readonly id: string;
    readonly base: { readonly version: number };
    readonly head: { readonly version: number };
  }>;
}

let stage: Stage;
let history: History;
beforeEach(async () => {
  stage = await Stage.open();
  history = new History();
});
afterEach(() => stage.close());

/** A map that remembers nothing. */
const forgetful = () => ({ get: () => undefined, set: () => undefined, delete: () => undefined, clear: () => undefined });

/** Breaks a part of the running executor. */
function breakExecutor(part: string, replace: (sound: never) => unknown, platform: Platform = stage.concord.platform): void {
  const { executor } = platform.context('pledges');
  Reflect.set(executor, part, replace(Reflect.get(executor, part) as never));
}

const brokenAppend = (
  append: (sound: Storage, ...args: Parameters<Storage['append']>) => Promise<unknown>,
  platform?: Platform,
): void =>
  breakExecutor(
    'storage',
    (sound: Storage) =>
      Object.assign(Object.create(sound) as Storage, {
        append: (...args: Parameters<Storage['append']>) => append(sound, ...args),
      }),
    platform,
  );

async function run(
  commandsMax = 300,
  { settles = true, target }: { settles?: boolean; target?: Target } = {},
): Promise<StoredRows> {
  const load = new Load(target ?? (await stage.target()), history, new Chance(seedOfRun()), {
    writers: 8,
    thinkMs: 0,
    hangUp: 0.05,
    commandsMax,
  });
  load.start();
  await load.finished();
  await load.askAgain();
  if (settles) await stage.concord.settle();
  return stage.rows();
}

const kinds = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ invariant, fault }) => `${invariant} ${fault}`))].sort();

it('nothing is found where nothing is broken', async () => {
  expect(checkRun(history, await run(600))).toEqual([]);
  expect(stage.concord.faults).toEqual([]);
});

it('a batch without the dedupe of keys is found: effects twice, answers that differ', async () => {
  breakExecutor('running', forgetful);
  breakExecutor('answers', forgetful);
  brokenAppend((sound, draft, _requests, handled) => sound.append(draft, [], handled));
  expect(kinds(checkRun(history, await run()))).toEqual(expect.arrayContaining(['I1 double', 'I2 changed']));
});

it('an answer before the commit is found: an acknowledged command that is not there, a hole in its stream', async () => {
  let appends = 0;
  brokenAppend((sound, ...args) => ((appends += 1) % 10 === 0 ? Promise.resolve('written') : sound.append(...args)));
  // Nothing settles any more: whoever follows the log stops at the hole, and says so.
  expect(kinds(checkRun(history, await run(300, { settles: false })))).toEqual(
    expect.arrayContaining(['I1 lost', 'I7 gap', 'I15 broken']),
  );
});

it('a look-up of keys that a crash skipped is found: what was committed without an answer is refused the second time', async () => {
  let appends = 0;
  // The answer of every tenth commit is lost; a sound executor looks the keys up before it decides again.
  brokenAppend(async (sound, draft, _requests, handled) => {
    const outcome = await sound.append(draft, [], handled);
    appends += 1;
    if (appends % 10 === 0) throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
    return outcome;
  });
  expect(kinds(checkRun(history, await run(150)))).toEqual(expect.arrayContaining(['I1 phantom']));
});

it('an answer that is lost on its way back from a commit changes nothing', async () => {
  let appends = 0;
  brokenAppend(async (sound, ...args) => {
    const outcome = await sound.append(...args);
    appends += 1;
    if (appends % 10 === 0) throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
    return outcome;
  });
  expect(kinds(checkRun(history, await run(150)))).toEqual([]);
});

describe('two instances over one database', () => {
  /** Writes on top of whatever is there now, as if nobody could have written since the decision read. */
  async function blindly(sound: Storage, draft: Draft, ...rest: [readonly unknown[], readonly unknown[]]): Promise<unknown> {
    const streams = [...draft.streams()];
    const now = await stage.versions(streams.map(({ id }) => id));
    const behind = new Map(streams.map(({ id, base }) => [id, (now.get(id) ?? 0) - base.version]));
    const onTop = <T extends { readonly version: number }>(id: string, one: T): T => ({
      ...one,
      version: one.version + behind.get(id)!,
    });
    return sound.append(
      {
        events: draft.events.map((event) => onTop(event.stream, event)),
        rows: draft.rows,
        streams: () =>
          streams.filter(({ base, head }) => head.version > base.version).map((one) => ({ ...one, head: onTop(one.id, one.head) })),
      },
      ...rest,
    );
  }

  /** Lines first: the second instance takes the listeners over. */
  async function both(): Promise<[Target, Awaited<ReturnType<Stage['secondInstance']>>]> {
    const target = await stage.target();
    const second = await stage.secondInstance();
    return [{ ...target, bases: [stage.concord.url, second.url] }, second];
  }

  it('find nothing where nothing is broken', async () => {
    const [target, second] = await both();
    await run(300, { settles: false, target });
    await second.platform.settled();
    expect(checkRun(history, await stage.rows())).toEqual([]);
  });

  it('that do not check the versions they read are found: states, books or capacity do not agree', async () => {
    const [target, second] = await both();
    brokenAppend(blindly);
    brokenAppend(blindly, second.platform);
    const found = kinds(checkRun(history, await run(300, { settles: false, target })));
    // Which of them depends on who wrote over whom.
    const broken = ['I2 changed', 'I3 unbalanced', 'I4 overcap', 'I15 broken'].filter((kind) => found.includes(kind));
    expect({ found, broken: broken.length > 0 }).toEqual({ found, broken: true });
  });
});

describe('a follower of the log that dies between two batches', () => {
  /** Follows the log, saving its place before or after the effect, and dies between the two every third time. */
  async function follow(saves: 'before' | 'after'): Promise<Map<string, number>> {
    const effects = new Map<string, number>();
    let batches = 0;
    const { pool } = stage.concord.platform.context('pledges').database;
    const tail = new Tail({
      pool,
      name: `follower saving ${saves}`,
      batch: 20,
      pollMs: 5,
      deliver: async (events, save) => {
        const client = await pool.connect();
        try {
          if (saves === 'before') await save(client);
          batches += 1;
          const dies = batches % 3 === 0;
          if (dies && saves === 'before') throw new Error('died after its place was saved');
          for (const { stream, version, previous } of events)
            if (previous !== null) effects.set(`${stream}/${version}`, (effects.get(`${stream}/${version}`) ?? 0) + 1);
          if (dies) throw new Error('died after the effect');
          if (saves === 'after') await save(client);
        } finally {
          client.release();
        }
      },
      failed: () => undefined,
    });
    await tail.start();
    await tail.caughtUp();
    await tail.stop();
    return effects;
  }

  const marksOf = (effects: ReadonlyMap<string, number>) =>
    [...effects.keys()].map((id) => ({
      stream: id.slice(0, id.lastIndexOf('/')),
      sequence: Number(id.slice(id.lastIndexOf('/') + 1)),
    }));

  it('is found when it saves its place before the effect, and loses nothing when after', async () => {
    const rows = await run(150);
    const early = checkRun(history, { ...rows, marks: marksOf(await follow('before')) });
    expect(kinds(early)).toEqual(['I6 undelivered']);
    const late = await follow('after');
    expect(kinds(checkRun(history, { ...rows, marks: marksOf(late) }))).toEqual([]);
    // Why an inbox is needed beside it.
    expect(Math.max(...late.values())).toBeGreaterThan(1);
  });
});
