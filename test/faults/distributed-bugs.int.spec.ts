import { attachRooms, type Growth } from '@concord/gateway';
import type { PublicEvent } from '@concord/platform';
import { Chance, seedOfRun } from './chance.js';
import { checkRun } from './check-run.js';
import type { Finding } from './findings.js';
import { History } from './history.js';
import { Load, type Target } from './load.js';
import { lyingProxy } from './lying-proxy.js';
import { MutantBus, type Mutation } from './mutant-bus.js';
import { answersTooEarly } from './mutant-rooms.js';
import { RoomListener } from './room-listener.js';
import { Stage } from './stage.js';
import type { StoredRows } from './stored-rows.js';

// Shows that the checks of the distributed run bite: the same load and the same checks over one broken part of the way that events
// take, from the relay to the reader's socket. planted-bugs.int.spec.ts does it for the write path, relay.int.spec.ts for the cursor.

let stage: Stage | undefined;
let history: History;
const ends: (() => Promise<void> | void)[] = [];
beforeEach(() => (history = new History()));
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await stage?.close();
  stage = undefined;
});

const open = async (mutation: Mutation = {}): Promise<Stage> =>
  (stage = await Stage.open(3, (wiring) => new MutantBus(wiring, mutation)));

async function play(target: Target, commandsMax = 200): Promise<void> {
  const load = new Load(target, history, new Chance(seedOfRun()), { writers: 8, thinkMs: 0, hangUp: 0.05, commandsMax });
  ends.push(() => load.abandon());
  load.start();
  await load.finished();
  await load.askAgain();
}

async function run(mutation: Mutation = {}, before: (on: Stage) => Promise<void> = async () => undefined): Promise<StoredRows> {
  const on = await open(mutation);
  const target = await on.target();
  await before(on);
  await play(target);
  await on.concord.settle();
  return on.rows();
}

const kinds = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.map(({ invariant, fault }) => `${invariant} ${fault}`))].sort();
const query = (on: Stage, sql: string): Promise<unknown> => on.concord.platform.context('gateway').database.query(sql);
const idsOf = (events: readonly PublicEvent[]): string =>
  events.map(({ subject, sequence }) => `('${subject}'::uuid, ${sequence})`).join(', ');

it('nothing is found on the same way where nothing is broken', async () => {
  expect(checkRun(history, await run())).toEqual([]);
});

describe('a listener', () => {
  it('whose place moves before the effect, and who dies between, is found', async () => {
    let batches = 0;
    const handing: Mutation['handing'] = async (events, sound) => {
      batches += 1;
      if (batches % 4 !== 0) await sound(events);
    };
    expect(kinds(checkRun(history, await run({ group: 'gateway', handing })))).toEqual(['I6 undelivered']);
  });

  it('that marks events as handled outside of the transaction of the effect is found', async () => {
    let batches = 0;
    const handing: Mutation['handing'] = async (events, sound) => {
      batches += 1;
      if (batches % 4 === 0) {
        const values = events.map(({ subject, sequence }) => `('feed of pledges', '${subject}', ${sequence})`).join(', ');
        await query(stage!, `INSERT INTO inbox (consumer, stream, sequence) VALUES ${values} ON CONFLICT DO NOTHING`);
        throw new Error('died after the mark');
      }
      await sound(events);
    };
    expect(kinds(checkRun(history, await run({ group: 'gateway', handing })))).toEqual(['I6 undelivered']);
  });

  it('that marks, and whose effect does not happen, is found', async () => {
    const rows = await run({}, async (on) => {
      await query(
        on,
        `CREATE FUNCTION half() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.room_offset % 7 = 0 THEN RETURN NULL; END IF; RETURN NEW; END $$`,
      );
      await query(on, 'CREATE TRIGGER half BEFORE INSERT ON feed FOR EACH ROW EXECUTE FUNCTION half()');
    });
    expect(kinds(checkRun(history, rows))).toEqual(['I6 undelivered', 'I7 gap']);
  });

  it('without an inbox is found as soon as anything is delivered twice', async () => {
    let batches = 0;
    const handing: Mutation['handing'] = async (events, sound) => {
      await sound(events);
      batches += 1;
      if (batches % 4 !== 0) return;
      await query(stage!, `DELETE FROM inbox WHERE consumer = 'feed of pledges' AND (stream, sequence) IN (${idsOf(events)})`);
      await sound(events);
    };
    expect(kinds(checkRun(history, await run({ group: 'gateway', handing })))).toEqual(
      expect.arrayContaining(['I6 duplicated', 'I7 reordered']),
    );
  });

  it('that is handed events of one key in the wrong order is found (F10)', async () => {
    const kept: PublicEvent[] = [];
    const handing: Mutation['handing'] = async (events, sound) => {
      kept.push(...events);
      const subjects = kept.map(({ subject }) => subject);
      // Waits until it has two of one key; what is left is handed over as it came.
      if (new Set(subjects).size === kept.length) return;
      await sound(kept.splice(0).reverse());
    };
    expect(kinds(checkRun(history, await run({ group: 'gateway', handing })))).toEqual(expect.arrayContaining(['I7 reordered']));
  });
});

describe('a relay', () => {
  it('whose cursor moves before the broker has acknowledged is found when the broker dies between', async () => {
    let events = 0;
    const forgets = (): boolean => (events += 1) % 20 === 0;
    expect(kinds(checkRun(history, await run({ forgets })))).toEqual(['I6 undelivered']);
  });
});

describe('a way from the client', () => {
  it('that makes up an answer where it lost one is found', async () => {
    const on = await open();
    const target = await on.target();
    const chance = new Chance(seedOfRun());
    const proxy = await lyingProxy(on.concord.url, () => chance.happens(0.1));
    ends.push(() => proxy.close());
    await play({ ...target, bases: [proxy.url] }, 150);
    await on.concord.settle();
    expect(kinds(checkRun(history, await on.rows()))).toEqual(expect.arrayContaining(['I1 lost']));
  });

  it('whose client takes a time-out for a refusal is found', async () => {
    const rows = await run();
    const doubtful = history.entries.findIndex((entry) => entry.type === 'info');
    expect(doubtful).toBeGreaterThanOrEqual(0);
    const given = { status: 409, etag: undefined, body: '{}' };
    const entries = history.entries.map((entry) =>
      entry.type === 'info' ? ({ ...entry, type: 'fail', answer: given } as const) : entry,
    );
    expect(kinds(checkRun({ ...history, entries }, rows))).toEqual(expect.arrayContaining(['I1 phantom', 'I2 changed']));
  });
});

describe('rooms', () => {
  interface Parts {
    readonly feed: { grown(growth: Growth): void; poll(): Promise<void>; pump(): Promise<void> };
    readonly joining: { replay: unknown };
    readonly access: { mayJoin(): Promise<boolean> };
    settled(): Promise<void>;
  }

  /** Rooms on the server of a stage, broken, and what a reader of one of them was told by the end of a load. */
  async function heardBy(breaks: (parts: Parts) => void, also?: (on: Stage, room: string) => Promise<RoomListener>) {
    const on = await open();
    const realtime = attachRooms({
      server: on.concord.http.server,
      context: on.concord.platform.context('gateway'),
      origins: '',
      failed: () => undefined,
    });
    ends.push(() => realtime.close());
    await realtime.settled();
    const target = await on.target();
    const room = `organisation:${on.owner.id}`;
    breaks(realtime as unknown as Parts);
    const listener = await RoomListener.join(on.concord.url, room, { token: on.owner.token });
    ends.push(() => listener.close());
    const playing = play(target);
    const late = await also?.(on, room);
    if (late) ends.push(() => late.close());
    await listener.knock(`organisation:${on.pledgers[0]!.id}`);
    await playing;
    await on.concord.settle();
    await realtime.settled();
    const rows = await on.rows();
    return { rows, listener: late ?? listener, last: rows.rooms.find((one) => one.room === room)?.last ?? 0 };
  }

  it('that are whole are found whole', async () => {
    const { rows, listener, last } = await heardBy(() => undefined);
    await listener.upTo(last);
    expect(last).toBeGreaterThan(50);
    expect(checkRun(history, rows, listener)).toEqual([]);
  });

  it('that forget a signal of the feed and do not poll are found', async () => {
    let signals = 0;
    const { rows, listener } = await heardBy(({ feed }) => {
      const grown = feed.grown.bind(feed);
      Reflect.set(feed, 'poll', () => Promise.resolve());
      Reflect.set(feed, 'grown', (growth: Growth) => ((signals += 1) > 1 ? undefined : grown(growth)));
    });
    expect(kinds(checkRun(history, rows, listener))).toEqual(['I11 undelivered']);
  });

  it('that answer a join before the reader is in are found', async () => {
    const { rows, listener } = await heardBy(
      ({ joining }) => void Reflect.set(joining, 'replay', answersTooEarly),
      async (on, room) => RoomListener.join(on.concord.url, room, { token: on.owner.token }),
    );
    expect(kinds(checkRun(history, rows, listener))).toEqual(['I11 undelivered']);
  });

  it('that let strangers in are found', async () => {
    const { rows, listener, last } = await heardBy(({ access }) => Reflect.set(access, 'mayJoin', () => Promise.resolve(true)));
    await listener.upTo(last);
    expect(kinds(checkRun(history, rows, listener))).toEqual(['I11 unauthorised']);
  });
});
