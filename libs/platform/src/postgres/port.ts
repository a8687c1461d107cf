import { randomInt } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/**
 * Below the ports that systems give to outgoing connections (Linux: from 32768). One of those could hold ours while the server starts
 * again after a crash: that of a client waiting for this very server, even, connected to itself.
 */
const [LOWEST, HIGHEST] = [20_000, 32_767];
const TRIES_MAX = 200;

const remembered = (dataDir: string): string => join(dataDir, 'port');

/** Listens for a moment to find out. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The port this data folder had last time while it is free, so that a saved connection keeps working; else any free loopback port. */
export async function choosePort(dataDir: string): Promise<number> {
  const last = Number(await readFile(remembered(dataDir), 'utf8').catch(() => '0'));
  if (Number.isInteger(last) && last >= LOWEST && last <= HIGHEST && (await isFree(last))) return last;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`No loopback port from ${LOWEST} to ${HIGHEST} is free.`);
}

export async function rememberPort(dataDir: string, port: number): Promise<void> {
  const draft = `${remembered(dataDir)}.${process.pid}`;
  await writeFile(draft, `${port}\n`);
  await rename(draft, remembered(dataDir));
}
