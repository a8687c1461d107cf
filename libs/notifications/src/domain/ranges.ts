/** Item numbers from the first to the last, both included. */
export type Range = readonly [first: number, last: number];

/** The numbers as ranges in rising order, neighbours joined. */
export function rangesOf(numbers: readonly number[]): Range[] {
  return joined(numbers.map((number): Range => [number, number]));
}

/** Ranges in rising order without overlap, neighbours joined. */
export function joined(ranges: readonly Range[]): Range[] {
  const out: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = out.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else out.push([first, last]);
  }
  return out;
}

/** What is in both; both sides in rising order without overlap. */
export function common(left: readonly Range[], right: readonly Range[]): Range[] {
  const out: Range[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const [a, b] = left[i]!;
    const [c, d] = right[j]!;
    if (Math.max(a, c) <= Math.min(b, d)) out.push([Math.max(a, c), Math.min(b, d)]);
    if (b < d) i += 1;
    else j += 1;
  }
  return out;
}

/** What is in the left but not in the right; both sides in rising order without overlap. */
export function without(left: readonly Range[], right: readonly Range[]): Range[] {
  const out: Range[] = [];
  for (const [first, last] of left) {
    let next = first;
    for (const [a, b] of right) {
      if (b < next) continue;
      if (a > last) break;
      if (a > next) out.push([next, a - 1]);
      next = b + 1;
    }
    if (next <= last) out.push([next, last]);
  }
  return out;
}

/** How many numbers the ranges hold. */
export const sizeOf = (ranges: readonly Range[]): number => ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
