import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ADMIN } from './cast.js';

const MAIN = resolve(import.meta.dirname, '../../dist/standalone/main.js');
const LINES_KEPT = 60;
const STARTS_MAX = 5;

const freshPort = (): number => 20_000 + Math.floor(Math.random() * 12_000);

/** The built standalone app as a child process on a data folder of its own, to be killed and started again. */
export class RunningApp {
  url = '';
  /** Starts that a further fault cut off: the app was killed, or its database under it. */
  failedStarts = 0;
  /** How often the app ended without having been told to. */
  deaths = 0;
  /** The last it said on standard error. */
  readonly said: string[] = [];
  private child: ChildProcess | undefined;
  private ended: Promise<unknown> = Promise.resolve();
  private told = false;
  private starts = 0;
  /** Below the ports of outgoing connections: one of the load's own would hold it while the app starts again. */
  private port = freshPort();

  constructor(private readonly dataDir: string) {}

  /** Whether a `start` is under way. */
  get isStarting(): boolean {
    return this.starts > 0;
  }

  /** Starts the process; the second time on the port of the first. A start that is cut off by the next fault is tried again. */
  async start(): Promise<void> {
    for (this.starts = 1; !(await this.startOnce()); this.starts += 1) {
      this.failedStarts += 1;
      if (this.url === '') this.port = freshPort();
      if (this.starts === STARTS_MAX) throw new Error(`the app does not start:\n${this.said.join('\n')}`);
    }
    this.starts = 0;
  }

  /** Kills the app, and nothing else: its database has to notice. */
  async kill(): Promise<void> {
    this.told = true;
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** Kills the PostgreSQL server under the app. False when there is none right now. */
  async killPostmaster(): Promise<boolean> {
    const file = await readFile(join(this.dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number(file.split('\n')[0]);
    if (!Number.isInteger(pid) || pid <= 1) return false;
    try {
      process.kill(pid, 'SIGKILL');
      return true;
    } catch {
      return false;
    }
  }

  /** Asks it to stop; resolves when it has. */
  async stop(): Promise<void> {
    this.told = true;
    this.child?.kill('SIGTERM');
    await this.ended;
  }

  /** Address of its database, as the superuser. */
  async databaseUrl(): Promise<string> {
    const [password, port] = await Promise.all(
      ['superuser-password', 'port'].map(async (name) => (await readFile(join(this.dataDir, 'postgres', name), 'utf8')).trim()),
    );
    return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  }

  private async startOnce(): Promise<boolean> {
    this.told = false;
    const child = spawn(process.execPath, [MAIN], { env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      // While the database is away every listener reports it several times a second.
      this.said.push(...text.split('\n').filter((line) => line !== '' && !line.includes('ECONNREFUSED')));
      this.said.splice(0, this.said.length - LINES_KEPT);
    });
    this.ended = new Promise((done) => child.once('exit', done));
    let announced = '';
    const ready = new Promise<string>((done) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        announced += text;
        const url = /ready at (\S+)/u.exec(announced)?.[1];
        if (url !== undefined) done(url);
      });
    });
    const url = await Promise.race([ready, this.ended.then(() => undefined)]);
    if (url === undefined || child.exitCode !== null || child.signalCode !== null) return false;
    this.url = url;
    void this.ended.then(() => {
      if (!this.told) this.deaths += 1;
    });
    return true;
  }

  private environment(): NodeJS.ProcessEnv {
    const { DATABASE_URL: _given, NODE_OPTIONS: _options, ...environment } = process.env;
    return {
      ...environment,
      NODE_ENV: 'production',
      CONCORD_DATA_DIR: this.dataDir,
      CONCORD_PORT: String(this.port),
      CONCORD_DEMO: 'false',
      CONCORD_ADMIN_EMAIL: ADMIN.email,
      CONCORD_ADMIN_PASSWORD: ADMIN.password,
      CONCORD_REQUESTS_PER_SECOND: '1000000',
      CONCORD_REQUESTS_BURST: '1000000',
      CONCORD_LOG_LEVEL: 'warn',
    };
  }
}
