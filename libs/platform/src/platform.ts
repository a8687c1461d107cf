import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import type { Bus } from './bus/bus.js';
import { InProcessBus, type Source } from './bus/in-process.js';
import type { Clock } from './clock.js';
import { Context } from './context/context.js';
import type { ContextAccess } from './database/context-database.js';
import { createHttp, type HttpServer } from './edge/server.js';
import type { RateLimit } from './edge/limits.js';
import { Load } from './load.js';
import type { StandingChange, StandingChanges } from './identity/standing.js';
import type { ServiceDefinition } from './service/definitions.js';

/** Listeners behind the log for longer than this make the process unready: it would show the past. */
const AGE_MS_MAX = 30_000;

export interface PlatformOptions {
  readonly services: readonly ServiceDefinition[];
  /** Database access by context. */
  readonly accesses: ReadonlyMap<string, ContextAccess>;
  readonly clock: Clock;
  readonly standingChanges: StandingChanges;
  readonly version: string;
  readonly rateLimit: RateLimit;
  failed(where: string, error: unknown): void;
  standingChanged?(change: StandingChange): void;
}

/** Several contexts in one process on the in-process bus: the standalone composition. */
export class Platform {
  private constructor(
    readonly contexts: ReadonlyMap<string, Context>,
    private readonly bus: Bus,
    private readonly options: PlatformOptions,
    private readonly load: Load,
  ) {}

  /** Opens the databases, migrates, and starts everything that needs no request. */
  static async start(options: PlatformOptions): Promise<Platform> {
    const load = new Load();
    const sources = new Map<string, Source>();
    const bus = new InProcessBus(
      sources,
      (error, listener) => options.failed(`bus: ${listener}`, error),
      () => load.busy,
    );
    const contexts = new Map<string, Context>();
    const surroundings = {
      clock: options.clock,
      contexts,
      standingChanges: options.standingChanges,
      committed: (context: string) => bus.wake(context),
      busy: () => load.busy,
      catchUp: (context: string) => bus.caughtUp(context, 'directory'),
      failed: (where: string, error: unknown) => options.failed(where, error),
      ...(options.standingChanged ? { standingChanged: (change: StandingChange) => options.standingChanged?.(change) } : {}),
    };
    const opened = await Promise.all(
      options.services.map(async (service) => {
        const access = options.accesses.get(service.name);
        if (!access) throw new Error(`no database for ${service.name}`);
        return [service.name, await Context.open(service, access, surroundings)] as const;
      }),
    );
    for (const [name, context] of opened) {
      contexts.set(name, context);
      sources.set(name, { pool: context.database.pool, publisher: context.publisher });
    }
    for (const context of contexts.values()) await context.start(bus);
    await bus.start();
    for (const context of contexts.values()) context.run();
    const platform = new Platform(contexts, bus, options, load);
    // The signing key and the first administrator are known everywhere before the first request; a long backlog is worked off behind it.
    await Promise.all([...contexts.keys()].map((name) => bus.caughtUp(name, 'directory')));
    return platform;
  }

  /** A context by name. */
  context(name: string): Context {
    const context = this.contexts.get(name);
    if (!context) throw new Error(`${name} does not run in this process`);
    return context;
  }

  /** Fires every deadline that is due, and what follows from it, until nothing moves. */
  async runDue(): Promise<void> {
    for (const context of this.contexts.values()) await context.schedules.runDue();
    await this.settled();
  }

  /** Resolves when nothing moves any more: no command, no listener, no projection. Throws with the last status when something is stuck. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      const before = await this.places();
      for (const context of this.contexts.values()) await context.settled();
      await this.bus.settled();
      quiet = (await this.places()) === before ? quiet + 1 : 0;
    }
  }

  /** Builds the HTTP server over the contexts; it does not accept yet. */
  async http(extend?: (fastify: FastifyInstance) => void): Promise<HttpServer> {
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
      rateLimit: this.options.rateLimit,
      metrics,
      load: this.load,
      metricsText: () => registry.metrics(),
      unready: () => this.unready(),
      failed: (where, error) => this.options.failed(where, error),
      ...(extend ? { extend } : {}),
    });
  }

  /** Stops what acts by itself, lets what is under way finish, closes the databases. */
  async stop(): Promise<void> {
    await Promise.all([...this.contexts.values()].map((context) => context.stop()));
    await this.bus.stop();
    await Promise.all([...this.contexts.values()].map((context) => context.close()));
  }

  private async places(): Promise<string> {
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
    const age = Math.max(this.bus.ageMs(), ...[...this.contexts.values()].map((context) => context.ageMs()));
    if (age > AGE_MS_MAX) unready['bus'] = `a listener has been behind for ${Math.round(age / 1000)} s`;
    return unready;
  }

  private gauges(registers: Registry[]): void {
    const { bus, contexts } = this;
    new Gauge({
      name: 'concord_relay_age_seconds',
      help: 'Longest time a listener has been behind the log',
      registers,
      collect() {
        this.set(bus.ageMs() / 1000);
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
