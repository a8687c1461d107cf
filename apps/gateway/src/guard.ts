import { Allowance, type RateLimit } from '@concord/platform';
import type { FastifyInstance } from 'fastify';

/** Counts every request to the API from now on. A token has proved itself once a service has answered it with success. */
export function guard(fastify: FastifyInstance, limit: RateLimit): void {
  const allowance = new Allowance(limit);
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api/')) allowance.admit(request, reply);
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const { authorization } = request.headers;
    if (authorization !== undefined && reply.statusCode < 300) allowance.prove(authorization);
  });
}
