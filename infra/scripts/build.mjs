// Builds every project's src into its dist with swc: only files whose source is newer than its output, and removes outputs
// whose source is gone. A project with an `app` folder too is a web front end: React Router builds it when anything of it is newer.
// Then bundle.mjs puts the programs into /dist. Run `node infra/scripts/build.mjs [project folder ...]`; with folders it builds the modules
// and pages of those only.
import { transformFile } from '@swc/core';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { textFaults } from './check-texts.mjs';

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

const newest = (folder) =>
  filesUnder(folder).reduce((latest, file) => Math.max(latest, isSpec(file) ? 0 : mtime(join(folder, file))), 0);

/** Whether a front end has to be built: anything it is made of is newer than what the last build left. */
function staleFrontEnd(folder) {
  const own = ['package.json', 'vite.config.mjs', 'react-router.config.mjs'].map((name) => mtime(join(root, folder, name)));
  const folders = [join(folder, 'app'), join(folder, 'public'), 'libs/client/src', 'libs/contracts/src'];
  const sources = Math.max(...own, mtime(join(root, 'package-lock.json')), ...folders.map((name) => newest(join(root, name))));
  return sources > mtime(join(root, folder, 'build/built'));
}

async function buildFrontEnd(folder) {
  if (!existsSync(join(root, folder, 'app')) || !staleFrontEnd(folder)) return 0;
  const faults = await textFaults(join(root, folder, 'app'));
  if (faults.length > 0) throw new Error(`${folder} does not build, its texts are incomplete:\n${faults.join('\n')}`);
  process.stderr.write(`Building ${folder} (some seconds) …\n`);
  const started = Date.now();
  return new Promise((done, fail) => {
    const command = join(root, 'node_modules/@react-router/dev/bin.js');
    const child = spawn(process.execPath, [command, 'build'], {
      cwd: join(root, folder),
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', fail);
    child.on('close', (code) => {
      if (code !== 0) return fail(new Error(`${folder} does not build:\n${output}`));
      // Sources that change while it is built make it stale again.
      const stamp = join(root, folder, 'build/built');
      writeFileSync(stamp, '');
      utimesSync(stamp, started / 1000, started / 1000);
      done(1);
    });
  });
}

/** Builds what is stale in the given project folders, or in all of them and then the programs; returns how many files were written. */
export async function build(folders) {
  const projects = folders ?? projectFolders();
  const programs = async () => {
    const modules = await Promise.all(projects.map(buildProject));
    return [...modules, folders ? 0 : await bundle(root)];
  };
  const counts = await Promise.all([programs(), ...projects.map(buildFrontEnd)]);
  return counts.flat().reduce((sum, count) => sum + count, 0);
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
