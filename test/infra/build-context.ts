import { cpSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What `.dockerignore` lets into a build: the named paths, without what is excluded wherever it lies. */
export function contextRules(text: string): { readonly allowed: readonly string[]; excludes(path: string): boolean } {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const patterns = lines.filter((line) => line.startsWith('**/')).map((line) => globOf(line.slice(3)));
  return {
    allowed: lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1)),
    excludes: (path) => patterns.some((pattern) => pattern.test(basename(path))),
  };
}

const globOf = (glob: string): RegExp => new RegExp(`^${glob.replace(/[.+]/gu, '\\$&').replaceAll('*', '.*')}$`, 'u');

/** Makes a folder as the build of the image finds it: the sources that the build context has, and the packages installed. */
export function makeContext(root: string, folder: string): void {
  const { allowed, excludes } = contextRules(readFileSync(join(root, '.dockerignore'), 'utf8'));
  for (const path of allowed) cpSync(join(root, path), join(folder, path), { recursive: true, filter: (from) => !excludes(from) });
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@concord'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@concord') symlinkSync(join(root, 'node_modules', name), join(packages, name));
  // Our own are links to ../../libs and ../../apps, which lead to the copies from here.
  const own = join(root, 'node_modules/@concord');
  for (const name of readdirSync(own)) symlinkSync(readlinkSync(join(own, name)), join(packages, '@concord', name));
}
