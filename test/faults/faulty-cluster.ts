import { FaultProxy } from '@concord/testing';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ADMIN } from './cast.js';
import type { Chance } from './chance.js';

const ROOT = resolve(import.meta.dirname, '../..');
const script = <Exports>(path: string): Promise<Exports> => import(pathToFileURL(join(ROOT, path)).href) as Promise<Exports>;

/** A process of the cluster, as infra/scripts/cluster-parts.mjs has it. */
interface Part {
  readonly name: string;
  readonly pid: number | undefined;
  readonly alive: boolean;
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface PostgresPart extends Part {
  readonly adminUrl: string;
}

interface PartsScript {
  readonly CONTEXTS: readonly string[];
  freePort(): Promise<number>;
  readonly ServicePart: new (options: {
    name: string;
    script: string;
    port: number;
    settings: Readonly<Record<string, string>>;
    logFile: string;
  }) => Part & { readonly url: string };
  readonly PostgresPart: new (dataDir: string) => PostgresPart;
}

interface Broker extends Omit<Part, 'kill'> {
  readonly settingsFile: string;
  readonly exited: Promise<void>;
  kill(signal?: NodeJS.Signals): void;
}

interface Kafka {
  readonly addresses: readonly string[];
  readonly brokers: readonly Broker[];
  ready(): Promise<void>;
  stop(): Promise<void>;
}

interface KafkaScript {
  startKafka(options: { dataDir: string; brokers: number; ports?: readonly number[] }): Promise<Kafka>;
}

const STARTS_MAX = 6;
/** A memory cap for every process, so that one that hoards falls over within the run (F17). */
const HEAP_MB_MAX = 256;

/**
 * The distributed composition with a fault proxy on every way: one PostgreSQL, one broker, every service, pledges twice, two gateways.
 * gateway-1 leads to pledges-1, gateway-2 to pledges-2. Every process has its own way to the database; all share one to the broker.
 */
export class FaultyCluster {
  /** Ways by name: `postgres <part>`, `kafka`, `pledges-1`, `pledges-2`, `http-1`, `http-2`, `sockets-1`, `sockets-2`. */
  readonly ways = new Map<string, FaultProxy>();
  readonly services = new Map<string, Part>();
  /** How often a part ended that nobody had killed. */
  deaths = 0;
  private readonly expected = new Set<string>();
  private readonly stopped = new Set<string>();

  private constructor(
    private readonly dataDir: string,
    private readonly chance: Chance,
    private readonly parts: PartsScript,
    readonly postgres: PostgresPart,
    readonly kafka: Kafka,
  ) {}

  /** Starts everything on a folder of its own; about half a minute. */
  static async start(dataDir: string, chance: Chance): Promise<FaultyCluster> {
    const [parts, { startKafka }] = await Promise.all([
      script<PartsScript>('infra/scripts/cluster-parts.mjs'),
      script<KafkaScript>('infra/kafka/kafka-cluster.mjs'),
    ]);
    const postgres = new parts.PostgresPart(join(dataDir, 'postgres'));
    const [kafka] = await Promise.all([startKafka({ dataDir: join(dataDir, 'kafka'), brokers: 1 }), postgres.start()]);
    const cluster = new FaultyCluster(dataDir, chance, parts, postgres, kafka);
    try {
      await cluster.wayToKafka();
      await cluster.startServices();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  /** Where clients send requests: a way to each gateway. */
  get bases(): readonly [string, string] {
    return [this.baseOf('http-1'), this.baseOf('http-2')];
  }

  /** Where readers of rooms connect. */
  get sockets(): readonly [string, string] {
    return [this.baseOf('sockets-1'), this.baseOf('sockets-2')];
  }

  way(name: string): FaultProxy {
    const way = this.ways.get(name);
    if (!way) throw new Error(`no way ${name}; there are ${[...this.ways.keys()].join(', ')}`);
    return way;
  }

  part(name: string): Part {
    const part = this.services.get(name);
    if (!part) throw new Error(`no part ${name}; there are ${[...this.services.keys()].join(', ')}`);
    return part;
  }

  /** Ends a part as a crash would. */
  async kill(name: string): Promise<void> {
    this.expected.add(name);
    this.stopped.delete(name);
    await this.part(name).kill();
  }

  /** Asks a part to drain and leave, as an orchestrator does. */
  async leave(name: string): Promise<void> {
    this.expected.add(name);
    await this.part(name).stop();
  }

  /** Starts a part that was ended; again when another fault makes the start fail. */
  async restart(name: string): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.part(name).start();
        this.expected.delete(name);
        return;
      } catch (error) {
        if (tries === STARTS_MAX) throw error;
      }
    }
  }

  /** Holds a process still as it is, or lets it go on. */
  signal(name: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
    const { pid } = this.part(name);
    if (pid === undefined) return;
    process.kill(pid, signal);
    if (signal === 'SIGSTOP') this.stopped.add(name);
    else this.stopped.delete(name);
  }

  /** Counts what ended by itself, and starts it again. */
  async reviveFallen(): Promise<void> {
    for (const [name, part] of this.services) {
      if (part.alive || this.expected.has(name)) continue;
      this.deaths += 1;
      await this.restart(name);
    }
  }

  /** Ends every fault that still holds. */
  healWays(): void {
    for (const way of this.ways.values()) way.heal();
    for (const name of this.stopped) this.signal(name, 'SIGCONT');
  }

  /** The last lines a part said. */
  async said(name: string): Promise<string> {
    const text = await readFile(join(this.dataDir, 'logs', `${name}.log`), 'utf8').catch(() => '');
    return text.trimEnd().split('\n').slice(-15).join('\n');
  }

  async stop(): Promise<void> {
    this.healWays();
    await Promise.all([...this.services.values()].map((part) => part.kill()));
    await Promise.all([...this.ways.values()].map((way) => way.close()));
    await this.kafka.stop();
    await this.postgres.stop();
  }

  private baseOf(name: string): string {
    return `http://127.0.0.1:${this.way(name).port}`;
  }

  private async layWay(name: string, target: number): Promise<FaultProxy> {
    const chance = this.chance.fork();
    const way = await FaultProxy.start(target, { random: () => chance.next() });
    this.ways.set(name, way);
    return way;
  }

  /**
   * A second listener of the broker that names the proxy as its address: who comes through the proxy stays on it, and we reach the
   * broker by the first one whatever the weather.
   */
  private async wayToKafka(): Promise<void> {
    const port = await this.parts.freePort();
    const way = await this.layWay('kafka', port);
    const [broker] = this.kafka.brokers;
    await broker!.stop();
    const settings = (await readFile(broker!.settingsFile, 'utf8'))
      .replace(/^(listeners=)/mu, `$1FAULTY://127.0.0.1:${port},`)
      .replace(/^(advertised\.listeners=)/mu, `$1FAULTY://127.0.0.1:${way.port},`)
      .replace(/^(listener\.security\.protocol\.map=)/mu, '$1FAULTY:PLAINTEXT,');
    await writeFile(broker!.settingsFile, settings);
    await broker!.start();
    await this.kafka.ready();
  }

  private async startServices(): Promise<void> {
    const { CONTEXTS } = this.parts;
    const own: Record<string, Record<string, string>> = {
      directory: { CONCORD_ADMIN_EMAIL: ADMIN.email, CONCORD_ADMIN_PASSWORD: ADMIN.password },
      stewardship: { CONCORD_FILES_DIR: join(this.dataDir, 'files') },
    };
    const urls = new Map<string, string>();
    for (const context of CONTEXTS)
      for (const name of context === 'pledges' ? ['pledges-1', 'pledges-2'] : [context]) {
        const { url, port } = await this.service(name, context, own[context] ?? {});
        urls.set(name, context === 'pledges' ? `http://127.0.0.1:${(await this.layWay(name, port)).port}` : url);
      }
    // The first instance makes the schema; both of a context at once would too, by turns, and later restarts do.
    await Promise.all([...this.services.values()].map((part) => part.start()));
    for (const n of [1, 2]) {
      const named = CONTEXTS.map((context) => `${context}=${urls.get(context === 'pledges' ? `pledges-${n}` : context)}`);
      const { port } = await this.service(`gateway-${n}`, 'gateway', {
        CONCORD_SERVICES: named.join(','),
        CONCORD_ANSWER_MS_MAX: '5000',
        CONCORD_REQUESTS_PER_SECOND: '1000000',
        CONCORD_REQUESTS_BURST: '1000000',
      });
      await this.layWay(`http-${n}`, port);
      await this.layWay(`sockets-${n}`, port);
    }
    await Promise.all(['gateway-1', 'gateway-2'].map((name) => this.part(name).start()));
  }

  private async service(name: string, app: string, more: Record<string, string>): Promise<{ url: string; port: number }> {
    const database = new URL(this.postgres.adminUrl);
    database.port = String((await this.layWay(`postgres ${name}`, Number(database.port))).port);
    const port = await this.parts.freePort();
    const part = new this.parts.ServicePart({
      name,
      script: `dist/${app}/main.js`,
      port,
      settings: {
        CONCORD_ENV: 'production',
        CONCORD_LOG_LEVEL: 'warn',
        CONCORD_HOST: '127.0.0.1',
        CONCORD_PORT: String(port),
        NODE_OPTIONS: `--max-old-space-size=${HEAP_MB_MAX}`,
        DATABASE_URL: database.href,
        KAFKA_BROKERS: `127.0.0.1:${this.way('kafka').port}`,
        KAFKA_REPLICATION: '1',
        ...more,
      },
      logFile: join(this.dataDir, 'logs', `${name}.log`),
    });
    this.services.set(name, part);
    return { url: part.url, port };
  }
}
