import pg from 'pg';
import { testDatabase, testServer } from './database.js';
import { startSecondServer } from './second-server.js';

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  it('is empty, its own, and may be used as superuser', async () => {
    const [first, second] = await Promise.all([testDatabase(), testDatabase()]);
    await ask(first.url, 'create table only_here (id int); create extension pg_trgm');
    expect(await ask(second.url, "select to_regclass('only_here') as it")).toEqual([{ it: null }]);
    expect(await ask(second.url, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([{ rolsuper: true }]);
    await Promise.all([first.drop(), second.drop()]);
  });

  it('is dropped with sessions open, and dropping twice is no error', async () => {
    const database = await testDatabase();
    const session = new pg.Client({ connectionString: database.url });
    const ended = new Promise<string | undefined>((resolve) =>
      session.on('error', (error: Error & { code?: string }) => resolve(error.code)),
    );
    await session.connect();
    await database.drop();
    await database.drop();
    expect(await ended).toBe('57P01');
    await expect(ask(database.url, 'select 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('is there for many at once', async () => {
    const databases = await Promise.all(Array.from({ length: 8 }, () => testDatabase()));
    expect(new Set(databases.map(({ url }) => url)).size).toBe(8);
    await Promise.all(databases.map(({ drop }) => drop()));
  });
});

describe('a second server', () => {
  it('is another one, durable unless asked otherwise, and carries test databases', async () => {
    const server = await startSecondServer({ work_mem: '7MB' });
    const database = await testDatabase(server.url);
    const [row] = await ask(
      database.url,
      "select current_setting('fsync') fsync, current_setting('work_mem') memory, version() as version",
    );
    expect(row).toMatchObject({ fsync: 'on', memory: '7MB', version: expect.stringMatching(/^PostgreSQL 1[58]\./u) });
    await server.stop();
    await expect(ask(server.url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(server.url).not.toBe(testServer());
  });
});
