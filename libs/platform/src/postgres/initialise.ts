import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  access,
  chmod,
  chown,
  constants,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { USE_YOUR_OWN, type Binaries } from './binaries.js';
import { command, type Launch } from './launch.js';
import { identityOf, lives } from './processes.js';

const run = promisify(execFile);
const UNFINISHED = /^initialising-(\d+\.\d+)-/u;

/** PostgreSQL's own folder in ours. */
export const clusterOf = (dataDir: string): string => join(dataDir, 'cluster');

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/**
 * The superuser's password: made once per data folder, mode 0600, never in a log. Written aside and linked into place, so that
 * two first starts at once agree on one. It stays when initialising fails; the next attempt uses it.
 */
async function password(dataDir: string): Promise<string> {
  const file = join(dataDir, 'superuser-password');
  if (!existsSync(file)) {
    if (existsSync(clusterOf(dataDir))) {
      throw new Error(
        `${file} is missing, and without it nobody can sign in to the database in ${dataDir}. Restore the file from your backup.`,
      );
    }
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    await rm(draft);
  }
  return (await readFile(file, 'utf8')).trim();
}

/** Removes what first starts left that were killed halfway. */
async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    const maker = UNFINISHED.exec(name)?.[1];
    if (maker !== undefined && !lives(maker)) await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Gives the folder and all it holds to the user the server runs as, when they changed (a container image, a new machine). */
async function giveTo(uid: number, folder: string): Promise<void> {
  if ((await lstat(folder)).uid === uid) return;
  if (process.getuid?.() !== 0)
    throw new Error(`${folder} belongs to another user. Run Concord as that user, or as root. ${USE_YOUR_OWN}`);
  await chown(folder, uid, uid);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chown(join(entry.parentPath, entry.name), uid, uid);
  }
}

/**
 * C.UTF-8 from PostgreSQL's builtin provider sorts alike on every system, so indexes survive a move to another one. Before 17 there
 * is none; the C library's C.UTF-8 comes nearest.
 */
const localeArguments = (major: number): string[] =>
  major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C.UTF-8'];

/**
 * Makes the database in a folder aside and renames it into place: what carries the name `cluster` is complete, whenever we are
 * killed.
 */
async function create(dataDir: string, binaries: Binaries, launch: Launch, secret: string, noSync: boolean): Promise<void> {
  const aside = join(dataDir, `initialising-${identityOf(process.pid)}-${randomBytes(4).toString('hex')}`);
  await mkdir(aside, { mode: 0o700 });
  try {
    const passwordFile = join(aside, 'password');
    await writeFile(passwordFile, secret, { mode: 0o600 });
    await giveTo(launch.uid, aside);
    const [file, args] = command(launch, binaries.initdb, [
      ...['-D', join(aside, 'cluster'), '-U', 'postgres', '-E', 'UTF8', ...localeArguments(launch.major)],
      ...['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-instructions', ...(noSync ? ['--no-sync'] : [])],
    ]);
    await run(file, args, { env: binaries.env, cwd: aside }).catch((cause: Error & { stderr?: string }) => {
      throw new Error(`initdb could not create the database in ${dataDir}:\n${(cause.stderr ?? cause.message).trim()}`, { cause });
    });
    await rename(join(aside, 'cluster'), clusterOf(dataDir)).catch((error: NodeJS.ErrnoException) => {
      // Another first start was faster; its database has the same password.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    if (!noSync) await syncFolder(dataDir);
  } finally {
    await rm(aside, { recursive: true, force: true, maxRetries: 10 });
  }
}

/**
 * Makes sure the folder itself is there and can be entered by the user the server runs as (it holds one 0700 folder and one 0600
 * file).
 * @throws when this user may not write there.
 */
export async function prepareFolder(dataDir: string): Promise<void> {
  try {
    if ((await mkdir(dataDir, { recursive: true, mode: 0o755 })) !== undefined) await chmod(dataDir, 0o755);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Error(
      `The data folder ${dataDir} cannot be used: ${(cause as Error).message}. Give it to this user, or choose another.`,
      {
        cause,
      },
    );
  }
}

/**
 * Creates the database unless it is there; resolves with the superuser's password.
 * @throws when the folder holds something else, another major version, or a database without its password file. Nothing is ever
 *   deleted but what a killed first start left.
 */
export async function initialise(dataDir: string, binaries: Binaries, launch: Launch, noSync: boolean): Promise<string> {
  const cluster = clusterOf(dataDir);
  const secret = await password(dataDir);
  await removeUnfinished(dataDir);
  if (!existsSync(cluster) || (await readdir(cluster)).length === 0) await create(dataDir, binaries, launch, secret, noSync);
  await giveTo(launch.uid, cluster);
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === '') {
    throw new Error(`${cluster} is not a PostgreSQL data folder, and Concord does not delete it. Move it away, then start again.`);
  }
  if (Number(version) !== launch.major) {
    throw new Error(
      `The data in ${dataDir} was written by PostgreSQL ${version}; this Concord brings ${launch.major}. ` +
        `Export it with the Concord that wrote it and import it here. ${USE_YOUR_OWN}`,
    );
  }
  return secret;
}
