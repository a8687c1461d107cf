import { testDatabase, type TestDatabase } from '@concord/testing';
import pg from 'pg';
import { problem } from '../edge/problem.js';
import { ContextDatabase } from './context-database.js';

let testing: TestDatabase;
let database: ContextDatabase;
let admin: pg.Client;
beforeEach(async () => {
  testing = await testDatabase();
  database = await ContextDatabase.open({ url: testing.url, schema: 'public' }, { core: [], own: [] });
  admin = new pg.Client({ connectionString: testing.url });
  await admin.connect();
});
afterEach(async () => {
  await admin.end();
  await database.close();
  await testing.drop();
});

/** What PostgreSQL does to a session when its server dies. */
const end = (pid: number) => admin.query('SELECT pg_terminate_backend($1, 5000)', [pid]);

it('outlives its server in the middle of a transaction, and goes on with the next', async () => {
  const cut = database.transaction(async (db) => {
    const [row] = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    // Nothing is under way that could be told: the client says it as an event.
    await end(row!.pid);
    await db.query('SELECT 1');
  });
  await expect(cut).rejects.toThrow(/terminat|not queryable/iu);
  expect(await database.transaction((db) => db.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
});

it('says 503 and when to come back, to whom it could not answer', async () => {
  const asked = database.query('SELECT pg_backend_pid(), pg_sleep(30)');
  const { rows } = await admin.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  const ended = Promise.all(rows.map(({ pid }) => end(pid)));
  const error = await asked.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  await ended;
  const { status, headers } = problem(error, 'correlation');
  expect([status, headers['retry-after']]).toEqual([503, '1']);
});
