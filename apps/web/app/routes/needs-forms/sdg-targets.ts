/** Last numbered target of each of the 17 goals, and the letters after it. Source: A/RES/71/313, the global indicator framework. */
const LAST: readonly (readonly [number, string])[] = [
  [5, 'ab'],
  [5, 'abc'],
  [9, 'abcd'],
  [7, 'abc'],
  [6, 'abc'],
  [6, 'ab'],
  [3, 'ab'],
  [10, 'ab'],
  [5, 'abc'],
  [7, 'abc'],
  [7, 'abc'],
  [8, 'abc'],
  [3, 'ab'],
  [7, 'abc'],
  [9, 'abc'],
  [10, 'ab'],
  [19, ''],
];

/** The 169 targets by goal: numbered ones first, then those on means, which have letters. */
export const TARGETS: readonly { readonly goal: string; readonly targets: readonly string[] }[] = LAST.map(
  ([last, letters], index) => {
    const goal = String(index + 1);
    const numbers = Array.from({ length: last }, (_, n) => String(n + 1));
    return { goal, targets: [...numbers, ...letters].map((part) => `${goal}.${part}`) };
  },
);
