import type { FastifyInstance } from 'fastify';
import { KafkaBus } from '../bus/kafka.js';
import type { KafkaSecurity } from '../bus/kafka-client.js';
import { AdjustableClock, SystemClock } from '../clock.js';
import type { Context } from '../context/context.js';
import type { ContextAccess } from '../database/context-database.js';
import { derivedPassword, provision } from '../database/provision.js';
import type { EdgeMetrics } from '../edge/edge.js';
import type { HttpServer } from '../edge/server.js';
import type { StandingChange, StandingChanges } from '../identity/standing.js';
import { isConnectionLoss } from '../log/storage.js';
import { Platform } from '../platform.js';
import type { ServiceDefinition } from '../service/definitions.js';
import { reporter, type Logger } from '../telemetry/logger.js';
import { VERSION } from '../version.js';
import { developmentRoutes } from './development-routes.js';
import { Drain } from './drain.js';
import { runProcess, type Running } from './process.js';
import { kafkaSecurity, ServiceSettings } from './settings.js';
import { Siblings } from './siblings.js';

const DRAIN_MS_MAX = 10_000;
const RETRY_MS_MAX = 10_000;

/** A service while it runs. */
export interface RunningService extends Running {
  readonly platform: Platform;
  readonly context: Context;
  readonly http: HttpServer;
  readonly siblings: Siblings;
}

/** What makes one service out of a context. */
export interface ServiceOptions {
  readonly service: ServiceDefinition;
  readonly settings: ServiceSettings;
  readonly log: Logger;
  readonly standingChanges: StandingChanges;
  /** Public kinds by context: a message of another kind is parked under its key. */
  readonly kinds: ReadonlyMap<string, readonly string[]>;
  /** Contexts that the documents describe; the own one when absent. */
  readonly documented?: readonly ServiceDefinition[];
  /** The routes that move business time, outside of production; those of one service when absent. */
  development?(fastify: FastifyInstance, clock: AdjustableClock, platform: Platform): void;
  /** Adds routes beside those of the context. */
  extend?(fastify: FastifyInstance, metrics: EdgeMetrics): void;
  /** Something another process of the same context told, changes of rights apart. */
  heard?(message: unknown): void;
  /** Called before the server accepts; returns what has to end before the requests do. */
  attach?(running: Omit<RunningService, 'url' | 'stop'>): () => Promise<void>;
}

/** Starts one context as a service: its database, the bus over Kafka, its HTTP server. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { service, settings, log } = options;
  const failed = reporter(log);
  const clock = settings.CONCORD_ENV === 'development' ? new AdjustableClock() : new SystemClock();
  const security = kafkaSecurity(settings);
  const access = await patiently(log, () => accessOf(service.name, settings));
  const siblings: Siblings = new Siblings(service.name, {
    heard: (message) => hear(message),
    missed: () => platform.context(service.name).authenticator.forget(),
    failed: (error) => failed('siblings', error),
  });
  // No allowance: the gateway in front counts the requests of each caller, and a full queue answers 503.
  const start = (): Promise<Platform> =>
    Platform.start({
      services: [service],
      accesses: new Map([[service.name, access]]),
      clock,
      standingChanges: options.standingChanges,
      version: VERSION,
      bus: (wiring) => new KafkaBus({ ...kafkaOf(service.name, settings, security), kinds: options.kinds, ...wiring }),
      ...(options.documented ? { documented: options.documented } : {}),
      trustedProxies: settings.CONCORD_TRUSTED_PROXIES,
      failed: (where, error) => failed(where, error),
      standingChanged: (change) => siblings.tell({ standing: change }),
    });
  const platform = await patiently(log, start);
  const context = platform.context(service.name);
  const hear = (message: unknown): void => {
    const { standing } = message as { standing?: StandingChange };
    if (standing) context.authenticator.changed(standing);
    else options.heard?.(message);
  };
  siblings.start(context.database.pool);
  if (clock instanceof AdjustableClock) await platform.followLog(clock);
  const http = await platform.http((fastify, metrics) => {
    if (clock instanceof AdjustableClock) (options.development ?? developmentRoutes)(fastify, clock, platform);
    options.extend?.(fastify, metrics);
  });
  const drain = new Drain(http.server);
  const detach = options.attach?.({ platform, context, http, siblings });
  const port = await http.listen(settings.CONCORD_PORT, settings.CONCORD_HOST);
  return {
    url: `http://${settings.CONCORD_HOST.includes(':') ? `[${settings.CONCORD_HOST}]` : settings.CONCORD_HOST}:${port}`,
    platform,
    context,
    http,
    siblings,
    stop: async () => {
      await detach?.();
      const cutOff = await drain.close(DRAIN_MS_MAX);
      if (cutOff > 0) log.warn({ requests: cutOff }, 'requests were cut off');
      await http.close();
      await siblings.stop();
      await platform.stop();
    },
  };
}

/** A service whose process needs nothing but its context. */
export interface ServiceProcess<S extends typeof ServiceSettings> {
  readonly name: string;
  readonly settings: S;
  readonly standingChanges: StandingChanges;
  readonly kinds: ReadonlyMap<string, readonly string[]>;
  service(settings: ReturnType<S['parse']>): ServiceDefinition;
}

/** The whole of a service's `main.ts`. */
export const runService = <S extends typeof ServiceSettings>({
  name,
  settings,
  standingChanges,
  kinds,
  service,
}: ServiceProcess<S>): Promise<void> =>
  runProcess(name, settings, (config, log) =>
    startService({ service: service(config as ReturnType<S['parse']>), settings: config, log, standingChanges, kinds }),
  );

async function accessOf(name: string, settings: ServiceSettings): Promise<ContextAccess> {
  const { DATABASE_URL: url, CONCORD_DATABASE_CONNECTIONS: connections } = settings;
  if (settings.CONCORD_DATABASE_ROLE === 'own') return { url, schema: name, connections };
  const accesses = await provision(url, [name], derivedPassword(url));
  return { ...accesses.get(name)!, connections };
}

const kafkaOf = (name: string, settings: ServiceSettings, security: KafkaSecurity | undefined) => ({
  brokers: settings.KAFKA_BROKERS.split(','),
  clientId: name,
  ...(security ? { security } : {}),
  topics: {
    partitions: settings.KAFKA_PARTITIONS,
    replication: settings.KAFKA_REPLICATION,
    retentionMs: settings.KAFKA_RETENTION_MS,
  },
});

/** Waits for a database that cannot be reached yet, longer each time; any other fault is thrown at once. */
async function patiently<T>(log: Logger, attempt: () => Promise<T>): Promise<T> {
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      log.warn({ err: error, pauseMs }, 'the database of DATABASE_URL cannot be reached; trying again');
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
