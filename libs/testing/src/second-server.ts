import { startPostgres } from '@concord/platform/postgres';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian and Ubuntu put PostgreSQL 15, the oldest version Concord supports. */
const INSTALLED = '/usr/lib/postgresql/15/bin';

export interface SecondServer {
  /** Superuser connection, as one would put it into DATABASE_URL. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * A server beside the shared one, for specs that prove Concord works with a server it did not start, or that stop, kill or
 * reconfigure one. PostgreSQL 15 of this machine if there is one, else another embedded one. Its caller stops it.
 */
export async function startSecondServer(settings: Readonly<Record<string, string>> = {}): Promise<SecondServer> {
  const folder = await mkdtemp(join(tmpdir(), `concord-test-${process.pid}-`));
  const programs = { initdb: join(INSTALLED, 'initdb'), postgres: join(INSTALLED, 'postgres') };
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    noSync: true,
    settings,
    ...(existsSync(programs.postgres) && { programs }),
  });
  return {
    url: server.url,
    pid: server.pid,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
