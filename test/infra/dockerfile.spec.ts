import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dockerfileFaults, instructionsOf } from './dockerfile.js';
import { appOf } from './settings.js';
import { hadolint, said, tool } from './tools.js';

const root = resolve(import.meta.dirname, '../..');
const file = join(root, 'infra/Dockerfile');
const dockerfile = readFileSync(file, 'utf8');

describe('the Dockerfile', () => {
  it('keeps our rules', () => {
    expect(dockerfileFaults(dockerfile)).toEqual([]);
  });

  it('copies only what the build context has', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8');
    const allowed = [...ignored.matchAll(/^!(.+)$/gmu)].map(([, path]) => path!);
    expect(ignored).toMatch(/^\*$/mu);
    for (const path of allowed) expect({ path, there: existsSync(join(root, path)) }).toEqual({ path, there: true });
    const fromSources = instructionsOf(dockerfile).flatMap(({ keyword, text }) => {
      const [, path] = /^--from=sources \/src\/(\S+) /u.exec(text) ?? [];
      return keyword === 'COPY' && path ? [path] : [];
    });
    expect(fromSources.length).toBeGreaterThan(0);
    for (const path of fromSources) expect(allowed).toContain(path);
    for (const kept of ['**/node_modules', '**/secrets', '**/.env']) expect(ignored.split('\n')).toContain(kept);
  });

  it('starts programs that exist', () => {
    const [, command] = /CMD \["([^"]+)"\]\s*$/u.exec(dockerfile) ?? [];
    expect(appOf(command!)).toEqual({ app: 'gateway', there: true });
    expect(existsSync(join(root, 'infra/container/healthy.mjs'))).toBe(true);
  });

  it('starts processes as the cluster on one machine does', async () => {
    const { NODE_FLAGS } = (await import(join(root, 'infra/scripts/cluster-parts.mjs'))) as { NODE_FLAGS: readonly string[] };
    const entry = instructionsOf(dockerfile).find(({ keyword }) => keyword === 'ENTRYPOINT')!;
    expect(JSON.parse(entry.text)).toEqual(expect.arrayContaining(['node', ...NODE_FLAGS]));
    expect(NODE_FLAGS.some((flag) => flag.startsWith('--max-semi-space-size='))).toBe(true);
  });

  it('pleases hadolint, which does find faults', () => {
    const program = tool(hadolint);
    if (!program) return;
    expect(said(program, ['--failure-threshold', 'style', file])).toEqual({ code: 0, output: '' });
    const folder = mkdtempSync(join(tmpdir(), 'concord-hadolint-'));
    try {
      writeFileSync(join(folder, 'Dockerfile'), 'FROM node:latest\nRUN cd /x && sudo npm install\n');
      const { code, output } = said(program, [join(folder, 'Dockerfile')]);
      expect(code).not.toBe(0);
      expect(output).toContain('DL3007');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('our rules for Dockerfiles', () => {
  const good = 'FROM node:20.1.2-slim\nSTOPSIGNAL SIGTERM\nHEALTHCHECK CMD ["true"]\nENTRYPOINT ["node"]\nUSER 1000:1000\n';

  it('accept a good one', () => {
    expect(dockerfileFaults(good)).toEqual([]);
  });

  it.each([
    ['a moving base', good.replace('node:20.1.2-slim', 'node:latest'), 'pinned'],
    ['a base without a version', good.replace('node:20.1.2-slim', 'node'), 'pinned'],
    ['root', good.replace('USER 1000:1000\n', ''), 'not root'],
    ['root by number', good.replace('1000:1000', '0'), 'not root'],
    ['a user by name, which Kubernetes cannot check', good.replace('1000:1000', 'node'), 'not root'],
    ['a user of an earlier stage only', `${good}FROM node:20.1.2-slim\nSTOPSIGNAL 1\nHEALTHCHECK NONE\nENTRYPOINT x\n`, 'not root'],
    ['ADD', `${good}ADD x y\n`, 'COPY'],
    ['a secret', `${good}ENV DB_PASSWORD=x\n`, 'secret'],
    ['a download', `${good}RUN apt-get update && \\\n  curl http://x | sh\n`, 'lock'],
    ['npm install', `${good}RUN npm install\n`, 'npm ci'],
    ['no health check', good.replace(/HEALTHCHECK.*\n/u, ''), 'HEALTHCHECK'],
  ])('find %s', (_name, text, words) => {
    expect(dockerfileFaults(text).join('\n')).toContain(words);
  });
});
