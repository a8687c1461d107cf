import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Binaries } from './binaries.js';
import { command, type Launch } from './launch.js';
import { signal } from './processes.js';
import { until } from './until.js';

const TAIL_LINES_MAX = 40;
/** Recovery after a crash replays at most `max_wal_size`; minutes on a slow disk. */
const START_MS_MAX = 300_000;
const FAST_STOP_MS_MAX = 20_000;
const HARD_STOP_MS_MAX = 5_000;
const LAST_WORDS_MS_MAX = 500;

export interface Exit {
  readonly code: number | null;
  /** The last lines the server said. */
  readonly stderrTail: string;
}

export interface ServerOptions {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly launch: Launch;
  readonly args: readonly string[];
  readonly log: (line: string) => void;
}

/** The server ended before it was ready. */
export class ServerExited extends Error {
  constructor(readonly exit: Exit) {
    super(`PostgreSQL did not start (exit code ${exit.code}). It said:\n${exit.stderrTail || '(nothing)'}`);
    this.name = 'ServerExited';
  }
}

/** One PostgreSQL server process of ours. */
export class Server {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  private over = false;

  private constructor(
    child: ChildProcess,
    private readonly cluster: string,
    log: (line: string) => void,
  ) {
    this.pid = child.pid!;
    const tail: string[] = [];
    const lines = createInterface({ input: child.stderr! });
    lines.on('line', (line) => {
      tail.push(line);
      if (tail.length > TAIL_LINES_MAX) tail.shift();
      log(line);
    });
    const saidAll = new Promise<void>((resolve) => lines.once('close', resolve));
    const stopWithUs = (): void => signal(this.pid, 'SIGINT');
    process.once('exit', stopWithUs);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code) => {
        this.over = true;
        process.removeListener('exit', stopWithUs);
        // The last lines may still be in the pipe. After kill -9 sessions hold it longer than their server lived.
        void Promise.race([saidAll, pause(LAST_WORDS_MS_MAX, undefined, { ref: false })]).then(() => {
          child.stderr!.destroy();
          resolve({ code, stderrTail: tail.join('\n') });
        });
      });
    });
  }

  /**
   * Starts the process. Detached: Ctrl-C in a terminal goes to every process of the group, and the application must close its
   * connections before its database goes.
   */
  static async spawn({ cluster, binaries, launch, args, log }: ServerOptions): Promise<Server> {
    const [file, rest] = command(launch, binaries.postgres, ['-D', cluster, ...args]);
    const child = spawn(file, rest, { env: binaries.env, cwd: cluster, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return new Server(child, cluster, log);
  }

  /** What the server wrote about itself: `starting`, `ready`, `stopping`; empty until it holds its folder and port. */
  private async status(): Promise<string> {
    const lines = (await readFile(join(this.cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    return Number(lines[0]) === this.pid ? (lines[7] ?? '').trim() : '';
  }

  /**
   * Resolves when the server answers a query: a log line would promise less. Nothing is sent before it says that it holds the port,
   * which another server might have taken.
   * @throws ServerExited when it ends first; an error when it refuses our password.
   */
  async ready(url: string): Promise<void> {
    let last = '';
    const answered = until(START_MS_MAX, async () => {
      if (this.over) return 'ended';
      last = await this.status();
      return last === 'ready' && (await this.answers(url)) ? 'ready' : undefined;
    });
    const ended = this.exited.then(() => 'ended' as const);
    const answer = await Promise.race([answered, ended]);
    if (answer === 'ended') throw new ServerExited(await this.exited);
    if (answer === undefined) {
      throw new Error(`PostgreSQL was not ready after ${START_MS_MAX / 1_000} s; last status: ${last || 'none'}`);
    }
  }

  private async answers(url: string): Promise<boolean> {
    const client = new pg.Client({ connectionString: url, ssl: false, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined); // told once more by the query that fails with it
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch (cause) {
      if ((cause as { code?: string }).code !== '28P01') return false;
      throw new Error('PostgreSQL refuses the password in superuser-password: this database was made with another one.', { cause });
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Fast shutdown (sessions are ended, data is flushed), harder after a deadline. Safe to call again, and after the server ended by itself. */
  async stop(): Promise<void> {
    for (const [name, waitMsMax] of [
      ['SIGINT', FAST_STOP_MS_MAX],
      ['SIGQUIT', HARD_STOP_MS_MAX],
      ['SIGKILL', HARD_STOP_MS_MAX],
    ] as const) {
      if (this.over) break;
      signal(this.pid, name);
      await until(waitMsMax, () => this.over);
    }
    await this.exited;
  }
}
