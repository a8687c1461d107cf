import { standingChanges } from '@concord/access';
import { directoryWith } from '@concord/directory';
import { gateway, Realtime } from '@concord/gateway';
import { notifications } from '@concord/notifications';
import { partnerships } from '@concord/partnerships';
import {
  AdjustableClock,
  Platform,
  provision,
  SystemClock,
  Unauthenticated,
  type HttpServer,
  type ServiceDefinition,
} from '@concord/platform';
import { pledges } from '@concord/pledges';
import { stewardship } from '@concord/stewardship';
import type { FastifyInstance } from 'fastify';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { clockRoutes } from './clock-routes.js';
import type { Configuration } from './configuration.js';
import { welcome } from './welcome.js';

/** Version of the product, as the documents and the health answers show it. */
export const VERSION = '0.1.0';

/** The first account of an empty platform. */
export interface Administrator {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  /** Called when this start has made the account. */
  readonly made?: () => void;
}

/** Everything running on one port. */
export interface Running {
  readonly url: string;
  readonly port: number;
  readonly platform: Platform;
  readonly clock: AdjustableClock | SystemClock;
  stop(): Promise<void>;
}

/** Every context of the standalone composition. */
export const servicesOf = (dataDir: string, administrator?: Administrator): readonly ServiceDefinition[] => [
  directoryWith(administrator ? { administrator, ...(administrator.made ? { made: administrator.made } : {}) } : {}),
  partnerships,
  pledges,
  stewardship({ filesDir: join(dataDir, 'files') }),
  notifications,
  gateway,
];

/** Puts every context, the rooms and the documents on one port over one database. */
export async function compose(
  config: Configuration,
  adminUrl: string,
  log: Logger,
  administrator?: Administrator,
): Promise<Running> {
  const services = servicesOf(config.CONCORD_DATA_DIR, administrator);
  const names = services.map(({ name }) => name);
  const adjustable = config.CONCORD_ENV === 'production' ? undefined : new AdjustableClock();
  const clock = adjustable ?? new SystemClock();
  const failed = (where: string, error: unknown) => log.error({ where, err: error }, 'failed');
  const platform = await Platform.start({
    services,
    accesses: await provision(adminUrl, names),
    clock,
    standingChanges,
    version: VERSION,
    rateLimit: { perSecond: config.CONCORD_REQUESTS_PER_SECOND, burst: config.CONCORD_REQUESTS_BURST },
    failed,
  });
  if (adjustable) await catchUp(adjustable, platform);
  const http = await platform.http((fastify) => extend(fastify, platform, adjustable));
  const realtime = attachRooms(http, platform, config, (error) => failed('rooms', error));
  const port = await http.listen(config.CONCORD_PORT, config.CONCORD_HOST);
  return {
    url: `http://${config.CONCORD_HOST.includes(':') ? `[${config.CONCORD_HOST}]` : config.CONCORD_HOST}:${port}`,
    port,
    platform,
    clock,
    stop: async () => {
      await realtime.close();
      await http.close();
      await platform.stop();
    },
  };
}

/** After a restart business time goes on from where the log left it: time never goes back behind an event. */
async function catchUp(clock: AdjustableClock, platform: Platform): Promise<void> {
  for (const { database } of platform.contexts.values()) {
    const [row] = await database.query<{ at: string | null }>(
      `SELECT meta->>'at' AS at FROM events ORDER BY xid DESC, position DESC LIMIT 1`,
    );
    if (row?.at && row.at > clock.now()) clock.moveTo(row.at);
  }
}

function extend(fastify: FastifyInstance, platform: Platform, clock: AdjustableClock | undefined): void {
  if (clock) clockRoutes(fastify, clock, () => platform);
  fastify.get('/.well-known/jwks.json', async (_request, reply) => {
    const { payload } = await fastify.inject('/api/v1/jwks');
    return reply.type('application/json').send(payload);
  });
  fastify.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(welcome(VERSION)));
}

function attachRooms(http: HttpServer, platform: Platform, config: Configuration, failed: (error: unknown) => void): Realtime {
  const { authenticator, database } = platform.context('gateway');
  return new Realtime({
    server: http.server,
    db: database,
    authenticate: async (token) => {
      try {
        return await authenticator.authenticate(token, undefined);
      } catch (error) {
        if (error instanceof Unauthenticated) return undefined;
        throw error;
      }
    },
    isMember: async (person, organisation) => (await authenticator.roles(person, organisation)).length > 0,
    origins: config.CONCORD_ORIGINS.split(',').filter(Boolean),
    failed,
  });
}
