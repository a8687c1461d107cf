import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { USE_YOUR_OWN, type Binaries } from './binaries.js';

const run = promisify(execFile);
const NOBODY = 65_534;
const DIES_WITH_US = ['--pdeathsig', 'INT'];

/** A way to start PostgreSQL's programs, so that they accept their user and do not outlive us. */
interface Way {
  /** Said in log lines and errors. */
  readonly name: string;
  /** Program and arguments that come before PostgreSQL's. All of them exec, so the child's pid is the server's. */
  readonly prefix: readonly string[];
  /** Who owns the data on disk. */
  readonly uid: number;
  /** The kernel stops the server when we die, however we die. */
  readonly diesWithUs: boolean;
}

/** A way that works here. */
export interface Launch extends Way {
  /** Major version of the server it starts. */
  readonly major: number;
}

/**
 * The ways for this user, best first. PostgreSQL refuses root. In a user namespace it sees itself as `nobody` while files stay
 * root's, so folders closed to others (/root) work and no user is created. Where namespaces are forbidden (many containers) the
 * server really becomes `nobody` and is given its folder.
 */
function candidates(uid: number): Way[] {
  if (uid === 0) {
    const namespace = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
    const becomeNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', ...DIES_WITH_US];
    return [
      { name: 'user namespace', prefix: [...namespace, 'setpriv', ...DIES_WITH_US], uid: 0, diesWithUs: true },
      { name: 'as nobody', prefix: becomeNobody, uid: NOBODY, diesWithUs: true },
    ];
  }
  return [
    { name: 'bound to our life', prefix: ['setpriv', ...DIES_WITH_US], uid, diesWithUs: true },
    { name: 'direct', prefix: [], uid, diesWithUs: false },
  ];
}

/** Program and arguments for `file` launched that way. */
export function command(way: Way, file: string, args: readonly string[]): [string, string[]] {
  const [first, ...rest] = [...way.prefix, file, ...args];
  return [first!, rest];
}

/** Proves a way by using it: enter the data folder, run the server's own binary. Resolves with PostgreSQL's major version. */
async function attempt(way: Way, binaries: Binaries, dataDir: string): Promise<number> {
  const [file, args] = command(way, '/bin/sh', ['-c', 'cd "$0" && exec "$1" --version', dataDir, binaries.postgres]);
  const { stdout } = await run(file, args, { env: binaries.env, timeout: 10_000 });
  const major = /\s(\d+)/u.exec(stdout)?.[1];
  if (major === undefined) throw new Error(`unexpected answer: ${stdout.trim()}`);
  return Number(major);
}

/**
 * The first way that works here.
 * @throws an error that lists what was tried and names DATABASE_URL.
 */
export async function chooseLaunch(binaries: Binaries, dataDir: string, uid = process.getuid?.() ?? -1): Promise<Launch> {
  const faults: string[] = [];
  for (const way of candidates(uid)) {
    try {
      return { ...way, major: await attempt(way, binaries, dataDir) };
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      faults.push(`${way.name}: ${(stderr?.trim() || message).split('\n')[0]}`);
    }
  }
  throw new Error(
    `The embedded PostgreSQL cannot run here (data in ${dataDir}; every folder above it must be open to the user it runs as).\n` +
      `  ${faults.join('\n  ')}\n${USE_YOUR_OWN}`,
  );
}
