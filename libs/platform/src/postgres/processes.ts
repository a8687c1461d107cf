import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';

/**
 * Who a process is, beyond its number: numbers are reused, in containers even at once (the first process is always 1).
 * Written as `<pid>.<start time>`; the start time is in kernel ticks on Linux and in seconds elsewhere.
 */
export type ProcessIdentity = string;

/** `ps` for systems without /proc (macOS); undefined when there is no such process. */
function ps(pid: number, column: string): string | undefined {
  try {
    const line = execFileSync('ps', ['-ww', '-p', String(pid), '-o', `${column}=`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return line.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** State letter and start time from /proc. The name in parentheses may hold anything, so fields are counted from the last one. */
function linuxStat(pid: number): { state: string; started: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Identity of a process that lives; undefined when it does not. A zombie does not: nobody may ever reap it. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (process.platform === 'linux') {
    const stat = linuxStat(pid);
    return stat === undefined || stat.state === 'Z' || stat.state === 'X' ? undefined : `${pid}.${stat.started}`;
  }
  if ((ps(pid, 'stat') ?? 'Z').startsWith('Z')) return undefined;
  const started = ps(pid, 'lstart');
  return started === undefined ? undefined : `${pid}.${Math.floor(Date.parse(started) / 1000)}`;
}

/** True while the process lives and is still the same one. */
export const lives = (identity: ProcessIdentity): boolean => identityOf(Number.parseInt(identity, 10)) === identity;

/** True when a signal would find the number taken, be it by a zombie or by another user's process: PostgreSQL asks just this. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Command line of a process, arguments separated by spaces; empty when there is none to see. */
export function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command') ?? '';
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** True when the process works in that folder, as a PostgreSQL server does in its data folder; by its command line where /proc does not tell. */
export function worksIn(pid: number, folder: string): boolean {
  try {
    const [there, here] = [statSync(`/proc/${pid}/cwd`), statSync(folder)];
    return there.dev === here.dev && there.ino === here.ino;
  } catch {
    return commandLineOf(pid).includes(folder);
  }
}

/** Every live process that works in that folder. Empty where there is no /proc. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return pids.map(Number).filter((pid) => identityOf(pid) !== undefined && worksIn(pid, folder));
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
