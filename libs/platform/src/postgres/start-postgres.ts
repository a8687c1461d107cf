import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';
import { embeddedBinaries, installedBinaries, type Programs } from './binaries.js';
import { endSessionsLeft, refuseIfHeld, releaseFolder } from './holder.js';
import { clusterOf, initialise, prepareFolder } from './initialise.js';
import { chooseLaunch } from './launch.js';
import { choosePort, isFree, rememberPort } from './port.js';
import { identityOf } from './processes.js';
import { Server, ServerExited, type Exit, type ServerOptions } from './server.js';
import { asArguments, serverSettings } from './settings.js';

const STARTS_MAX = 40;
const RETRY_MS = 250;

export interface PostgresOptions {
  /** Holds everything of the server: `cluster/`, `superuser-password`, `port`. Created if missing. */
  readonly dataDir: string;
  /** A fixed loopback port. Without it: the last one while it is free, else any free one. */
  readonly port?: number;
  /** Do not flush a *new* database to disk when it is created. For tests only. */
  readonly noSync?: boolean;
  /** Run these (15 or newer) instead of the npm package's. */
  readonly programs?: Programs;
  /** Receives what the server says and what the supervisor does; one line each. */
  readonly log?: (line: string) => void;
  /** PostgreSQL settings that override ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** Superuser connection, password included: never log it. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server ends, whoever ended it. The application should stop when it did not ask for it. */
  readonly exited: Promise<Exit>;
  /** Fast shutdown, then harder; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** A server on that port that answers and is ours; stopped again when it is not. */
async function startOn(
  port: number,
  password: string,
  server: Omit<ServerOptions, 'args'>,
  settings: Record<string, string>,
): Promise<EmbeddedPostgres> {
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const started = await Server.spawn({
    ...server,
    args: ['-p', String(port), ...asArguments({ ...settings, 'concord.owner': identityOf(process.pid)! })],
  });
  try {
    await started.ready(url);
  } catch (error) {
    await started.stop();
    throw error;
  }
  return { url, port, pid: started.pid, exited: started.exited, stop: () => started.stop() };
}

async function portFor({ port }: PostgresOptions, dataDir: string): Promise<number> {
  if (port === undefined) return choosePort(dataDir);
  if (await isFree(port)) return port;
  throw new Error(
    `Port ${port} on 127.0.0.1 is taken by another program. Free it, choose another, or name none: then any free port is used.`,
  );
}

/** After kill -9 of a server its sessions may live on, and PostgreSQL does not start beside them. */
const sessionsLeft = (error: ServerExited): boolean => error.exit.stderrTail.includes('shared memory block');

/**
 * Starts Concord's own PostgreSQL on a data folder, creating the database at the first start. The server listens on the loopback
 * interface only, wants a password, and ends with this process (on Linux even when that is killed).
 *
 * @throws FolderInUse when another live process has a server on this folder; an error with the server's last words when it does
 *   not start; one that names DATABASE_URL when this machine or user cannot run it at all.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  // The kernel's death signal follows the thread that forked: from a worker it would come too early.
  if (!isMainThread) throw new Error('startPostgres() must be called on the main thread.');
  const log = options.log ?? (() => undefined);
  await prepareFolder(resolve(options.dataDir));
  const dataDir = await realpath(options.dataDir);
  const cluster = clusterOf(dataDir);
  await releaseFolder(dataDir, cluster, log);

  const binaries = options.programs ? installedBinaries(options.programs) : await embeddedBinaries(dataDir);
  const launch = await chooseLaunch(binaries, dataDir);
  const settings = serverSettings(options.settings ?? {}, launch.major);
  if (!launch.diesWithUs) log('no setpriv here: after kill -9 of this process PostgreSQL stays until the next start stops it');
  const password = await initialise(dataDir, binaries, launch, options.noSync ?? false);

  for (let attempt = 1; ; attempt++) {
    const port = await portFor(options, dataDir);
    try {
      const started = await startOn(port, password, { cluster, binaries, launch, log }, settings);
      await rememberPort(dataDir, port);
      return started;
    } catch (error) {
      await refuseIfHeld(dataDir, cluster); // two starts at once: PostgreSQL's own lock let the other one win
      if (!(error instanceof ServerExited) || attempt === STARTS_MAX) throw error;
      if (sessionsLeft(error)) {
        endSessionsLeft(cluster);
        await pause(RETRY_MS);
      } else if (await isFree(port)) {
        throw error;
      } // else somebody took the port after we had looked
    }
  }
}
