// `node dist/standalone/backup.js back-up|restore <folder>`, which `concord backup` and `concord restore` call. Needs no running
// server: it works on the database of DATABASE_URL, or on the embedded one of CONCORD_DATA_DIR.
import { BadBackup, BadConfiguration, backUp, openDatabase, readConfiguration, restore, VERSION } from '@concord/platform';
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { servicesOf } from './compose.js';
import { holdDatabase } from './held-database.js';
import { accessesFor, contextNames, OperatorSettings } from './operator-settings.js';

const USAGE = 'Usage: node dist/standalone/backup.js back-up|restore <folder>\n';
const FILES = 'files';

const note = (text: string): void => void process.stderr.write(`${text}\n`);
const progress = (table: string, rows: number): void =>
  void (process.stderr.isTTY && process.stderr.write(`\r\u001b[K${table}: ${rows.toLocaleString('en-US')} rows`));

async function run(command: string, folder: string, settings: OperatorSettings): Promise<void> {
  const files = resolve(settings.CONCORD_FILES_DIR ?? join(settings.CONCORD_DATA_DIR, FILES));
  const { url, release } = await holdDatabase(settings, command === 'back-up');
  try {
    if (command === 'back-up') await backUpAll(url, folder, files);
    else await restoreAll(url, folder, files, settings);
  } finally {
    await release();
  }
}

async function backUpAll(url: string, folder: string, files: string): Promise<void> {
  const manifest = await backUp({
    url,
    contexts: contextNames(),
    folder,
    version: VERSION,
    progress,
    // Evidence is written once under its hash and before the row that names it, so a copy made after the snapshot has all of it.
    also: async (target) => {
      if (existsSync(files)) await cp(files, join(target, FILES), { recursive: true });
    },
  });
  const events = Object.values(manifest.contexts).reduce((sum, { tables }) => sum + (tables['events']?.rows ?? 0), 0);
  process.stdout.write(`${JSON.stringify({ folder: resolve(folder), at: manifest.at, events })}\n`);
}

async function restoreAll(url: string, folder: string, files: string, settings: OperatorSettings): Promise<void> {
  const accesses = await accessesFor(url, settings);
  const databases = new Map<string, Awaited<ReturnType<typeof openDatabase>>>();
  try {
    for (const service of servicesOf(''))
      databases.set(service.name, await openDatabase(service, { ...accesses.get(service.name)!, connections: 2 }));
    const manifest = await restore({ folder, databases, progress });
    await mkdir(files, { recursive: true });
    if (existsSync(join(folder, FILES))) await cp(join(folder, FILES), files, { recursive: true });
    process.stdout.write(`${JSON.stringify({ folder: resolve(folder), at: manifest.at, version: manifest.version })}\n`);
  } finally {
    for (const database of databases.values()) await database.close();
  }
}

const [command = '', folder] = process.argv.slice(2);
try {
  if (!['back-up', 'restore'].includes(command) || folder === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
  } else await run(command, folder, readConfiguration(OperatorSettings));
} catch (error) {
  const known = error instanceof BadBackup || error instanceof BadConfiguration;
  note(
    known
      ? error.message
      : error instanceof Error
        ? `${error.message}${error.cause ? ` (${String(error.cause)})` : ''}`
        : String(error),
  );
  process.exitCode = error instanceof BadConfiguration ? 2 : 1;
}
