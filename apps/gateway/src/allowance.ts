import { EdgeProblem, RateLimiter, type RateLimit } from '@concord/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const PROVEN_MAX = 20_000;

/**
 * How much each caller may ask of the gateway, counted before a body is read. A token has an allowance of its own once a service has
 * answered it with success; until then its requests count on the address they come from: made-up tokens must not each get one.
 */
export class Allowance {
  private readonly limiter: RateLimiter;
  private readonly proven = new Set<string>();

  constructor(limit: RateLimit) {
    this.limiter = new RateLimiter(limit);
  }

  /** Counts every request to the API from now on; one beyond the allowance is answered 429. */
  guard(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', async (request) => {
      if (request.url.startsWith('/api/')) this.admit(request);
    });
    fastify.addHook('onResponse', async (request, reply) => {
      const { authorization } = request.headers;
      if (authorization !== undefined && reply.statusCode < 300) this.prove(authorization);
    });
  }

  private admit({ headers: { authorization }, ip }: FastifyRequest): void {
    const wait = this.limiter.take(authorization !== undefined && this.proven.has(authorization) ? authorization : ip);
    if (wait > 0)
      throw new EdgeProblem(429, 'rate_limited', `Too many requests. Wait ${wait} s.`, [], { 'retry-after': String(wait) });
  }

  private prove(authorization: string): void {
    this.proven.delete(authorization);
    this.proven.add(authorization);
    if (this.proven.size > PROVEN_MAX) this.proven.delete(this.proven.values().next().value!);
  }
}
