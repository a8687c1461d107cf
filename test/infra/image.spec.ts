import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { contextRules, makeContext } from './build-context.js';
import { SERVICES } from './settings.js';

// The image is built from less than a checkout has. Nobody needs a Docker engine to see whether that is enough.

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

describe('the build of the image', () => {
  it('has all that it needs in its context', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'concord-image-'));
    try {
      makeContext(root, folder);
      const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
      await run(process.execPath, ['infra/scripts/build.mjs'], { cwd: folder, env });
      const made = [...SERVICES, 'standalone'].map((app) => `dist/${app}/main.js`);
      const missing = [...made, 'dist/standalone/migrate.js', 'apps/web/build/server/index.js', 'apps/cli/dist/main.js'];
      expect(missing.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
      expect(existsSync(join(folder, 'test'))).toBe(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('has no specs, secrets or results of other builds in it', () => {
    const { allowed, excludes } = contextRules('*\n!apps\n!package.json\n**/dist\n**/*.spec.ts\n**/.env.*\n');
    expect(allowed).toEqual(['apps', 'package.json']);
    expect(['apps/x/dist', 'apps/x/a.spec.ts', 'apps/x/.env.local'].map(excludes)).toEqual([true, true, true]);
    expect(['apps/x/distance', 'apps/x/aspec.ts', 'apps/x/env.ts'].map(excludes)).toEqual([false, false, false]);
  });
});
