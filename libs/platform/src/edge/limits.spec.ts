import { RateLimiter } from './limits.js';

describe('RateLimiter', () => {
  it('lets a burst through, then says how long to wait, and refills', () => {
    const limiter = new RateLimiter({ perSecond: 2, burst: 3 });
    expect([limiter.take('a', 0), limiter.take('a', 0), limiter.take('a', 0)]).toEqual([0, 0, 0]);
    expect(limiter.take('a', 0)).toBe(1);
    expect(limiter.take('a', 500)).toBe(0);
    expect(limiter.take('a', 500)).toBe(1);
  });

  it('keeps callers apart', () => {
    const limiter = new RateLimiter({ perSecond: 1, burst: 1 });
    expect(limiter.take('a', 0)).toBe(0);
    expect(limiter.take('b', 0)).toBe(0);
    expect(limiter.left('a')).toBe(0);
    expect(limiter.left('c')).toBe(1);
  });
});
