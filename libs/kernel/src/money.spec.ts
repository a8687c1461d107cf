import fc from 'fast-check';
import { add, AMOUNT_MAX, convert, Money, split } from './money.js';

const whole = fc.nat({ max: AMOUNT_MAX });
const weights = fc
  .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 })
  .filter((list) => list.some((weight) => weight > 0));

describe('split', () => {
  it('gives the left-over unit to the largest remainder, and to the earlier share in a tie', () => {
    expect(split(100, [1, 1, 1])).toEqual([34, 33, 33]);
    expect(split(10, [1, 2, 1])).toEqual([3, 5, 2]);
    expect(split(5, [0.1, 0.9])).toEqual([1, 4]);
  });

  it('gives nothing to a weight of zero', () => {
    expect(split(7, [0, 1, 0])).toEqual([0, 7, 0]);
  });

  it('sums to the whole, each part within one unit of its exact share', () => {
    fc.assert(
      fc.property(whole, weights, (amount, list) => {
        const parts = split(amount, list);
        expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(amount));
        const total = BigInt(list.reduce((sum, weight) => sum + weight, 0));
        parts.forEach((part, index) => {
          const distance = BigInt(part) * total - BigInt(amount) * BigInt(list[index] ?? 0);
          expect(distance > -total && distance < total).toBe(true);
        });
      }),
    );
  });

  it('never gives a heavier weight less than a lighter one', () => {
    fc.assert(
      fc.property(whole, weights, (amount, list) => {
        const parts = split(amount, list);
        const byWeight = list
          .map((weight, index) => ({ weight, part: parts[index] ?? 0 }))
          .sort((a, b) => a.weight - b.weight || a.part - b.part);
        byWeight.reduce((lighter, heavier) => {
          expect(heavier.part).toBeGreaterThanOrEqual(lighter.part);
          return heavier;
        });
      }),
    );
  });

  it.each<[number, number[]]>([
    [-1, [1]],
    [1.5, [1]],
    [2 ** 53, [1]],
    [10, []],
    [10, [0, 0]],
  ])('refuses to split %d by %j', (amount, list) => {
    expect(() => split(amount, list)).toThrow('invariant broken');
  });
});

describe('convert', () => {
  it.each<[number, string, number]>([
    [100_00, '1.2000', 120_00],
    [1, '0.5', 1],
    [1, '0.49', 0],
    [3, '0.5', 2],
    [7, '1', 7],
    [AMOUNT_MAX, '1.000', AMOUNT_MAX],
  ])('converts %i at %s to %i, half away from zero', (amount, rate, expected) => {
    expect(convert(amount, rate)).toBe(expected);
  });

  it('is exact for every amount, where a float would not be', () => {
    fc.assert(fc.property(whole, (amount) => convert(amount, '1.0000') === amount));
  });

  it('refuses a result beyond the safe integers', () => {
    expect(() => convert(AMOUNT_MAX, '1.1')).toThrow('safe integer');
  });
});

describe('add', () => {
  it('adds, and refuses to leave the exact integers', () => {
    expect(add(AMOUNT_MAX - 1, 1)).toBe(AMOUNT_MAX);
    expect(() => add(AMOUNT_MAX, 1)).toThrow('safe integer');
  });
});

describe('Money', () => {
  it('is a positive whole number of minor units and a currency', () => {
    expect(Money.parse({ amount: 1250, currency: 'USD' })).toEqual({ amount: 1250, currency: 'USD' });
  });

  it.each([
    { amount: 0, currency: 'USD' },
    { amount: -1, currency: 'USD' },
    { amount: 1.5, currency: 'USD' },
    { amount: 2 ** 53, currency: 'USD' },
    { amount: '1', currency: 'USD' },
    { amount: 1, currency: 'usd' },
    { amount: 1, currency: 'USD', note: 'x' },
    { amount: 1 },
  ])('refuses %j', (value) => {
    expect(Money.safeParse(value).success).toBe(false);
  });
});
