import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedBinaries } from './binaries.js';
import { chooseLaunch } from './launch.js';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'concord-launch-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('names DATABASE_URL when there is no package for the system', async () => {
  await expect(embeddedBinaries(dataDir, 'plan9-mips')).rejects.toThrow(/No embedded PostgreSQL for plan9-mips.*DATABASE_URL/u);
});

it('tells what was tried, and names DATABASE_URL, when nothing works', async () => {
  const binaries = { ...(await embeddedBinaries(dataDir)), postgres: '/nowhere/postgres' };
  await expect(chooseLaunch(binaries, dataDir)).rejects.toThrow(/cannot run here.*nowhere.*DATABASE_URL/su);
});

it('finds a way that works for this user', async () => {
  const launch = await chooseLaunch(await embeddedBinaries(dataDir), dataDir);
  expect(launch).toMatchObject({ major: 18, diesWithUs: process.platform === 'linux' });
});

it('falls back, in order, where the programs it would use are missing', async () => {
  const binaries = await embeddedBinaries(dataDir);
  const bare = { ...binaries, env: { ...binaries.env, PATH: '/nowhere' } };
  await expect(chooseLaunch(bare, dataDir, 0)).rejects.toThrow(/user namespace: .*as nobody: .*DATABASE_URL/su);
});
