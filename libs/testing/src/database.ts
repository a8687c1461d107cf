import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Name of the environment variable through which the workers learn the servers of this run: superuser addresses, a space between. */
export const SERVERS = 'CONCORD_TEST_DATABASE_URLS';

/**
 * Superuser address of the server of this Jest worker. Each worker has its own: a transaction that a spec holds open hides newer events
 * from the tails in every database of its server, so that specs side by side on one server would wait for each other.
 * @throws in unit specs: only int and e2e specs have a server.
 */
export function testServer(): string {
  const urls = process.env[SERVERS]?.split(' ') ?? [];
  const url = urls[(Number(process.env['JEST_WORKER_ID'] ?? 1) - 1) % urls.length];
  if (!url) throw new Error(`There is a database in *.int.spec.ts and *.e2e.spec.ts only: ${SERVERS} is not set.`);
  return url;
}

export interface TestDatabase {
  /** Superuser connection to a database of its own. */
  readonly url: string;
  /** Ends its sessions and removes it. */
  drop(): Promise<void>;
}

async function run(adminUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * A fresh, empty database with a random name on `testServer()`, or on the server at `adminUrl`. Roles are not per database: a spec
 * that creates some gives them names of their own, or takes `startSecondServer()`.
 */
export async function testDatabase(adminUrl = testServer()): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  // From template0: nobody is ever connected to it, which would make CREATE DATABASE fail. Copying files takes 10 ms, through the
  // log (the default) 25.
  await run(adminUrl, `create database ${name} template template0 strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(adminUrl, `drop database if exists ${name} with (force)`) };
}
