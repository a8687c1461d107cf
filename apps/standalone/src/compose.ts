import { standingChanges } from '@concord/access';
import { directoryWith } from '@concord/directory';
import { attachRooms, gateway } from '@concord/gateway';
import { notifications } from '@concord/notifications';
import { partnerships } from '@concord/partnerships';
import {
  AdjustableClock,
  clockRoutes,
  Platform,
  provision,
  reporter,
  SystemClock,
  VERSION,
  type BusinessTime,
  type Logger,
  type ServiceDefinition,
} from '@concord/platform';
import { pledges } from '@concord/pledges';
import { stewardship } from '@concord/stewardship';
import type { FastifyInstance } from 'fastify';
import { join } from 'node:path';
import type { Configuration } from './configuration.js';
import { loadPages } from './pages.js';

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
  const failed = reporter(log);
  // Read while the database answers.
  const loading = loadPages({ dataDir: config.CONCORD_DATA_DIR, version: VERSION, failed });
  loading.catch(() => undefined); // heard below, or the platform has failed before
  const platform = await Platform.start({
    services,
    accesses: await provision(adminUrl, names),
    clock,
    standingChanges,
    version: VERSION,
    rateLimit: { perSecond: config.CONCORD_REQUESTS_PER_SECOND, burst: config.CONCORD_REQUESTS_BURST },
    failed,
  });
  if (adjustable) await platform.followLog(adjustable);
  const pages = await loading;
  const http = await platform.http((fastify) => {
    extend(fastify, platform, adjustable);
    pages(fastify);
  });
  const realtime = attachRooms({
    server: http.server,
    context: platform.context('gateway'),
    origins: config.CONCORD_ORIGINS,
    failed: (error) => failed('rooms', error),
  });
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

/** Business time of this one process. */
const timeOf = (clock: AdjustableClock, platform: Platform): BusinessTime => ({
  now: () => Promise.resolve(clock.now()),
  moveTo: async (instant) => {
    clock.moveTo(instant);
    await platform.runDue();
  },
});

function extend(fastify: FastifyInstance, platform: Platform, clock: AdjustableClock | undefined): void {
  if (clock) clockRoutes(fastify, timeOf(clock, platform), () => platform.context('directory').authenticator);
  fastify.get('/.well-known/jwks.json', async (_request, reply) => {
    const { payload } = await fastify.inject('/api/v1/jwks');
    return reply.type('application/json').send(payload);
  });
}
