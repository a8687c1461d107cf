import { startPostgres } from '@concord/platform';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { OperatorSettings } from './operator-settings.js';

/** A database, and how to leave it. */
export interface Held {
  readonly url: string;
  release(): Promise<void>;
}

/**
 * The database of `DATABASE_URL`, or the embedded one of the data folder: that of a running Concord when it may be shared, or one started for
 * this while. Throws when there is none, or when it is in use and may not be shared.
 */
export async function holdDatabase(settings: OperatorSettings, mayShare: boolean): Promise<Held> {
  if (settings.DATABASE_URL) return { url: settings.DATABASE_URL, release: async () => undefined };
  const folder = resolve(settings.CONCORD_DATA_DIR, 'postgres');
  if (!existsSync(join(folder, 'cluster')) && mayShare)
    throw new Error(`There is no database in ${folder}. Set CONCORD_DATA_DIR or DATABASE_URL.`);
  try {
    const server = await startPostgres({ dataDir: folder });
    return { url: server.url, release: () => server.stop() };
  } catch (error) {
    if (!mayShare || (error as Error).name !== 'FolderInUse') throw error;
    const [password, port] = await Promise.all(['superuser-password', 'port'].map((file) => readFile(join(folder, file), 'utf8')));
    return { url: `postgresql://postgres:${password!.trim()}@127.0.0.1:${port!.trim()}/postgres`, release: async () => undefined };
  }
}
