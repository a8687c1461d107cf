import fc from 'fast-check';
import { countedIn, quantityWithin } from './currencies.js';

describe('counting another currency', () => {
  it('follows the rate as people write it, also where minor units differ', () => {
    expect(countedIn(12_500_000, '1.2000', 'EUR', 'USD')).toBe(15_000_000);
    expect(countedIn(1_000, '0.0067', 'JPY', 'USD')).toBe(670);
    expect(countedIn(670, '149.25', 'USD', 'JPY')).toBe(1_000);
    expect(countedIn(1_000, '3.25', 'KWD', 'USD')).toBe(325);
  });

  it('rounds half away from zero', () => {
    expect(countedIn(1, '0.5', 'EUR', 'USD')).toBe(1);
    expect(countedIn(1, '0.4999', 'EUR', 'USD')).toBe(0);
  });

  it('is monotone, and finds the most that fits', () => {
    const rate = fc
      .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 1, max: 9999 }))
      .map(([a, b]) => `${a}.${String(b).padStart(4, '0')}`);
    fc.assert(
      fc.property(rate, fc.integer({ min: 1, max: 1e9 }), fc.constantFrom('USD', 'JPY', 'KWD'), (by, open, from) => {
        const most = quantityWithin(open, by, from, 'EUR');
        expect(countedIn(most, by, from, 'EUR')).toBeLessThanOrEqual(open);
        expect(countedIn(most + 1, by, from, 'EUR')).toBeGreaterThan(open);
      }),
    );
  });
});
