import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLineOf, identityOf, isTaken, lives, processesIn, signal, worksIn, type ProcessIdentity } from './processes.js';
import { until } from './until.js';

/** Which Concord a server belongs to is written on its command line: it cannot be lost, and ends when the server ends. */
const OWNER = /concord\.owner=(\d+\.\d+)/u;

/** The live server on a data folder. */
interface Holder {
  readonly identity: ProcessIdentity;
  readonly pid: number;
  readonly port: string;
  /** The Concord process that started it; undefined when somebody started it by hand. */
  readonly owner: ProcessIdentity | undefined;
}

/** Another live process uses this data folder. Two servers on one folder would destroy it, so we never touch the first. */
export class FolderInUse extends Error {
  constructor(dataDir: string, holder: Holder) {
    const by =
      holder.owner === undefined
        ? `a PostgreSQL server that Concord did not start (process ${holder.pid}, port ${holder.port})`
        : `a running Concord (process ${Number.parseInt(holder.owner, 10)}; its PostgreSQL is process ${holder.pid} on port ${holder.port})`;
    super(
      `The data folder ${dataDir} is in use by ${by}. Stop that one first, or give this one another data folder (CONCORD_DATA_DIR).`,
    );
    this.name = 'FolderInUse';
  }
}

async function readHolder(cluster: string): Promise<Holder | undefined> {
  const file = join(cluster, 'postmaster.pid');
  const [first, , , port] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Math.abs(Number(first));
  if (!Number.isInteger(pid) || pid === 0) return undefined;
  const identity = identityOf(pid);
  if (identity !== undefined && worksIn(pid, cluster)) {
    return { identity, pid, port: port ?? '?', owner: OWNER.exec(commandLineOf(pid))?.[1] };
  }
  // The server died without removing the file. PostgreSQL sees that by itself unless the number is taken again (common after a
  // container restart) or its zombie was never reaped: then it would refuse for ever, so the file goes.
  if (isTaken(pid)) await rm(file, { force: true });
  return undefined;
}

/** A server on this folder whose Concord has died, if any. @throws FolderInUse when one belongs to somebody alive. */
async function orphanOn(dataDir: string, cluster: string): Promise<Holder | undefined> {
  const holder = await readHolder(cluster);
  if (holder !== undefined && (holder.owner === undefined || lives(holder.owner))) throw new FolderInUse(dataDir, holder);
  return holder;
}

/** @throws FolderInUse when a live Concord, or a server nobody of ours started, has this folder. */
export async function refuseIfHeld(dataDir: string, cluster: string): Promise<void> {
  await orphanOn(dataDir, cluster);
}

/**
 * Ends the sessions of a server that was killed: until they notice (a long computation does not look), PostgreSQL rightly refuses
 * to start. Only what PostgreSQL itself names as its session is touched, not a shell that happens to be in the folder.
 */
export function endSessionsLeft(cluster: string): void {
  for (const pid of processesIn(cluster)) if (commandLineOf(pid).startsWith('postgres: ')) signal(pid, 'SIGQUIT');
}

/**
 * Makes sure that no server runs on this folder. One whose Concord has died is stopped, not adopted: ours then has our settings
 * and ends with us. On Linux the kernel has told it to stop already, and this only waits.
 * @throws FolderInUse when it belongs to somebody alive.
 */
export async function releaseFolder(dataDir: string, cluster: string, log: (line: string) => void): Promise<void> {
  const orphan = await orphanOn(dataDir, cluster);
  if (orphan === undefined) return;
  log(`stopping PostgreSQL process ${orphan.pid}: the Concord that started it is gone`);
  for (const [name, waitMsMax] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    signal(orphan.pid, name);
    if (await until(waitMsMax, () => !lives(orphan.identity))) return;
  }
  throw new Error(`PostgreSQL process ${orphan.pid} on ${dataDir} does not end, not even by SIGKILL. End it, then start again.`);
}
