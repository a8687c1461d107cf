import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeadCache } from '../log/head-cache.js';
import { EdgeProblem } from './problem.js';

/** Tokens refill at `perSecond` up to `burst`; a request takes one. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  atMs: number;
}

const BUCKETS_MAX = 50_000;
const PROVEN_MAX = 20_000;

/**
 * How much each caller may ask, counted before a body is read, so that a flood costs little. Real time. A token has an allowance of its own
 * once it has proved itself; until then its requests count on the address they come from: made-up tokens must not each get one.
 */
export class Allowance {
  private readonly buckets = new HeadCache<Bucket>(BUCKETS_MAX);
  private readonly proven = new HeadCache<true>(PROVEN_MAX);
  private readonly policy: string;

  constructor(private readonly limit: RateLimit) {
    this.policy = `"caller";q=${limit.burst};w=${Math.ceil(limit.burst / limit.perSecond)}`;
  }

  /**
   * Counts a request. Every answer says what is left, in the headers of draft-ietf-httpapi-ratelimit-headers-10: `q` requests at once, again
   * after `w` seconds of silence; `r` of them left, all of them after `t` seconds.
   * @throws EdgeProblem 429 beyond the allowance, with the seconds to wait for the next request.
   */
  admit(request: FastifyRequest, reply: FastifyReply, nowMs = performance.now()): void {
    const { authorization } = request.headers;
    const bucket = this.bucketOf(authorization !== undefined && this.proven.has(authorization) ? authorization : request.ip, nowMs);
    const wait = bucket.tokens < 1 ? Math.ceil((1 - bucket.tokens) / this.limit.perSecond) : 0;
    if (wait === 0) bucket.tokens -= 1;
    const full = Math.ceil((this.limit.burst - bucket.tokens) / this.limit.perSecond);
    reply.header('ratelimit-policy', this.policy).header('ratelimit', `"caller";r=${Math.floor(bucket.tokens)};t=${full}`);
    if (wait > 0)
      throw new EdgeProblem(429, 'rate_limited', `Too many requests. Wait ${wait} s.`, [], { 'retry-after': String(wait) });
  }

  /** From now on the requests of this token count on it. */
  prove(authorization: string): void {
    this.proven.set(authorization, true);
  }

  private bucketOf(caller: string, nowMs: number): Bucket {
    const { perSecond, burst } = this.limit;
    let bucket = this.buckets.get(caller);
    if (!bucket) this.buckets.set(caller, (bucket = { tokens: burst, atMs: nowMs }));
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    return bucket;
  }
}
