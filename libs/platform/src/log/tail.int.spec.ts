import { logAtRest, signal, testDatabase, type TestDatabase } from '@concord/testing';
import pg from 'pg';
import { uuidv7 } from '../clock.js';
import { coreTables } from './core-tables.js';
import { Tail, type TailedEvent, type TailOptions } from './tail.js';

let database: TestDatabase;
let pool: pg.Pool;
const tails: Tail[] = [];
const open = new Set<pg.PoolClient>();

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query(coreTables.sql);
  await pool.query('CREATE TABLE effects (stream uuid, version int)');
});
beforeEach(() => pool.query('TRUNCATE events, cursors, effects'));
afterEach(async () => {
  // A spec that failed half way leaves its transactions open.
  await Promise.all([...open].map(rolledBack));
  await Promise.all(tails.splice(0).map((tail) => tail.stop()));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Appends one event as part of the client's transaction, or as its own. */
const append = (stream: string, version: number, kind = 'Wanted', client: pg.Pool | pg.PoolClient = pool) =>
  client.query(
    `INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
     VALUES ($1, $2, $3, 1, $4, '{"n": 1}', '{"at": "2026-01-01T00:00:00.000Z", "correlation": "c"}', '')`,
    [stream, version, kind, version - 1],
  );

/** A transaction that has its number and has written nothing yet. */
const begun = async (): Promise<pg.PoolClient> => {
  const client = await pool.connect();
  open.add(client);
  await client.query('BEGIN');
  await client.query('SELECT pg_current_xact_id()');
  return client;
};
const ended = (how: 'COMMIT' | 'ROLLBACK') => async (client: pg.PoolClient) => {
  open.delete(client);
  await client.query(how);
  client.release();
};
const committed = ended('COMMIT');
const rolledBack = ended('ROLLBACK');

/** Appends versions 1 and 2 of a stream, so that the second has the lower transaction number and stands first in the log. */
const appendTurnedRound = async (stream: string, kinds = ['Wanted', 'Wanted']) => {
  const early = await begun();
  await append(stream, 1, kinds[0]);
  await append(stream, 2, kinds[1], early);
  await committed(early);
};

const record = (client: pg.PoolClient, events: readonly TailedEvent[]) =>
  client.query('INSERT INTO effects SELECT * FROM unnest($1::uuid[], $2::int[])', [
    events.map(({ stream }) => stream),
    events.map(({ version }) => version),
  ]);
const effects = async () =>
  (await pool.query<{ version: number }>('SELECT version FROM effects ORDER BY version')).rows.map(({ version }) => version);

/** Starts a tail; what it hands over is in `batches`, what it failed with in `errors`. */
const follow = async (options: Partial<TailOptions> = {}) => {
  const batches: TailedEvent[][] = [];
  const errors: unknown[] = [];
  const tail = new Tail({
    pool,
    name: 'spec',
    batch: 100,
    pollMs: 5,
    deliver: async (events) => void batches.push([...events]),
    failed: (error) => void errors.push(error),
    ...options,
  });
  tails.push(tail);
  await tail.start();
  return { tail, batches, errors, versions: () => batches.map((batch) => batch.map(({ version }) => version)) };
};

const stream = uuidv7();

describe('the order of a tail', () => {
  it('waits for a transaction that began earlier, however late it commits', async () => {
    const [slow, gone] = [await begun(), await begun()];
    await append(stream, 1);
    const { tail, batches, versions } = await follow();
    await expect(tail.caughtUp(50)).rejects.toThrow(
      /^spec is at .+ and not at .+; oldest transaction: xid \d+ in test_.+pg_current_xact_id/u,
    );
    await rolledBack(gone);
    await expect(tail.caughtUp(50)).rejects.toThrow(/^spec is at .+ and not at/u);
    const other = uuidv7();
    await append(other, 1, 'Wanted', slow);
    await committed(slow);
    await tail.caughtUp();
    expect(versions().flat()).toEqual([1, 1]);
    expect(batches.flat().map((event) => event.stream)).toEqual([other, stream]);
  });

  it('fetches the predecessor of a version that stands first in the log, and hands it over once', async () => {
    await appendTurnedRound(stream);
    const { rows } = await pool.query('SELECT version FROM events ORDER BY xid, position');
    expect(rows).toEqual([{ version: 2 }, { version: 1 }]);
    const { tail, versions } = await follow({ batch: 1 });
    await append(stream, 3);
    await tail.caughtUp();
    expect(versions()).toEqual([[1, 2], [3]]);
  });

  it('fetches several predecessors, of several transactions', async () => {
    const [first, second] = [await begun(), await begun()];
    for (const version of [1, 2, 3]) await append(stream, version);
    await append(stream, 4, 'Wanted', second);
    await committed(second);
    await append(stream, 5, 'Wanted', first);
    await committed(first);
    const { tail, versions } = await follow({ batch: 1 });
    await tail.caughtUp();
    expect(versions()).toEqual([[1, 2, 3, 4, 5]]);
  });

  it('remembers over a restart that a predecessor was handed over before its turn', async () => {
    await appendTurnedRound(stream);
    const [handed, stopping] = [signal(), signal()];
    const seen: number[] = [];
    const first = await follow({
      batch: 1,
      deliver: async (events) => {
        seen.push(...events.map(({ version }) => version));
        handed.give();
        await stopping.given;
      },
    });
    await handed.given;
    const stopped = first.tail.stop();
    stopping.give();
    await stopped;
    expect(seen).toEqual([1, 2]);

    const { tail, versions } = await follow({ batch: 1 });
    await append(stream, 3);
    await tail.caughtUp();
    expect(versions()).toEqual([[3]]);
  });

  it('never skips a hole in a stream: it waits and says so', async () => {
    await append(stream, 1);
    await append(stream, 3);
    await logAtRest(pool);
    const { tail, versions, errors } = await follow();
    await expect(tail.caughtUp(300)).rejects.toMatchObject({ cause: { message: expect.stringContaining('hole') } });
    expect(errors.length).toBeGreaterThan(0);
    await append(stream, 2);
    await tail.caughtUp();
    expect(versions().flat()).toEqual([1, 2, 3]);
  });
});

describe('the kinds of a tail', () => {
  it('are all it hands over, with their payloads, in order', async () => {
    const kinds = ['Wanted', 'Other', 'Other', 'Wanted', 'Other'];
    for (const [index, kind] of kinds.entries()) await append(stream, index + 1, kind);
    await logAtRest(pool);
    const { tail, batches } = await follow({ kinds: ['Wanted'], batch: 2 });
    await tail.caughtUp();
    expect(batches.map((batch) => batch.map(({ version, data }) => [version, data]))).toEqual([[[1, { n: 1 }]], [[4, { n: 1 }]]]);
  });

  it.each([
    [['Other', 'Wanted'], [[2]]],
    [['Wanted', 'Other'], [[1]]],
  ])('hold for predecessors too: %j', async (kinds, expected) => {
    await appendTurnedRound(stream, kinds);
    const { tail, versions } = await follow({ kinds: ['Wanted'], batch: 1 });
    await tail.caughtUp();
    expect(versions()).toEqual(expected);
  });
});

describe('a deliverer that fails', () => {
  it('gets the same events again before any later ones, and nothing is lost', async () => {
    for (const version of [1, 2, 3]) await append(stream, version);
    await logAtRest(pool);
    const handed: number[][] = [];
    const faults = [new Error('first'), new Error('second')];
    const { tail, errors } = await follow({
      batch: 2,
      deliver: async (events) => {
        handed.push(events.map(({ version }) => version));
        const fault = faults.shift();
        if (fault) throw fault;
      },
    });
    await tail.caughtUp();
    expect(handed).toEqual([[1, 2], [1, 2], [1, 2], [3]]);
    expect(errors).toEqual([new Error('first'), new Error('second')]);
  });

  it('takes the cursor back with its own transaction', async () => {
    await append(stream, 1);
    const cursors: string[] = [];
    const { tail, errors } = await follow({
      deliver: async (events, save) => {
        cursors.push((await pool.query<{ position: string }>('SELECT position FROM cursors')).rows[0]!.position);
        const client = await begun();
        await record(client, events);
        await save(client);
        if (cursors.length === 2) return committed(client);
        await rolledBack(client);
        throw new Error('rolled back');
      },
    });
    await tail.caughtUp();
    expect(cursors).toEqual(['0', '0']);
    expect(errors).toEqual([new Error('rolled back')]);
    expect(await effects()).toEqual([1]);
  });

  it('has its effect once when the commit went through and only its answer was lost', async () => {
    for (const version of [1, 2, 3]) await append(stream, version);
    let lost = false;
    const { tail } = await follow({
      batch: 1,
      deliver: async (events, save) => {
        const client = await begun();
        await record(client, events);
        await save(client);
        await committed(client);
        if (lost || events[0]?.version === 1) return;
        lost = true;
        throw new Error('Connection terminated');
      },
    });
    await tail.caughtUp();
    expect(await effects()).toEqual([1, 2, 3]);
  });

  it('has its effect once when a commit thought lost arrives after the next try has begun', async () => {
    await append(stream, 1);
    let abandoned: pg.PoolClient | undefined;
    const { tail, errors } = await follow({
      deliver: async (events, save) => {
        const client = await begun();
        await record(client, events);
        if (!abandoned) {
          await save(client);
          abandoned = client;
          throw new Error('Connection terminated');
        }
        const [saved] = await Promise.allSettled([save(client), committed(abandoned)]);
        if (saved.status === 'fulfilled') return committed(client);
        await rolledBack(client);
        throw saved.reason;
      },
    });
    await tail.caughtUp();
    expect(await effects()).toEqual([1]);
    expect(errors).toEqual([
      expect.objectContaining({ message: 'Connection terminated' }),
      expect.objectContaining({ message: expect.stringContaining('not where this process left it') }),
    ]);
  });
});

describe('a tail at rest', () => {
  it('is woken by a hint long before its poll', async () => {
    const handed = signal();
    const { tail } = await follow({ pollMs: 3_600_000, deliver: async () => handed.give() });
    await append(stream, 1);
    tail.wake();
    await handed.given;
    // The age goes back to 0 with the next look at the log, which finds nothing.
    do await tail.caughtUp();
    while (tail.ageMs > 0);
  });

  it('finds by its poll what nobody hinted at', async () => {
    const handed = signal();
    await follow({ pollMs: 5, deliver: async () => handed.give() });
    await append(stream, 1);
    await handed.given;
  });

  it('finishes the batch under way when it stops, and a successor goes on after it', async () => {
    await append(stream, 1);
    const [handed, finish] = [signal(), signal()];
    const { tail } = await follow({
      deliver: async () => {
        handed.give();
        await finish.given;
      },
    });
    await handed.given;
    const stopped = tail.stop();
    finish.give();
    await stopped;
    await append(stream, 2);
    const successor = await follow();
    await successor.tail.caughtUp();
    expect(successor.versions()).toEqual([[2]]);
  });
});
