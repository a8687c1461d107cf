import { startPostgres } from '@concord/platform/postgres';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVERS } from './database.js';

const FOLDER = /^concord-test-(\d+)-/u;

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ctrl-C ends jest without its teardown: what such runs left is removed by the next. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = FOLDER.exec(name)?.[1];
    // Another user's folder is not ours to remove, and no reason to fail.
    if (pid !== undefined && !lives(Number(pid)))
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * Before the first int or e2e spec of a run: a server for each Jest worker, in a temporary folder, or for all the one DATABASE_URL names.
 * Specs reach it through `testDatabase()`. Resolves with the teardown.
 *
 * These servers run without fsync and full page images: their data need not outlive a power cut, and what specs prove about kill
 * -9 does not depend on them. `synchronous_commit` stays on, so that commits follow the same path as in production.
 */
export default async function setUp({ maxWorkers }: { maxWorkers: number }): Promise<() => Promise<void>> {
  const given = process.env['DATABASE_URL'];
  if (given) {
    process.env[SERVERS] = given;
    return async () => void delete process.env[SERVERS];
  }
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), `concord-test-${process.pid}-`));
  const servers = await Promise.all(
    Array.from({ length: maxWorkers }, (_, n) =>
      startPostgres({
        dataDir: join(folder, `postgres-${n + 1}`),
        noSync: true,
        settings: { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
      }),
    ),
  );
  process.env[SERVERS] = servers.map(({ url }) => url).join(' ');
  return async () => {
    delete process.env[SERVERS];
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
}
