import { createClient } from '@concord/client';
import { SHARED_PASSWORD } from '@concord/story';
import { startSecondServer, testDatabase, type SecondServer, type TestDatabase } from '@concord/testing';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Standalone } from './standalone.js';

// The product on a PostgreSQL that somebody else runs: the oldest version that is supported, where this machine has it.

const REGISTRAR = { email: 'registrar@concord.example', password: SHARED_PASSWORD };

let server: SecondServer;
let database: TestDatabase;
let dataDir: string;
let app: Standalone | undefined;

beforeAll(async () => {
  server = await startSecondServer();
  database = await testDatabase(server.url);
  dataDir = await mkdtemp(join(tmpdir(), 'concord-existing-'));
}, 60_000);

afterEach(async () => {
  await app?.interrupt();
  app = undefined;
});

afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const needs = async (url: string): Promise<unknown> => (await createClient({ baseUrl: url }).get('/needs')).body;

describe('standalone with DATABASE_URL', () => {
  it('seeds, keeps its data over a restart, verifies clean, and starts no database of its own', async () => {
    app = await Standalone.start(dataDir, { DATABASE_URL: database.url });
    const before = await needs(app.url);
    expect(before).toMatchObject({ items: [{ status: expect.any(String) as string }] });
    expect(app.announcement).toContain('your PostgreSQL');
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    expect(await app.interrupt()).toBe(0);

    app = await Standalone.start(dataDir, { DATABASE_URL: database.url });
    expect(await needs(app.url)).toEqual(before);
    const anonymous = createClient({ baseUrl: app.url });
    const { body } = await anonymous.post<{ accessToken: string }>('/sessions', { body: REGISTRAR });
    const registrar = anonymous.as({ token: body.accessToken });
    for (const context of ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway']) {
      expect((await registrar.post(`/operations/${context}/verification`, { body: {} })).body).toMatchObject({ ok: true, context });
    }
  });

  it('keeps contexts apart: the role of one cannot read the schema of another', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows } = await client.query<{ role: string; schema: string; may: boolean }>(
        `SELECT r.rolname AS role, n.nspname AS schema, has_schema_privilege(r.oid, n.oid, 'USAGE') AS may
           FROM pg_roles r, pg_namespace n
          WHERE r.rolname LIKE current_database() || '\\_%' AND n.nspname IN ('directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway')`,
      );
      expect(rows).toHaveLength(36);
      for (const { role, schema, may } of rows)
        expect(`${role} ${schema} ${may}`).toBe(`${role} ${schema} ${role.endsWith(`_${schema}`)}`);
    } finally {
      await client.end();
    }
  });

  it('says which right is missing, and not the password, when its role may not create roles', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const url = new URL(database.url);
    try {
      await client.query(`CREATE ROLE modest LOGIN PASSWORD 'not to be shown'`);
      await client.query(`GRANT CREATE ON DATABASE ${url.pathname.slice(1)} TO modest`);
    } finally {
      await client.end();
    }
    [url.username, url.password] = ['modest', 'not to be shown'];
    const failed = Standalone.start(dataDir, { DATABASE_URL: url.href });
    await expect(failed).rejects.toThrow(/ended with 1 .*create roles/isu);
    await expect(failed).rejects.not.toThrow(/not to be shown|not%20to%20be%20shown/u);
  });

  it('names the address, and not the password, when nothing answers there', async () => {
    const failed = Standalone.start(dataDir, { DATABASE_URL: 'postgres://somebody:hush@127.0.0.1:1/concord' });
    await expect(failed).rejects.toThrow(/ended with 1 .*127\.0\.0\.1:1/isu);
    await expect(failed).rejects.not.toThrow(/hush/u);
  });
});
