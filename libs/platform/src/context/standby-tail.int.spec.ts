import { logAtRest, signal, testDatabase, type TestDatabase } from '@concord/testing';
import pg from 'pg';
import { uuidv7 } from '../clock.js';
import { coreTables } from '../log/core-tables.js';
import { StandbyTail } from './standby-tail.js';

let database: TestDatabase;
let pool: pg.Pool;
const tails: StandbyTail[] = [];

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query(coreTables.sql);
});
beforeEach(() => pool.query('TRUNCATE events, cursors'));
afterEach(() => Promise.all(tails.splice(0).map((tail) => tail.stop())));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const append = async (): Promise<string> => {
  const stream = uuidv7();
  await pool.query(
    `INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
     VALUES ($1, 1, 'Told', 1, 0, '{}', '{"at": "2026-01-01T00:00:00.000Z", "correlation": "c"}', '')`,
    [stream],
  );
  await logAtRest(pool);
  return stream;
};

/** A process of the context with what it was handed. */
async function follow() {
  const handed: string[] = [];
  const errors: unknown[] = [];
  const first = signal();
  const tail = new StandbyTail(
    {
      pool,
      name: 'spec',
      batch: 10,
      pollMs: 50,
      deliver: async (rows) => {
        handed.push(...rows.map(({ stream }) => stream));
        first.give();
      },
      failed: (error) => void errors.push(error),
    },
    50,
  );
  tails.push(tail);
  await tail.start();
  return { tail, handed, errors, first: first.given };
}

describe('a tail that several processes start', () => {
  it('is moved by the one started last, and by another when that one is gone', async () => {
    const older = await follow();
    const one = await append();
    await older.tail.caughtUp();
    const newer = await follow();
    const two = await append();
    await newer.tail.caughtUp();
    // The older one learns that it was fenced when it next has something to save.
    await older.tail.caughtUp();
    expect(newer.handed).toEqual([two]);
    expect(older.tail.ageMs).toBeLessThan(30_000);
    await newer.tail.stop();
    const three = await append();
    await older.tail.caughtUp();
    expect(older.handed.at(-1)).toBe(three);
    expect(older.handed[0]).toBe(one);
  }, 30_000);

  it('knows from the cursor alone that another process has delivered everything', async () => {
    const older = await follow();
    await follow();
    await append();
    await older.tail.caughtUp();
    await append();
    await older.tail.caughtUp();
    expect(older.tail.ageMs).toBeLessThan(1_000);
  }, 30_000);
});
