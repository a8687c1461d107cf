import { Refused } from '@concord/kernel';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Authenticator } from '../identity/authenticator.js';
import { registrarRoute } from './registrar-route.js';

/** Business time of an installation that may move it: one process, or several that move together. */
export interface BusinessTime {
  now(): Promise<string>;
  /** Moves it forward, fires what falls due, and resolves when nothing moves any more. Throws RangeError for an instant in the past. */
  moveTo(instant: string, token: string): Promise<void>;
}

const Move = z.strictObject({ to: z.iso.datetime() });

/** The instant that a body asks for; refused `invalid` when it names none. */
export function instantOf(body: unknown): string {
  const move = Move.safeParse(body);
  if (!move.success) throw new Refused('invalid', 'Send {"to": "<RFC 3339 instant in UTC>"}.');
  return move.data.to;
}

/**
 * Business time over HTTP, for the demo: `GET /api/v1/clock` shows it, `POST /api/v1/clock {"to": …}` moves it forward and fires
 * what falls due; for a registrar only. In production these routes do not exist.
 */
export function clockRoutes(fastify: FastifyInstance, time: BusinessTime, authenticator: () => Authenticator): void {
  fastify.get('/api/v1/clock', async () => ({ businessTime: await time.now() }));
  fastify.post(
    '/api/v1/clock',
    registrarRoute(authenticator, async ({ body, token }) => {
      try {
        await time.moveTo(instantOf(body), token);
      } catch (error) {
        if (error instanceof RangeError) throw new Refused('invalid', `Business time only moves forward: ${error.message}.`);
        throw error;
      }
      return { businessTime: await time.now() };
    }),
  );
}
