import { standingChanges } from '@concord/access';
import { PUBLIC_KINDS } from '@concord/contracts';
import { directory } from '@concord/directory';
import { attachRooms, feedSignal, gateway } from '@concord/gateway';
import { notifications } from '@concord/notifications';
import { partnerships } from '@concord/partnerships';
import { clockRoutes, type Logger } from '@concord/platform';
import { startService, type RunningService } from '@concord/platform/serve';
import { pledges } from '@concord/pledges';
import { stewardship } from '@concord/stewardship';
import type { FastifyInstance } from 'fastify';
import { forwardPages } from './forwarding-pages.js';
import { forward } from './forwarding.js';
import { guard } from './guard.js';
import { RouteTable } from './route-table.js';
import { addressesOf, type GatewaySettings } from './settings.js';
import { JointTime } from './joint-time.js';

/** The contexts behind the gateway. Of these only the tables of contents are used here; they run elsewhere. */
export const BEHIND = [directory, partnerships, pledges, stewardship({ filesDir: '' }), notifications];

/** The one public door: the rooms and their feed, and every route of every service under one address. */
export function startGateway(settings: GatewaySettings, log: Logger): Promise<RunningService> {
  const addresses = addressesOf(
    BEHIND.map(({ name }) => name),
    settings,
  );
  const failed = (where: string, error: unknown) => log.warn({ at: where, err: error }, 'failed');
  return startService({
    service: gateway,
    settings,
    log,
    standingChanges,
    kinds: PUBLIC_KINDS,
    documented: [...BEHIND, gateway],
    development: (fastify, _clock, platform) =>
      clockRoutes(fastify, new JointTime(addresses, platform), () => platform.context('gateway').authenticator),
    extend: (fastify, metrics) => {
      guard(fastify, { perSecond: settings.CONCORD_REQUESTS_PER_SECOND, burst: settings.CONCORD_REQUESTS_BURST });
      const answerMsMax = settings.CONCORD_ANSWER_MS_MAX;
      forward(fastify, { table: new RouteTable(BEHIND), addresses, answerMsMax, metrics, failed });
      if (settings.CONCORD_WEB_URL !== undefined) forwardPages(fastify, settings.CONCORD_WEB_URL, answerMsMax, failed);
      keys(fastify);
    },
    heard: (message) => feedSignal.grown({ rooms: new Set((message as { rooms: string[] }).rooms) }),
    attach: ({ http, context, siblings }) => {
      const rooms = attachRooms({
        server: http.server,
        context,
        origins: settings.CONCORD_ORIGINS,
        failed: (error) => failed('rooms', error),
      });
      // The other instances learn at once of what this one wrote; their poll makes up for what is lost on the way.
      const silence = feedSignal.listen(({ rooms, written }) => written && siblings.tell({ rooms: [...rooms] }));
      return async () => {
        silence();
        await rooms.close();
      };
    },
  });
}

/** The keys of access tokens where verifiers look for them by custom. */
function keys(fastify: FastifyInstance): void {
  fastify.get('/.well-known/jwks.json', async (_request, reply) => {
    const { statusCode, payload, headers } = await fastify.inject('/api/v1/jwks');
    return reply.code(statusCode).type(String(headers['content-type'])).send(payload);
  });
}
