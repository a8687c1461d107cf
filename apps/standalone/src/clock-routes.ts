import { Refused } from '@concord/kernel';
import { problem, type AdjustableClock, type Platform } from '@concord/platform';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';

const Move = z.strictObject({ to: z.iso.datetime() });

/**
 * Business time over HTTP, for the demo: `GET /api/v1/clock` shows it, `POST /api/v1/clock {"to": …}` moves it forward and fires
 * what falls due; for a registrar only. In production these routes do not exist.
 */
export function clockRoutes(fastify: FastifyInstance, clock: AdjustableClock, platform: () => Platform): void {
  const refuse = (reply: FastifyReply, error: unknown) => {
    const answer = problem(error, String(reply.request.id));
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  };
  fastify.get('/api/v1/clock', async () => ({ businessTime: clock.now() }));
  fastify.post('/api/v1/clock', async (request, reply) => {
    const token = /^Bearer (\S+)$/u.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const { authenticator } = platform().context('directory');
    try {
      const { subject } = await authenticator.authenticate(token, undefined);
      if (!subject.platformRoles.includes('registrar')) throw new Refused('forbidden', 'Only a registrar moves business time.');
      const move = Move.safeParse(JSON.parse(String(request.body)));
      if (!move.success) throw new Refused('invalid', 'Send {"to": "<RFC 3339 instant in UTC>"}.');
      moveTo(clock, move.data.to);
      await platform().runDue();
    } catch (error) {
      return refuse(reply, error instanceof SyntaxError ? new Refused('invalid', 'The body is not JSON.') : error);
    }
    return reply.send({ businessTime: clock.now() });
  });
}

function moveTo(clock: AdjustableClock, to: string): void {
  try {
    clock.moveTo(to);
  } catch (error) {
    if (error instanceof RangeError) throw new Refused('invalid', `Business time only moves forward: ${error.message}.`);
    throw error;
  }
}
