import type { Translate } from '../facts.js';

/** What the schemas of the API say in English, and our words for it. */
const KNOWN: readonly (readonly [RegExp, (t: Translate, found: readonly string[]) => string])[] = [
  // A number that could not be read travels as null.
  [/expected (?:number|int), received null/u, (t) => t('faults:number')],
  [/received undefined|expected .* received null|Too small: expected string to have >=1 /u, (t) => t('faults:required')],
  [/Too small: expected string to have >=(\d+) /u, (t, [, n]) => t('faults:tooShort', { count: Number(n) })],
  [/Too big: expected string to have <=(\d+) /u, (t, [, n]) => t('faults:tooLong', { count: Number(n) })],
  [/Too small: expected array to have >=(\d+) /u, (t, [, n]) => t('faults:tooFew', { count: Number(n) })],
  [/Too big: expected array to have <=(\d+) /u, (t, [, n]) => t('faults:tooMany', { count: Number(n) })],
  [/Too small: expected (?:number|int) to be >=?(-?\d+)/u, (t, [, n]) => t('faults:tooLow', { limit: n ?? '' })],
  [/Too big: expected (?:number|int) to be <=?(-?\d+)/u, (t, [, n]) => t('faults:tooHigh', { limit: n ?? '' })],
  [/expected (?:number|int)\b/u, (t) => t('faults:number')],
  [/Invalid email/u, (t) => t('faults:email')],
  [/Invalid (?:ISO )?(?:date|datetime)/u, (t) => t('faults:date')],
  [/Invalid (?:option|input)|Invalid (?:URL|string|UUID)|must be an? |must not contain control/u, (t) => t('faults:format')],
];

/** A fault of the API in the reader's language; in the server's words where we do not know it. */
export function faultText(t: Translate, message: string): string {
  for (const [pattern, say] of KNOWN) {
    const found = pattern.exec(message);
    if (found) return say(t, found);
  }
  return message;
}

/** Faults that say that something was written in the wrong way: true of a field left empty, and no help to whoever left it. */
const MISWRITTEN = ['faults:number', 'faults:email', 'faults:date', 'faults:format'];

/** The fault of a field, where nothing was written or chosen in it: that it has to be filled in. */
export const emptyText = (t: Translate, text: string): string =>
  MISWRITTEN.some((key) => t(key) === text) ? t('faults:required') : text;
