import fc from 'fast-check';
import { common, joined, rangesOf, sizeOf, without, type Range } from './ranges.js';

const numbers = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 40 });
const unfold = (ranges: readonly Range[]) =>
  ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));
const sorted = (set: Iterable<number>) => [...new Set(set)].sort((a, b) => a - b);

describe('ranges', () => {
  it('are in rising order, joined and without overlap', () => {
    fc.assert(
      fc.property(numbers, (given) => {
        const ranges = rangesOf(given);
        expect(unfold(ranges)).toEqual(sorted(given));
        for (let i = 1; i < ranges.length; i += 1) expect(ranges[i]![0]).toBeGreaterThan(ranges[i - 1]![1] + 1);
        expect(joined(ranges)).toEqual(ranges);
        expect(sizeOf(ranges)).toBe(new Set(given).size);
      }),
    );
  });

  it('behave as sets do', () => {
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const others = new Set(right);
        expect(unfold(common(rangesOf(left), rangesOf(right)))).toEqual(sorted(left.filter((n) => others.has(n))));
        expect(unfold(without(rangesOf(left), rangesOf(right)))).toEqual(sorted(left.filter((n) => !others.has(n))));
      }),
    );
  });
});
