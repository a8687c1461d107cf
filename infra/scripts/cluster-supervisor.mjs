// Runs a whole cluster on one machine from one process: PostgreSQL, Kafka, a process for every service and two gateways. Whatever
// ends this process ends all of them.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root } from './install.mjs';
import { BrokerPart, CONTEXTS, freePort, GATEWAYS, PostgresPart, ServicePart } from './cluster-parts.mjs';

const WEB = 'apps/web';

/** Where the state of the cluster of a data folder is written. */
export const stateFileOf = (dataDir) => join(dataDir, 'cluster.json');

/** The state that a supervisor left; undefined when there is none. */
export function readState(dataDir) {
  try {
    return JSON.parse(readFileSync(stateFileOf(dataDir), 'utf8'));
  } catch {
    return undefined;
  }
}

/** One cluster. `progress` is called with a line for each thing that begins. */
export class Supervisor {
  #parts = new Map();
  #control;
  #token = randomBytes(24).toString('hex');
  #stopping;
  #phase = 'starting';
  #now = '';

  constructor({ dataDir, port, brokers, progress }) {
    this.dataDir = dataDir;
    this.port = port;
    this.brokers = brokers;
    this.tell = progress;
    this.stopped = new Promise((resolve) => (this.onStopped = resolve));
  }

  /** Starts everything, in order; resolves when every part is ready. Throws with the reason after stopping what was started. */
  async start() {
    mkdirSync(this.dataDir, { recursive: true });
    await this.#openControl();
    try {
      const [databaseUrl, kafka] = await Promise.all([this.#startPostgres(), this.#startKafka()]);
      const settings = this.#settings(databaseUrl, kafka);
      const services = await this.#services(settings);
      const web = await this.#web();
      const gateways = await this.#gateways(settings, services, web);
      this.progress('starting the services …');
      await Promise.all(services.map((part) => part.start()));
      this.progress('starting the gateways …');
      await Promise.all(gateways.map((part) => part.start()));
      if (web) {
        this.progress('starting the pages …');
        web.settings.CONCORD_API = gateways[0].url;
        await web.start();
      }
      this.#phase = 'ready';
      this.#write();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops everything, in order: who asks before who answers. Nothing is left, not even the state file. */
  stop() {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  /** What runs where. */
  status() {
    const parts = [...this.#parts.values()].map(({ name, pid, url, alive }) => ({
      name,
      alive,
      ...(pid && { pid }),
      ...(url && { url }),
    }));
    const gateways = parts.filter(({ name }) => GATEWAYS.includes(name)).map(({ url }) => url);
    return { phase: this.#phase, now: this.#now, supervisor: process.pid, dataDir: this.dataDir, gateways, parts };
  }

  progress(line) {
    this.#now = line;
    this.#write();
    this.tell(line);
  }

  async #stopAll() {
    this.#phase = 'stopping';
    this.progress('stopping …');
    const named = (wanted) => [...this.#parts.values()].filter(({ name }) => wanted(name));
    for (const group of [
      named((name) => name === 'web'),
      named((name) => GATEWAYS.includes(name)),
      named((name) => CONTEXTS.includes(name)),
      named((name) => name.startsWith('kafka-')),
      named((name) => name === 'postgres'),
    ])
      await Promise.all(group.map((part) => part.stop()));
    this.#control?.close();
    this.#control?.closeAllConnections();
    rmSync(stateFileOf(this.dataDir), { force: true });
    this.onStopped();
  }

  async #startPostgres() {
    if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
    this.progress('starting PostgreSQL …');
    const part = new PostgresPart(join(this.dataDir, 'postgres'));
    this.#parts.set(part.name, part);
    await part.start();
    return part.adminUrl;
  }

  async #startKafka() {
    if (process.env.KAFKA_BROKERS) return { addresses: process.env.KAFKA_BROKERS, replication: process.env.KAFKA_REPLICATION };
    const { startKafka } = await import('../kafka/kafka-cluster.mjs');
    const kafka = await startKafka({
      dataDir: join(this.dataDir, 'kafka'),
      brokers: this.brokers,
      log: (line) => this.progress(line),
    });
    for (const broker of kafka.brokers) {
      const part = new BrokerPart(broker, () => kafka.ready());
      this.#parts.set(part.name, part);
    }
    return { addresses: kafka.addresses.join(','), replication: String(Math.min(3, this.brokers)) };
  }

  #settings(databaseUrl, { addresses, replication }) {
    const { env } = process;
    return {
      CONCORD_ENV: env.CONCORD_ENV ?? 'development',
      CONCORD_LOG_LEVEL: env.CONCORD_LOG_LEVEL ?? 'info',
      DATABASE_URL: databaseUrl,
      KAFKA_BROKERS: addresses,
      ...(replication && { KAFKA_REPLICATION: replication }),
      ...Object.fromEntries(
        Object.entries(env).filter(([name]) =>
          /^(CONCORD_REQUESTS_|CONCORD_ORIGINS|KAFKA_(?!BROKERS|REPLICATION)|OTEL_)/u.test(name),
        ),
      ),
    };
  }

  async #services(settings) {
    const own = { directory: await administrator(), stewardship: { CONCORD_FILES_DIR: join(this.dataDir, 'files') } };
    const parts = [];
    for (const [index, name] of CONTEXTS.entries())
      parts.push(await this.#service(name, name, this.#portOf(101 + index), { ...settings, ...own[name] }));
    return parts;
  }

  async #gateways(settings, services, web) {
    const where = {
      CONCORD_SERVICES: services.map(({ name, url }) => `${name}=${url}`).join(','),
      // The pages ask in the name of their readers, and say from where those come.
      ...(web && { CONCORD_WEB_URL: web.url, CONCORD_TRUSTED_PROXIES: '127.0.0.1/32' }),
    };
    const parts = [];
    for (const [index, name] of GATEWAYS.entries())
      parts.push(await this.#service(name, 'gateway', this.#portOf(index), { ...settings, ...where }));
    return parts;
  }

  async #service(name, app, wanted, settings) {
    const port = wanted ?? (await freePort());
    return this.#add(name, `dist/${app}/main.js`, port, {
      ...settings,
      CONCORD_HOST: '127.0.0.1',
      CONCORD_PORT: String(port),
    });
  }

  /** The pages, where they are built: reached through the gateways, so that a browser sees one origin. */
  async #web() {
    if (!existsSync(join(root, WEB, 'build/server/index.js'))) return undefined;
    const port = this.#portOf(100) ?? (await freePort());
    return this.#add('web', `${WEB}/bin/web.mjs`, port, {
      CONCORD_WEB_HOST: '127.0.0.1',
      CONCORD_WEB_PORT: String(port),
      CONCORD_WEB_SECRET: secretOf(join(this.dataDir, 'web-secret')),
      CONCORD_TRUST_PROXY: 'true',
    });
  }

  #add(name, script, port, settings) {
    const part = new ServicePart({ name, script, port, settings, logFile: join(this.dataDir, 'logs', `${name}.log`) });
    this.#parts.set(name, part);
    return part;
  }

  #portOf(offset) {
    return this.port === 0 ? undefined : this.port + offset;
  }

  #write() {
    if (!this.#control) return;
    const state = { ...this.status(), control: { port: this.#control.address().port, token: this.#token } };
    const file = stateFileOf(this.dataDir);
    // Only its owner may read it: the token in it stops and starts processes.
    writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(state, null, 1)}\n`, { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  }

  async #openControl() {
    const server = createServer((request, response) => {
      const answer = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (request.headers.authorization !== `Bearer ${this.#token}`) return answer(401, { error: 'wrong token' });
      this.#ask(request.method, request.url).then(
        (body) => answer(200, body),
        (error) => answer(error.status ?? 500, { error: error.message }),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#control = server;
    this.#write();
  }

  /** `GET /status`, `POST /stop`, `POST /kill/<part>`, `POST /start/<part>`. */
  async #ask(method, url) {
    const [, verb, name] = url.split('/');
    if (method === 'GET' && verb === 'status') return this.status();
    if (method === 'POST' && verb === 'stop') {
      // Answered before the last part is gone: whoever asked waits for this process to end.
      setTimeout(() => void this.stop(), 0);
      return this.status();
    }
    const part = this.#parts.get(name);
    if (!part || !['kill', 'start'].includes(verb))
      throw Object.assign(new Error(`There is no part ${name}. Choose from: ${[...this.#parts.keys()].join(', ')}.`), {
        status: 404,
      });
    await part[verb]();
    this.#write();
    return this.status();
  }
}

/** The registrar of the demo, unless the environment names another first administrator. */
async function administrator() {
  const { CONCORD_ADMIN_EMAIL, CONCORD_ADMIN_PASSWORD } = process.env;
  if (CONCORD_ADMIN_EMAIL) return { CONCORD_ADMIN_EMAIL, CONCORD_ADMIN_PASSWORD };
  const { emailOf, SHARED_PASSWORD } = await import('@concord/story');
  return { CONCORD_ADMIN_EMAIL: emailOf('registrar'), CONCORD_ADMIN_PASSWORD: SHARED_PASSWORD };
}

/** What encrypts the cookies of the pages: made once, so that a second start keeps everybody signed in. */
function secretOf(file) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
