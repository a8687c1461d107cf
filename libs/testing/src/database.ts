import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Name of the environment variable through which the workers learn the shared server's superuser address. */
export const ADMIN_URL = 'CONCORD_TEST_DATABASE_URL';

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
 * A fresh, empty database with a random name on the shared server of this test run, or on the server at `adminUrl`. Roles are not
 * per database: a spec that creates some gives them names of their own, or takes `startSecondServer()`.
 * @throws in unit specs: only int and e2e specs have a server.
 */
export async function testDatabase(adminUrl = process.env[ADMIN_URL]): Promise<TestDatabase> {
  if (!adminUrl) throw new Error(`testDatabase() works in *.int.spec.ts and *.e2e.spec.ts only: ${ADMIN_URL} is not set.`);
  const name = `test_${randomBytes(8).toString('hex')}`;
  // From template0: nobody is ever connected to it, which would make CREATE DATABASE fail. Copying files takes 10 ms, through the
  // log (the default) 25.
  await run(adminUrl, `create database ${name} template template0 strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(adminUrl, `drop database if exists ${name} with (force)`) };
}
