import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Two levels of folders, so that none gets large. */
const pathOf = (filesDir: string, sha256: string): string => join(filesDir, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

/**
 * Keeps bytes under their hash. Written beside, flushed to disk and then renamed: a file that is there is whole, and writing it
 * twice does no harm. What is stored but never recorded in the log is harmless and cannot be read.
 */
export async function keepFile(filesDir: string, sha256: string, bytes: Uint8Array): Promise<void> {
  const path = pathOf(filesDir, sha256);
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID()}`;
  try {
    const file = await open(beside, 'wx', 0o640);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await flushFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The new name has to survive a power cut too. Windows cannot open a folder; there the rename itself is durable enough. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The bytes kept under a hash. Throws when they are not there: the log says they must be. */
export const fetchFile = (filesDir: string, sha256: string): Promise<Uint8Array> => readFile(pathOf(filesDir, sha256));
