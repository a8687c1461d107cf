// A lock that `npm install` made can lack platform packages that had not been published for the newest parent, and `npm ci` then
// refuses it, perhaps on another machine only. So every optional dependency of every entry needs an entry of its own.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** "parent wants name" for every optional dependency without an entry in the lock's packages. */
export function missingOptional(packages) {
  const present = new Set(
    Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  );
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !present.has(name))
      .map((name) => `${path || 'package.json'} wants ${name}`),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = join(resolve(import.meta.dirname, '../..'), 'package-lock.json');
  const missing = missingOptional(JSON.parse(readFileSync(lock, 'utf8')).packages);
  if (missing.length > 0) {
    process.stderr.write(`package-lock.json lacks ${missing.length} platform package(s):\n${missing.join('\n')}\n`);
    process.stderr.write('Pin the newest version that has them all, delete node_modules and the lock, install again.\n');
    process.exitCode = 1;
  }
}
