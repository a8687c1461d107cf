import type { FastifyInstance } from 'fastify';
import type { AdjustableClock } from '../clock.js';
import { instantOf } from '../edge/clock-routes.js';
import { registrarRoute } from '../edge/registrar-route.js';
import type { Platform } from '../platform.js';

/** Where a service shows its business time and lets it be moved. */
export const DEVELOPMENT_CLOCK = '/development/clock';
/** Where a service fires what is due and lets what is under way end; the answer tells where its log ends. */
export const DEVELOPMENT_SETTLEMENT = '/development/settlement';

/** What `DEVELOPMENT_SETTLEMENT` answers. */
export interface Settlement {
  /** The same text three times in a row, in every service, means that nothing moves anywhere. */
  readonly places: string;
}

/**
 * Business time of one service, for the gateway that moves all of them together. Outside of production only; the gateway does not
 * lead there, and the service asks for a registrar itself.
 */
export function developmentRoutes(fastify: FastifyInstance, clock: AdjustableClock, platform: Platform): void {
  const authenticator = () => [...platform.contexts.values()][0]!.authenticator;
  fastify.get(DEVELOPMENT_CLOCK, async () => ({ businessTime: clock.now() }));
  fastify.post(
    DEVELOPMENT_CLOCK,
    registrarRoute(authenticator, async ({ body }) => {
      const to = instantOf(body);
      // A service that is there already was told before, by a request whose answer was lost.
      if (to > clock.now()) clock.moveTo(to);
      return { businessTime: clock.now() };
    }),
  );
  fastify.post(
    DEVELOPMENT_SETTLEMENT,
    registrarRoute(authenticator, async (): Promise<Settlement> => {
      await platform.fireDue();
      await platform.calmed();
      return { places: await platform.places() };
    }),
  );
}
