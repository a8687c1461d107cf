import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Standalone } from '../e2e/standalone.js';

// The operators' drill with the programs an operator has: back up a running Concord, lose it, restore elsewhere, verify.

const ROOT = resolve(import.meta.dirname, '../..');
// Several starts of the whole product, one of which plays half of the story.
import.meta.jest.setTimeout(300_000);

let folder: string;
const running: Standalone[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-drill-'));
});
afterAll(async () => {
  for (const app of running) await app.interrupt();
  await rm(folder, { recursive: true, force: true });
});

/** Runs `concord` on a data folder; resolves to how it ended and what it said. */
const concord = (dataDir: string, ...args: readonly string[]): Promise<{ code: number; out: string; faults: string }> =>
  new Promise((done) => {
    const env = { ...process.env, NODE_OPTIONS: '', CONCORD_DATA_DIR: dataDir, DATABASE_URL: '' };
    execFile(process.execPath, ['apps/cli/bin/concord.mjs', ...args], { cwd: ROOT, env, encoding: 'utf8' }, (error, out, faults) =>
      done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, faults }),
    );
  });

async function started(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<Standalone> {
  const app = await Standalone.start(dataDir, settings);
  running.push(app);
  return app;
}

/** State hash by context; fails the spec where anything differs. */
async function verified(url: string): Promise<Record<string, string>> {
  const { code, out, faults } = await concord(folder, 'verify', '--api', url, '--json');
  expect({ code, faults }).toEqual({ code: 0, faults: '' });
  const { reports } = JSON.parse(out) as { reports: readonly { context: string; hash: string }[] };
  return Object.fromEntries(reports.map(({ context, hash }) => [context, hash]));
}

describe('the drill', () => {
  it('brings back everything that stood in a backup made while the platform ran', async () => {
    const [first, second, backup] = [join(folder, 'first'), join(folder, 'second'), join(folder, 'backup')];
    const app = await started(first);
    const made = await concord(first, 'backup', backup);
    expect({ code: made.code, faults: made.faults }).toEqual({ code: 0, faults: '' });
    expect((JSON.parse(made.out) as { events: number }).events).toBeGreaterThan(50);
    const before = await verified(app.url);
    expect(await concord(first, 'restore', backup)).toMatchObject({
      code: 1,
      faults: expect.stringContaining('in use by a running Concord'),
    });
    await app.interrupt();

    expect(await concord(first, 'restore', backup)).toMatchObject({ code: 1, faults: expect.stringContaining('not empty') });
    const restored = await concord(second, 'restore', backup);
    expect({ code: restored.code, faults: restored.faults }).toEqual({ code: 0, faults: '' });
    if (existsSync(join(first, 'files')))
      expect((await readdir(join(second, 'files'), { recursive: true })).sort()).toEqual(
        (await readdir(join(first, 'files'), { recursive: true })).sort(),
      );
    const again = await started(second);
    expect(await verified(again.url)).toEqual(before);
    await again.interrupt();
    expect(JSON.parse(await readFile(join(backup, 'manifest.json'), 'utf8'))).toMatchObject({
      manifest: { format: 'concord-backup/1' },
    });
  });

  it('says what is wrong, and leaves nothing behind', async () => {
    const nowhere = join(folder, 'nowhere');
    expect(await concord(nowhere, 'backup', join(folder, 'none'))).toMatchObject({
      code: 1,
      faults: expect.stringContaining('There is no database'),
    });
    expect(await concord(nowhere, 'backup')).toMatchObject({ code: 2 });
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });
});
