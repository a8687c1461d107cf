import { z } from 'zod';
import { assert } from './refused.js';

/** Largest amount that JSON carries exactly everywhere. */
export const AMOUNT_MAX = Number.MAX_SAFE_INTEGER;

/** A positive whole quantity: minor units of money, hours, items or datasets. */
export const Quantity = z.int().min(1).max(AMOUNT_MAX).meta({ id: 'Quantity', description: 'Whole number from 1 to 2^53 - 1' });

/** ISO 4217 alphabetic code. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/u)
  .meta({ id: 'Currency', description: 'ISO 4217 alphabetic code', examples: ['USD'] });

/** An amount of one currency in minor units (cents). Amounts of different currencies are never added together (R4). */
export const Money = z
  .strictObject({ amount: Quantity, currency: Currency })
  .meta({ id: 'Money', description: 'Minor units and currency' });
export type Money = z.infer<typeof Money>;

/** Sum that refuses to leave the exact integers. */
export function add(a: number, b: number): number {
  const sum = a + b;
  assert(Number.isSafeInteger(sum), `${a} + ${b} stays a safe integer`);
  return sum;
}

/**
 * Splits a whole into shares by largest remainders, so that the parts sum to the whole (R5). Ties go to the earlier share.
 * `weights` are non-negative numbers with a positive sum.
 */
export function split(whole: number, weights: readonly number[]): number[] {
  const big = weights.map((weight) => BigInt(Math.round(weight * 1_000_000)));
  const bigTotal = big.reduce((sum, weight) => sum + weight, 0n);
  assert(
    Number.isSafeInteger(whole) && whole >= 0 && bigTotal > 0n,
    'a split needs a whole number and weights of at least a millionth',
  );
  const parts = big.map((weight) => Number((BigInt(whole) * weight) / bigTotal));
  const remainders = big.map((weight, index) => ({ index, remainder: (BigInt(whole) * weight) % bigTotal }));
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  let left = whole - parts.reduce((sum, part) => sum + part, 0);
  for (const { index } of remainders) {
    if (left === 0) break;
    parts[index] = (parts[index] ?? 0) + 1;
    left -= 1;
  }
  return parts;
}

/**
 * Converts minor units at a rate written as a decimal string ("1.2000"), half away from zero. The rate, its date and its
 * source are fixed in the pledge (R4).
 */
export function convert(amount: number, rate: string): number {
  const [whole = '0', fraction = ''] = rate.split('.');
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(amount) * BigInt(whole + fraction);
  const converted = Number((scaled * 2n + scale) / (scale * 2n));
  assert(Number.isSafeInteger(converted), 'a converted amount stays a safe integer');
  return converted;
}
