import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const remembered = (dataDir: string): string => join(dataDir, 'port');

/** Listens for a moment; resolves with the port (0 asks for any free one), or undefined when it is taken. */
function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}

export const isFree = async (port: number): Promise<boolean> => (await tryListen(port)) !== undefined;

/** The port this data folder had last time while it is free, so that a saved connection keeps working; else any free loopback port. */
export async function choosePort(dataDir: string): Promise<number> {
  const last = Number(await readFile(remembered(dataDir), 'utf8').catch(() => '0'));
  if (Number.isInteger(last) && last > 0 && last < 65_536 && (await isFree(last))) return last;
  const port = await tryListen(0);
  if (port === undefined) throw new Error('No loopback port is free.');
  return port;
}

export async function rememberPort(dataDir: string, port: number): Promise<void> {
  const draft = `${remembered(dataDir)}.${process.pid}`;
  await writeFile(draft, `${port}\n`);
  await rename(draft, remembered(dataDir));
}
