// Installs the dependencies when they are missing or not those of the lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Concord needs Node 20.19 or newer; this is ${process.versions.node}. Install a newer Node and try again.\n`,
  );
  process.exit(1);
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** Names what differs between the lock and what is installed; undefined when nothing does. */
export function staleInstall(folder = root) {
  const installedList = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installedList)) return 'node_modules is missing';
  const installed = packagesOf(installedList);
  for (const [path, wanted] of Object.entries(packagesOf(join(folder, 'package-lock.json')))) {
    if (!path.startsWith('node_modules/')) continue;
    const found = installed[path];
    // Optional packages are absent on platforms they are not made for.
    if (!found && (wanted.optional || wanted.devOptional || wanted.peer)) continue;
    if (!found || found.version !== wanted.version) return `${path} is not as locked`;
  }
  return undefined;
}

/** Runs `npm ci` if needed. Its output goes to stderr, so that stdout stays the caller's. */
export function installWhatIsMissing() {
  const reason = staleInstall();
  if (!reason) return;
  process.stderr.write(`Installing dependencies (${reason}); about a minute the first time …\n`);
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`npm ci failed with code ${status}; its messages are above.`);
}
