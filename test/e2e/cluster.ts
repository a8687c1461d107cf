import { storyOf, type Context, type Story } from '@concord/platform';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const ROOT = resolve(import.meta.dirname, '../..');
const SCRIPT = 'infra/scripts/cluster.mjs';

/** Every context, as its schema is named. */
export const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'] as const;

/** One part of a cluster, as `status` tells it. */
export interface Part {
  readonly name: string;
  readonly alive: boolean;
  readonly pid?: number;
  readonly url?: string;
}

/** What `--json` answers. */
export interface Status {
  readonly phase: string;
  readonly supervisor: number;
  readonly gateways: readonly [string, string];
  readonly parts: readonly Part[];
}

/** How a command of the cluster ended. */
export interface ClusterRun {
  readonly code: number | null;
  readonly out: string;
  readonly faults: string;
}

/** Runs a command of the cluster script, as `concord cluster` does. */
export function clusterCommand(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Promise<ClusterRun> {
  const env = { ...process.env, NODE_OPTIONS: '', ...settings };
  const child = spawn(process.execPath, [SCRIPT, ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, faults] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults += text));
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('exit', (code) => done({ code, out, faults }));
  });
}

const SAYS_MS_MAX = 60_000;

/** One more process of an app, beside those of a cluster. */
export class ServiceProcess {
  private text = '';

  private constructor(
    private readonly app: string,
    private readonly child: ChildProcess,
  ) {
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
      child.emit('said');
    });
  }

  /** Starts an app; it need not become ready. */
  static start(app: string, settings: Readonly<Record<string, string>>): ServiceProcess {
    const env = { PATH: process.env['PATH'], CONCORD_PORT: '0', ...settings };
    const child = spawn(process.execPath, [`dist/${app}/main.js`], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    return new ServiceProcess(app, child);
  }

  /** Where it serves, once it says so; throws with its exit code and log when it ends before. */
  async url(): Promise<string> {
    return (await this.says(/"url":"([^"]+)","msg":"ready"/u))[1]!;
  }

  get log(): string {
    return this.text;
  }

  /** Resolves when the log has this; throws with the log when the process ends before, or after a minute. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((found, fail) => {
      const over = (why: string): void => fail(new Error(`${this.app} ${why}:\n${this.text}`));
      const timer = setTimeout(() => over(`did not say ${pattern} in ${SAYS_MS_MAX / 1_000} s`), SAYS_MS_MAX);
      const look = (): void => {
        const match = pattern.exec(this.text);
        if (!match) return;
        clearTimeout(timer);
        this.child.off('said', look);
        found(match);
      };
      this.child.on('said', look);
      this.child.once('close', (code) => {
        clearTimeout(timer);
        over(`ended with ${code}`);
      });
      look();
    });
  }

  /** Resolves when it says itself that it is ready; throws with its last answer after a minute. */
  async isReady(url: string): Promise<void> {
    for (const end = performance.now() + SAYS_MS_MAX; ; await delay(100)) {
      const response = await fetch(`${url}/readyz`);
      const text = await response.text();
      if (response.ok) return;
      if (performance.now() > end) throw new Error(`${this.app} is not ready: ${text}\n${this.text}`);
    }
  }

  /** Asks it to stop, as an orchestrator does; resolves to the exit code. */
  async terminate(): Promise<number | null> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    return ((await ended) as [number | null])[0];
  }

  /** Ends it, if it still runs. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** Superuser connection to the embedded database of a folder. */
export function databaseUrlOf(postgresDir: string): string {
  const [password, port] = ['superuser-password', 'port'].map((file) => readFileSync(join(postgresDir, file), 'utf8').trim());
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

/** A cluster on this machine: its own PostgreSQL, one Kafka broker, a process for each context, two gateways. */
export class Cluster {
  private constructor(
    readonly dataDir: string,
    readonly status: Status,
  ) {}

  /** Starts it and waits until every part is ready; throws with what it said when it does not. One broker: three take the memory of CI. */
  static async start(dataDir: string, settings: Readonly<Record<string, string>> = {}): Promise<Cluster> {
    // The test run has built everything.
    const args = ['start', '--no-build', '--data', dataDir, '--port', '0', '--brokers', '1', '--json'];
    const { code, out, faults } = await clusterCommand(args, { CONCORD_LOG_LEVEL: 'warn', ...settings });
    if (code !== 0) throw new Error(`the cluster ended with ${code}:\n${out}\n${faults}`);
    return new Cluster(dataDir, JSON.parse(out) as Status);
  }

  /** Runs a command on this cluster; throws unless it ends with 0. */
  async run(...args: readonly string[]): Promise<Status> {
    const { code, out, faults } = await clusterCommand([...args, '--data', this.dataDir, '--json']);
    if (code !== 0) throw new Error(`cluster ${args.join(' ')} ended with ${code}:\n${out}\n${faults}`);
    return JSON.parse(out) as Status;
  }

  part(name: string): Part {
    return this.status.parts.find((part) => part.name === name)!;
  }

  /** What the parts have logged. */
  logOf(name: string): string {
    return readFileSync(join(this.dataDir, 'logs', `${name}.log`), 'utf8');
  }

  async stop(): Promise<void> {
    await this.run('stop');
  }
}

const HELD_MS = 1_500;
const BETWEEN_MS = 500;

/** Stops each of these processes once for a moment, one after the other, while work goes on: what they publish comes late to the others. */
export async function holdingBack<T>(parts: readonly Part[], work: Promise<T>): Promise<T> {
  let ended = false;
  const holding = (async () => {
    for (const { pid } of parts) {
      if (ended) return;
      process.kill(pid!, 'SIGSTOP');
      await delay(HELD_MS);
      process.kill(pid!, 'SIGCONT');
      await delay(BETWEEN_MS);
    }
  })();
  try {
    return await work;
  } finally {
    ended = true;
    await holding;
  }
}

/** The story as the embedded database in this folder has it, whatever runs on it. */
export async function storyIn(postgresDir: string): Promise<Story> {
  const pools = CONTEXTS.map((name) => ({
    name,
    pool: new pg.Pool({
      connectionString: databaseUrlOf(postgresDir),
      options: `-c search_path=${name}`,
      max: 1,
    }),
  }));
  const contexts = pools.map(({ name, pool }) => ({
    service: { name },
    database: { query: async (sql: string) => (await pool.query(sql)).rows },
  }));
  try {
    return await storyOf(contexts as unknown as Iterable<Context>);
  } finally {
    await Promise.all(pools.map(({ pool }) => pool.end()));
  }
}
