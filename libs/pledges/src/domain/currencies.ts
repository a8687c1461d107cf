import { Refused } from '@concord/kernel';

/** Currencies whose minor unit is not a hundredth, with the number of decimals. Source: ISO 4217, list one. */
const DECIMALS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);
const decimals = (currency: string): number => DECIMALS.get(currency) ?? 2;

/** A rate between two currencies as people write it ("1 JPY = 0.0067 USD"), as an exact fraction between their minor units. */
function fraction(rate: string, from: string, to: string): { times: bigint; by: bigint } {
  const [whole = '0', tail = ''] = rate.split('.');
  const shift = decimals(to) - decimals(from) - tail.length;
  const digits = BigInt(whole + tail);
  return shift >= 0 ? { times: digits * 10n ** BigInt(shift), by: 1n } : { times: digits, by: 10n ** BigInt(-shift) };
}

/**
 * Minor units of `to` for minor units of `from`, half away from zero (R4). Monotone in the quantity, so that parts of a pledge
 * can be counted as differences of wholes and never drift. Refuses `amount_too_large` beyond 2^53 - 1.
 */
export function countedIn(quantity: number, rate: string, from: string, to: string): number {
  const { times, by } = fraction(rate, from, to);
  const counted = Number((BigInt(quantity) * times * 2n + by) / (by * 2n));
  if (Number.isSafeInteger(counted)) return counted;
  throw new Refused('amount_too_large', 'At this rate the amount is more than Concord can count exactly. Offer less.', {});
}

/** The most of `from` that counts as no more than `open` of `to`: the rounding of `countedIn`, solved for the quantity. */
export function quantityWithin(open: number, rate: string, from: string, to: string): number {
  const { times, by } = fraction(rate, from, to);
  const most = (by * (BigInt(open) * 2n + 1n) - 1n) / (times * 2n);
  return most < BigInt(Number.MAX_SAFE_INTEGER) ? Number(most) : Number.MAX_SAFE_INTEGER;
}
