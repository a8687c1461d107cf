import { signal, testDatabase, type TestDatabase } from '@concord/testing';
import { Fenced, Tail, type TailedEvent } from '@concord/platform';
import pg from 'pg';
import { RestartedTail, WrongReader } from './log-readers.js';
import { makeLog, writeEvents } from './log-writers.js';

// The negative control of the relay (reliability.md 4.3): two readers that are known to lose events, and ours, on one log. As long
// as the wrong ones lose nothing, ours losing nothing says nothing.

/** Events of the first round. */
const EVENTS = 200_000;
/** Rounds at most; each later one appends half as many again, for a control that has lost nothing yet. */
const ROUNDS_MAX = 5;
const seed = Number(process.env['CONCORD_SEED'] ?? Math.floor(Math.random() * 1_000_000));

let database: TestDatabase;
let pool: pg.Pool;
beforeEach(async () => {
  database = await testDatabase();
  await makeLog(database.url);
  pool = new pg.Pool({ connectionString: database.url, max: 12 });
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const count = async (sql: string): Promise<number> => Number((await pool.query<{ n: string }>(sql)).rows[0]!.n);
const committed = () => count('SELECT count(*) AS n FROM events');
/** Successors that the order of transactions puts before their predecessors: what a reader of the log has to repair. */
const turnedRound = () =>
  count(
    `SELECT count(*) AS n FROM (SELECT version < lag(version) OVER (PARTITION BY stream ORDER BY xid, position) AS turned FROM events) e WHERE turned`,
  );

it('loses nothing, repeats nothing and turns nothing round, where readers with a simpler cursor lose events', async () => {
  const began = performance.now();
  const [ours, naive, half] = [new RestartedTail(pool), new WrongReader(pool, 'naive'), new WrongReader(pool, 'half')];
  let [events, turned] = [0, 0];
  const lostBy = ({ seen }: { seen: ReadonlySet<string> }) => events - seen.size;
  const isVoid = () => lostBy(naive) === 0 || lostBy(half) === 0 || turned === 0;
  try {
    for (let round = 1; round === 1 || (isVoid() && round <= ROUNDS_MAX); round += 1) {
      await writeEvents(database.url, round === 1 ? EVENTS : EVENTS / 2, seed + round);
      events = await committed();
      turned = await turnedRound();
      await Promise.all([naive.reachedEnd(), half.reachedEnd()]);
    }
    await ours.reachedEnd();
  } finally {
    await Promise.all([ours.stop(), naive.stop(), half.stop()]);
  }
  const found =
    `relay seed=${seed} events=${events} turned=${turned} | lost naive=${lostBy(naive)} half=${lostBy(half)} ours=${lostBy(ours)} | ` +
    `ours duplicated=${ours.duplicated} inverted=${ours.inverted} restarts=${ours.restarts} | ${Math.round((performance.now() - began) / 1000)} s`;
  process.stdout.write(`${found}\n`);
  if (isVoid())
    throw new Error(`void: a control that loses nothing, or a log with nothing to repair, says nothing of ours. ${found}`);
  expect(events).toBeGreaterThanOrEqual(EVENTS);
  expect(ours).toMatchObject({ duplicated: 0, inverted: 0, errors: [] });
  expect(lostBy(ours)).toBe(0);
  expect(ours.restarts).toBeGreaterThan(3);
}, 600_000);

describe('two tails with one cursor', () => {
  const running: Tail[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((tail) => tail.stop()));
  });

  /** A tail of the cursor they share. It keeps what it could not do in `errors`. */
  const tail = async (deliver: ConstructorParameters<typeof Tail>[0]['deliver'], batch = 50) => {
    const errors: unknown[] = [];
    const made = new Tail({ pool, name: 'one', batch, pollMs: 1, deliver, failed: (error) => void errors.push(error) });
    running.push(made);
    await made.start();
    return { made, errors };
  };
  const place = async () => (await pool.query('SELECT xid::text, position::text FROM cursors WHERE name = $1', ['one'])).rows[0];

  it('the first stops as fenced, and what both were handed never moves the cursor for the loser', async () => {
    await writeEvents(database.url, 320, seed);
    const [loser, winner]: [TailedEvent[], TailedEvent[]] = [[], []];
    const gate = signal();
    const handed = signal();
    const first = await tail(async (events) => {
      loser.push(...events);
      handed.give();
      await gate.given;
    });
    await handed.given;
    const second = await tail(async (events) => void winner.push(...events));
    await second.made.caughtUp();
    const end = await place();
    gate.give();
    await first.made.ended;
    expect(first.errors).toEqual([expect.any(Fenced)]);
    const both = loser.length;
    expect(loser).toEqual(winner.slice(0, both));
    expect(await place()).toEqual(end);

    await writeEvents(database.url, 320, seed + 1);
    first.made.wake();
    await second.made.caughtUp();
    expect([loser.length, winner.length]).toEqual([both, await committed()]);
    expect(second.errors).toEqual([]);
  }, 60_000);

  it('takeovers under load, without any stop, have each effect once', async () => {
    await pool.query('CREATE TABLE effects (stream uuid, version int, tail int, PRIMARY KEY (stream, version))');
    const writing = writeEvents(database.url, 6_400, seed);
    const tails: Awaited<ReturnType<typeof tail>>[] = [];
    const TAILS = 8;
    for (let number = 1; number <= TAILS; number += 1) {
      const enough = signal();
      const made = await tail(async (events, save) => {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await client.query('INSERT INTO effects SELECT *, $3 FROM unnest($1::uuid[], $2::int[])', [
            events.map(({ stream }) => stream),
            events.map(({ version }) => version),
            number,
          ]);
          await save(client);
          await client.query('COMMIT');
        } finally {
          await client.query('ROLLBACK').catch(() => undefined);
          client.release();
        }
        enough.give();
      }, 20);
      tails.push(made);
      await enough.given;
    }
    await writing;
    await tails.at(-1)!.made.caughtUp();
    expect(await count('SELECT count(*) AS n FROM effects')).toBe(await committed());
    expect(await count('SELECT count(DISTINCT tail) AS n FROM effects')).toBe(TAILS);
    for (const { made, errors } of tails.slice(0, -1)) {
      await made.ended;
      // A holder that inserts what its successor has just inserted runs into the key first, and learns why on its next try.
      expect(errors.at(-1)).toBeInstanceOf(Fenced);
    }
    expect(tails.at(-1)!.errors).toEqual([]);
  }, 60_000);
});
