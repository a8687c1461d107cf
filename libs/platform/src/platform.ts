import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import type { Bus } from './bus/bus.js';
import { InProcessBus, type Source } from './bus/in-process.js';
import type { AdjustableClock, Clock } from './clock.js';
import { Context, type Surroundings } from './context/context.js';
import type { ContextAccess } from './database/context-database.js';
import type { EdgeMetrics } from './edge/edge.js';
import { Following } from './edge/following.js';
import { createHttp, type HttpServer } from './edge/server.js';
import type { RateLimit } from './edge/allowance.js';
import { Load } from './load.js';
import type { StandingChange, StandingChanges } from './identity/standing.js';
import type { ServiceDefinition } from './service/definitions.js';

/** What a bus driver is given: the logs of the contexts that run here, where faults go, and whether commands need the machine more. */
export interface BusWiring {
  readonly sources: ReadonlyMap<string, Source>;
  failed(error: unknown, listener: string): void;
  busy(): boolean;
}

/** Listeners behind the log for longer than this make the process unready: it would show the past. */
const AGE_MS_MAX = 30_000;

export interface PlatformOptions {
  readonly services: readonly ServiceDefinition[];
  /** Database access by context. */
  readonly accesses: ReadonlyMap<string, ContextAccess>;
  readonly clock: Clock;
  readonly standingChanges: StandingChanges;
  readonly version: string;
  /** How much each caller may ask; as much as it likes when absent. */
  readonly rateLimit?: RateLimit;
  /** Makes the bus; in process when absent, which needs every context that is listened to in this process. */
  bus?(wiring: BusWiring): Bus;
  /** Contexts that the documents describe; those of this process when absent. */
  readonly documented?: readonly ServiceDefinition[];
  /** Addresses whose X-Forwarded-For is believed, as CIDR blocks separated by commas; none when absent. */
  readonly trustedProxies?: string;
  /** Reports what went wrong; `correlation` names the request, where one asked. */
  failed(where: string, error: unknown, correlation?: string): void;
  standingChanged?(change: StandingChange): void;
}

const inProcess = ({ sources, failed, busy }: BusWiring): Bus => new InProcessBus(sources, failed, busy);

/** The contexts of one process, on whatever bus they meet the others: all of them in the standalone composition, one in a service. */
export class Platform {
  private constructor(
    readonly contexts: ReadonlyMap<string, Context>,
    private readonly bus: Bus,
    private readonly options: PlatformOptions,
    private readonly load: Load,
  ) {}

  /** Opens the databases, migrates, and starts everything that needs no request; when it throws, it has left nothing behind. */
  static async start(options: PlatformOptions): Promise<Platform> {
    const load = new Load();
    const sources = new Map<string, Source>();
    const bus = (options.bus ?? inProcess)({
      sources,
      failed: (error, listener) => options.failed(`bus: ${listener}`, error),
      busy: () => load.busy,
    });
    const contexts = new Map<string, Context>();
    const surroundings: Surroundings = {
      clock: options.clock,
      contexts,
      standingChanges: options.standingChanges,
      committed: (context: string) => bus.wake(context),
      busy: () => load.busy,
      catchUp: (context: string) => bus.caughtUp(context, 'directory'),
      failed: (where: string, error: unknown) => options.failed(where, error),
      ...(options.standingChanged ? { standingChanged: (change: StandingChange) => options.standingChanged?.(change) } : {}),
    };
    const platform = new Platform(contexts, bus, options, load);
    try {
      await platform.open(contexts, sources, surroundings);
    } catch (error) {
      // What has begun ends first, so that the caller may try again.
      await platform.stop().catch((fault: unknown) => options.failed('stopping what could not start', fault));
      throw error;
    }
    return platform;
  }

  private async open(contexts: Map<string, Context>, sources: Map<string, Source>, surroundings: Surroundings): Promise<void> {
    const opening = this.options.services.map(async (service) => {
      const access = this.options.accesses.get(service.name);
      if (!access) throw new Error(`no database for ${service.name}`);
      return [service.name, await Context.open(service, access, surroundings)] as const;
    });
    for (const opened of await Promise.allSettled(opening)) {
      if (opened.status === 'rejected') continue;
      const [name, context] = opened.value;
      contexts.set(name, context);
      sources.set(name, { pool: context.database.pool, publisher: context.publisher });
    }
    await Promise.all(opening);
    for (const context of contexts.values()) await context.start(this.bus);
    await this.bus.start();
    for (const context of contexts.values()) context.run();
    // The signing key and the first administrator are known everywhere before the first request; a long backlog is worked off behind it.
    await Promise.all([...contexts.keys()].map((name) => this.bus.caughtUp(name, 'directory')));
  }

  /** A context by name. */
  context(name: string): Context {
    const context = this.contexts.get(name);
    if (!context) throw new Error(`${name} does not run in this process`);
    return context;
  }

  /** Fires every deadline that is due, and what follows from it, until nothing moves. */
  async runDue(): Promise<void> {
    await this.fireDue();
    await this.settled();
  }

  /** Fires every deadline that is due. */
  async fireDue(): Promise<void> {
    for (const context of this.contexts.values()) await context.schedules.runDue();
  }

  /** Resolves when nothing moves any more: no command, no listener, no projection. Throws with the last status when something is stuck. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      const before = await this.places();
      await this.calmed();
      quiet = (await this.places()) === before ? quiet + 1 : 0;
    }
  }

  /** Lets what is under way end once: commands, projections, listeners. What follows from it may be on its way again. */
  async calmed(): Promise<void> {
    for (const context of this.contexts.values()) await context.settled();
    await this.bus.settled();
  }

  /**
   * Lets the read models and listeners of this process reach where the logs end now, and once more for what the listeners decide. In
   * a service the listeners of others are not waited for.
   */
  private async followed(): Promise<void> {
    for (let step = 0; step < 2; step += 1) {
      await this.bus.settled();
      await Promise.all([...this.contexts.values()].map((context) => context.projected()));
    }
  }

  /** After a restart business time goes on from where the logs left it: time never goes back behind an event. */
  async followLog(clock: AdjustableClock): Promise<void> {
    for (const { database } of this.contexts.values()) {
      const [row] = await database.query<{ at: string | null }>(
        `SELECT meta->>'at' AS at FROM events ORDER BY xid DESC, position DESC LIMIT 1`,
      );
      if (row?.at && row.at > clock.now()) clock.moveTo(row.at);
    }
  }

  /** Builds the HTTP server over the contexts; it does not accept yet. */
  async http(extend?: (fastify: FastifyInstance, metrics: EdgeMetrics) => void): Promise<HttpServer> {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const registers = [registry];
    const metrics = {
      requests: new Counter({
        name: 'concord_http_requests_total',
        help: 'Requests by route and status',
        labelNames: ['route', 'status'] as const,
        registers,
      }),
      seconds: new Histogram({
        name: 'concord_http_request_seconds',
        help: 'Time to the answer',
        labelNames: ['route'] as const,
        buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
        registers,
      }),
    };
    this.gauges(registers);
    return createHttp({
      contexts: [...this.contexts.values()],
      version: this.options.version,
      ...(this.options.rateLimit ? { rateLimit: this.options.rateLimit } : {}),
      ...(this.options.documented ? { documented: this.options.documented } : {}),
      ...(this.options.trustedProxies ? { trustedProxies: this.options.trustedProxies } : {}),
      metrics,
      load: this.load,
      following: new Following(() => this.followed()),
      metricsText: () => registry.metrics(),
      unready: () => this.unready(),
      failed: (where, error, correlation) => this.options.failed(where, error, correlation),
      ...(extend ? { extend: (fastify) => extend(fastify, metrics) } : {}),
    });
  }

  /** Stops what acts by itself, lets what is under way finish, closes the databases. */
  async stop(): Promise<void> {
    await Promise.all([...this.contexts.values()].map((context) => context.stop()));
    await this.bus.stop();
    await Promise.all([...this.contexts.values()].map((context) => context.close()));
  }

  /** Where every log of this process ends: the same text twice means that nothing was appended in between. */
  async places(): Promise<string> {
    const places = await Promise.all(
      [...this.contexts.values()].map(({ database }) =>
        database.query<{ place: string }>('SELECT coalesce(max(position), 0)::text AS place FROM events'),
      ),
    );
    return JSON.stringify(places);
  }

  private async unready(): Promise<Record<string, string>> {
    const unready: Record<string, string> = {};
    for (const [name, { database }] of this.contexts) {
      await database.query('SELECT 1').catch((error: unknown) => {
        // The text of the error may name hosts and roles: it is logged, not shown.
        this.options.failed(`database ${name}`, error);
        unready[`database ${name}`] = 'cannot be reached';
      });
    }
    const ages = {
      relay: ['what was decided waits to be published', this.bus.relayAgeMs()],
      bus: ['a listener has been behind', this.bus.listenerAgeMs()],
      projections: ['a read model has been behind', Math.max(...[...this.contexts.values()].map((context) => context.ageMs()))],
    } as const;
    for (const [name, [what, ms]] of Object.entries(ages))
      if (ms > AGE_MS_MAX) unready[name] = `${what} for ${Math.round(ms / 1000)} s`;
    return unready;
  }

  private gauges(registers: Registry[]): void {
    const { bus, contexts } = this;
    new Gauge({
      name: 'concord_relay_age_seconds',
      help: 'Longest time an event has waited to be published',
      registers,
      collect() {
        this.set(bus.relayAgeMs() / 1000);
      },
    });
    new Gauge({
      name: 'concord_bus_lag_seconds',
      help: 'Longest time a listener has been behind what was published',
      registers,
      collect() {
        this.set(bus.listenerAgeMs() / 1000);
      },
    });
    new Gauge({
      name: 'concord_commands_waiting',
      help: 'Commands queued or under way',
      labelNames: ['context'],
      registers,
      collect() {
        for (const [name, { executor }] of contexts) this.set({ context: name }, executor.depth);
      },
    });
    new Gauge({
      name: 'concord_parked_keys',
      help: 'Objects whose events wait because one of them failed',
      labelNames: ['context'],
      registers,
      async collect() {
        for (const [name, { database }] of contexts) {
          const [row] = await database.query<{ n: number }>('SELECT count(DISTINCT (consumer, stream))::int AS n FROM parked');
          this.set({ context: name }, row?.n ?? 0);
        }
      },
    });
  }
}
