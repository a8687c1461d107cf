// Builds every project's src into its dist with swc: only files whose source is newer than its output, and removes outputs
// whose source is gone. Run `node infra/scripts/build.mjs [project folder ...]`; without arguments it builds all of them.
import { transformFile } from '@swc/core';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '../..');

/** Folders of all libs and apps that have sources, relative to the root. */
export function projectFolders() {
  return ['libs', 'apps'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => join(group, name))
      .filter((folder) => existsSync(join(root, folder, 'src')) && existsSync(join(root, folder, 'package.json'))),
  );
}

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)));
}

const isSpec = (file) => file.endsWith('.spec.ts');
const outputOf = (file) => (file.endsWith('.ts') && !file.endsWith('.d.ts') ? file.replace(/\.ts$/u, '.js') : file);
const mtime = (file) => (existsSync(file) ? statSync(file).mtimeMs : -1);

async function buildFile(source, output, name) {
  mkdirSync(dirname(output), { recursive: true });
  if (source === output || !source.endsWith('.ts')) return copyFileSync(source, output);
  const { code, map } = await transformFile(source, {
    configFile: join(root, '.swcrc'),
    swcrc: false,
    sourceFileName: relative(dirname(output), source),
  });
  // The map first: the script is what staleness is judged by, so a build that is cut off is repeated.
  writeFileSync(`${output}.map`, map ?? '');
  writeFileSync(output, `${code}\n//# sourceMappingURL=${name}.map\n`);
}

async function buildProject(folder) {
  const src = join(root, folder, 'src');
  const dist = join(root, folder, 'dist');
  const sources = filesUnder(src).filter((file) => !isSpec(file));
  const wanted = new Set(sources.map(outputOf));
  for (const file of filesUnder(dist)) {
    if (!wanted.has(file) && !wanted.has(file.replace(/\.map$/u, ''))) rmSync(join(dist, file));
  }
  const configured = mtime(join(root, '.swcrc'));
  const stale = sources.filter((file) => mtime(join(dist, outputOf(file))) < Math.max(mtime(join(src, file)), configured));
  const built = await Promise.allSettled(
    stale.map((file) => buildFile(join(src, file), join(dist, outputOf(file)), basename(outputOf(file)))),
  );
  const faults = built.filter(({ status }) => status === 'rejected').map(({ reason }) => String(reason?.message ?? reason));
  if (faults.length > 0) throw new Error(`${folder} does not build:\n${faults.join('\n')}`);
  return stale.length;
}

/** Builds what is stale in the given project folders (all by default); returns how many files were written. */
export async function build(folders = projectFolders()) {
  const counts = await Promise.all(folders.map(buildProject));
  return counts.reduce((sum, count) => sum + count, 0);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = process.argv.slice(2);
  const started = performance.now();
  try {
    const count = await build(folders.length > 0 ? folders : undefined);
    process.stderr.write(`built ${count} file(s) in ${Math.round(performance.now() - started)} ms\n`);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
