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
  [/Invalid (?:option|input)|Invalid (?:URL|string|UUID)/u, (t) => t('faults:format')],
];

/** A fault of the API in the reader's language; in the server's words where we do not know it. */
export function faultText(t: Translate, message: string): string {
  for (const [pattern, say] of KNOWN) {
    const found = pattern.exec(message);
    if (found) return say(t, found);
  }
  return message;
}
