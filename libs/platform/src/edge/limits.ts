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

/** A token bucket per caller. Checked before a body is read, so that a flood costs little. Real time. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly limit: RateLimit) {}

  /** Takes a token. Returns 0, or the seconds to wait before the next one. */
  take(caller: string, nowMs = performance.now()): number {
    const { perSecond, burst } = this.limit;
    const bucket = this.buckets.get(caller) ?? { tokens: burst, atMs: nowMs };
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    if (!this.buckets.has(caller)) this.add(caller, bucket);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens -= 1;
    return 0;
  }

  /** Whole requests left now. */
  left(caller: string): number {
    return Math.floor(this.buckets.get(caller)?.tokens ?? this.limit.burst);
  }

  private add(caller: string, bucket: Bucket): void {
    if (this.buckets.size >= BUCKETS_MAX) this.buckets.delete(this.buckets.keys().next().value!);
    this.buckets.set(caller, bucket);
  }
}
