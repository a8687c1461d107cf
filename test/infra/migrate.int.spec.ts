import { testDatabase } from '@concord/testing';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';

// The job that runs before the services, as compose.yaml and the chart start it: secrets are files, each context has a role of its own.

const ROOT = resolve(import.meta.dirname, '../..');
const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'];

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'concord-migrate-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** The address of a context’s own role. */
function ownAddress(context: string): string {
  const url = new URL(database.url);
  url.username = `${url.pathname.slice(1)}_${context}`;
  url.password = `secret-of-${context}`;
  return url.href;
}

function migrate(change: Readonly<Record<string, string | undefined>> = {}): Promise<{ code: number; out: string }> {
  const addresses = {
    DATABASE_URL: database.url,
    ...Object.fromEntries(CONTEXTS.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, ownAddress(name)])),
  };
  const own = mkdtempSync(join(folder, 'run-'));
  const files = Object.entries({ ...addresses, ...change }).flatMap(([name, value]) => {
    if (value === undefined) return [];
    writeFileSync(join(own, name), `${value}\n`);
    return [[`${name}_FILE`, join(own, name)]];
  });
  const env = { PATH: process.env['PATH'], ...(Object.fromEntries(files) as Record<string, string>) };
  return new Promise((done) => {
    execFile(process.execPath, ['dist/standalone/migrate.js'], { cwd: ROOT, env, encoding: 'utf8' }, (error, out, faults) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out: out + faults }),
    );
  });
}

const as = async <T>(context: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client({ connectionString: ownAddress(context) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

describe('the migration job', () => {
  it('makes every schema for its own role, again and at once without harm', async () => {
    const runs = await Promise.all([migrate(), migrate()]);
    expect(runs.map(({ code }) => code)).toEqual([0, 0]);
    expect((await migrate()).code).toBe(0);
    for (const context of CONTEXTS) {
      const { rows } = await as(context, (client) =>
        client.query('SELECT current_schema() AS schema, count(*)::int AS events FROM events'),
      );
      expect(rows).toEqual([{ schema: context, events: 0 }]);
    }
    await expect(as('pledges', (client) => client.query('SELECT * FROM directory.events'))).rejects.toThrow(
      /permission denied for schema directory/u,
    );
  });

  it('says what is wrong with its settings, and shows no password', async () => {
    const faults: readonly (readonly [Readonly<Record<string, string | undefined>>, string])[] = [
      [{ PLEDGES_DATABASE_URL: undefined }, 'missing: PLEDGES_DATABASE_URL'],
      [{ PLEDGES_DATABASE_URL: ownAddress('gateway') }, 'PLEDGES_DATABASE_URL must name the role'],
      [{ DATABASE_URL: undefined }, 'DATABASE_URL is needed'],
      [{ DATABASE_URL: 'mysql://root:hidden@host/x' }, 'DATABASE_URL'],
    ];
    const runs = await Promise.all(faults.map(async ([change, words]) => ({ words, ...(await migrate(change)) })));
    for (const { words, code, out } of runs) {
      expect({ words, code }).toEqual({ words, code: 2 });
      expect(out).toContain(words);
      expect(out).not.toMatch(/secret-of|hidden/u);
    }
  });

  it('fails where the database cannot be reached', async () => {
    const nowhere = new URL(database.url);
    nowhere.port = '1';
    const change = Object.fromEntries([
      ['DATABASE_URL', nowhere.href],
      ...CONTEXTS.map((name) => [`${name.toUpperCase()}_DATABASE_URL`, undefined]),
    ]) as Record<string, string | undefined>;
    const { code, out } = await migrate(change);
    expect(code).toBe(1);
    expect(out).toContain('ECONNREFUSED');
    expect(out).not.toContain(nowhere.password);
  });
});
