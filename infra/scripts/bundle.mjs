// Puts the programs, with all that they import, into a few files of /dist. Loading 1,500 modules took a process longer than all else
// that it does to start; reading a few takes a third of that. Called by build.mjs, on what it has built.
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The programs of each app, as its src names them: apps/<app>/src/<program>.ts is started as dist/<app>/<program>.js. */
const PROGRAMS = {
  standalone: ['main', 'backup', 'migrate', 'verify'],
  directory: ['main'],
  partnerships: ['main'],
  pledges: ['main'],
  stewardship: ['main'],
  notifications: ['main'],
  gateway: ['main'],
};

/**
 * Stays where it lies: native code; the pages, which find their files beside themselves; what has to run before everything that is
 * decorated, whichever file that comes to lie in; and tracing, loaded where it is on: a part that is imported later and is CommonJS would
 * come without its names.
 */
const OUTSIDE = ['@node-rs/argon2', '@concord/web', 'reflect-metadata', '@opentelemetry/*'];

/** NestJS loads it where it is installed, which it is for the bench alone, even beside Fastify. */
const UNWANTED = '@nestjs/platform-express';

/** What a module of CommonJS expects to find around itself. */
const BANNER = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

/** Drivers and plug-ins that a package can do without, and that we do not have, are as absent in /dist as they are outside. */
const absentAlternatives = {
  name: 'absent alternatives',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (path === UNWANTED) return { path: `absent:${path}`, external: true };
      if (pluginData === 'asked' || !importer.includes('node_modules')) return undefined;
      const { errors } = await resolve(path, { kind, importer, resolveDir, pluginData: 'asked' });
      return errors.length > 0 ? { path, external: true } : undefined;
    });
  },
};

/** The map without what is not ours: it is read at every start, and nine tenths of it would be the packages'. */
function ownPart(text) {
  const map = JSON.parse(text);
  const isOwn = map.sources.map((source) => /^\.\.\/\.\.\/(libs|apps)\//u.test(source));
  const mappings = decode(map.mappings).map((line) => line.filter(([, source]) => source !== undefined && isOwn[source]));
  return JSON.stringify({
    ...map,
    sources: map.sources.map((source, index) => (isOwn[index] ? source : '')),
    mappings: encode(mappings),
  });
}

const mtime = (file) => (existsSync(file) ? statSync(file).mtimeMs : -1);
const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, mtime(join(entry.parentPath ?? entry.path, entry.name))), -1);

/** Bundles the programs if anything that they are made of is newer; returns how many files were written. */
export async function bundle(root) {
  const entryPoints = Object.entries(PROGRAMS).flatMap(([app, names]) =>
    names.map((name) => ({ in: join(root, 'apps', app, 'dist', `${name}.js`), out: `${app}/${name}` })),
  );
  const sources = ['libs', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name, 'dist')))
    .filter(existsSync);
  const built = join(root, 'dist/built');
  const latest = Math.max(
    ...sources.map(newest),
    ...['package-lock.json', 'infra/scripts/bundle.mjs'].map((file) => mtime(join(root, file))),
  );
  if (mtime(built) > latest) return 0;
  const { outputFiles } = await build({
    entryPoints,
    absWorkingDir: root,
    outdir: 'dist',
    chunkNames: 'shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    conditions: ['node'],
    sourcemap: true,
    sourcesContent: false,
    external: OUTSIDE,
    banner: { js: BANNER },
    plugins: [absentAlternatives],
    logLevel: 'silent',
  });
  await rm(join(root, 'dist'), { recursive: true, force: true });
  for (const { path, contents, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, path.endsWith('.map') ? ownPart(text) : contents);
  }
  await writeFile(built, '');
  return outputFiles.length / 2;
}
