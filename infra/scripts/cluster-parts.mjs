// What a cluster on one machine is made of, and how each part is started: the services as processes of their own.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, closeSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './install.mjs';

/** The contexts that run as services, in the order in which they are listed. */
export const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications'];
/** The instances of the gateway. */
export const GATEWAYS = ['gateway-1', 'gateway-2'];

/** A service makes little that lives long: a small nursery saves 40 MB each, and costs no time that could be measured. */
export const NODE_FLAGS = ['--max-semi-space-size=4'];
const READY_MS_MAX = 120_000;
const STOP_MS_MAX = 25_000;
const LOG_LINES = 15;

const given = new Set();

/** A loopback port that is free now and was given to nobody here: until its part has started, a port that was given is free still. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  if (given.has(port)) return freePort();
  given.add(port);
  return port;
}

const canTie = process.platform === 'linux' && spawnSync('setpriv', ['--pdeathsig', 'TERM', 'true']).status === 0;

/** Ties the child's life to ours where the system can: after kill -9 of the supervisor nothing stays. */
const tied = (command) => (canTie ? ['setpriv', '--pdeathsig', 'TERM', ...command] : command);

/** A service or a gateway: one Node process with its settings, its port and its log file. */
export class ServicePart {
  #child;
  #exited = Promise.resolve();

  constructor({ name, script, port, settings, logFile }) {
    this.name = name;
    this.script = join(root, script);
    this.url = `http://127.0.0.1:${port}`;
    this.settings = settings;
    this.logFile = logFile;
  }

  get pid() {
    return this.alive ? this.#child.pid : undefined;
  }

  get alive() {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the process and resolves when it says that it is ready; throws with its last words when it ends before. */
  async start() {
    if (this.alive) return;
    mkdirSync(dirname(this.logFile), { recursive: true });
    const log = openSync(this.logFile, 'a');
    const [file, ...args] = tied([process.execPath, ...NODE_FLAGS, this.script]);
    const { PATH, HOME, LANG, TZ } = process.env;
    const env = { PATH, HOME, LANG, TZ, NODE_ENV: 'production', ...this.settings };
    // Detached: Ctrl-C must reach the supervisor first, which stops the parts in order.
    this.#child = spawn(file, args, { cwd: root, env, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#exited = once(this.#child, 'exit');
    await once(this.#child, 'spawn');
    await this.ready();
  }

  async ready() {
    const end = performance.now() + READY_MS_MAX;
    for (let last; ; await pause(100)) {
      if (!this.alive) throw new Error(`${this.name} ended before it was ready. It said:\n${this.lastWords()}`);
      try {
        const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
        last = await response.text();
        if (response.ok) return;
      } catch (error) {
        last = error.cause?.message ?? error.message;
      }
      if (performance.now() > end)
        throw new Error(`${this.name} was not ready after ${READY_MS_MAX / 1000} s: ${last}\n${this.lastWords()}`);
    }
  }

  /** A crash, as far as the process is concerned. */
  async kill() {
    if (!this.alive) return;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Asks it to drain and leave; ends it after the deadline. */
  async stop() {
    if (!this.alive) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS_MAX);
    await this.#exited;
    clearTimeout(timer);
  }

  lastWords() {
    try {
      return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
    } catch {
      return '(nothing)';
    }
  }
}

/** The embedded PostgreSQL, behind the same few words as every other part. */
export class PostgresPart {
  #server;
  #alive = false;

  constructor(dataDir) {
    this.name = 'postgres';
    this.dataDir = dataDir;
  }

  get pid() {
    return this.#alive ? this.#server.pid : undefined;
  }

  get alive() {
    return this.#alive;
  }

  /** Connection of the superuser. */
  get adminUrl() {
    return this.#server.url;
  }

  async start() {
    if (this.#alive) return;
    const { startPostgres } = await import('@concord/platform/postgres');
    // Every service and gateway has a pool of its own.
    const settings = { max_connections: '150' };
    const port = this.#server?.port;
    this.#server = await startPostgres({ dataDir: this.dataDir, settings, ...(port === undefined ? {} : { port }) });
    this.#alive = true;
    const { exited } = this.#server;
    void exited.then(() => (this.#alive = false));
  }

  async kill() {
    if (!this.#alive) return;
    process.kill(this.#server.pid, 'SIGKILL');
    await this.#server.exited;
  }

  async stop() {
    if (this.#alive) await this.#server.stop();
  }
}

/** A Kafka broker of infra/kafka. */
export class BrokerPart {
  constructor(broker, ready) {
    this.name = `kafka-${broker.id}`;
    this.broker = broker;
    this.untilReady = ready;
    this.url = broker.address;
  }

  get pid() {
    return this.alive ? this.broker.pid : undefined;
  }

  get alive() {
    return this.broker.alive;
  }

  async start() {
    await this.broker.start();
    await this.untilReady();
  }

  async kill() {
    this.broker.kill('SIGKILL');
    await this.broker.exited;
  }

  async stop() {
    await this.broker.stop();
  }
}
