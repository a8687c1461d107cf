/** Decimal digits of a currency (ISO 4217): 2 for USD, 0 for JPY. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Not a currency: the API says so at its own field; the amount is read with two digits meanwhile.
    return 2;
  }
}

/** Digits of Arabic and Persian writing as 0 to 9. */
const western = (text: string): string =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9]/gu, (digit) => String((digit.codePointAt(0) ?? 0) % 16));

/**
 * What somebody wrote as a number, with a point before decimals: "1,000.50", "1 000,50" and "1.000,50" are all 1000.50. A single
 * mark before three digits groups ("1,000"); NaN-like texts come back as undefined.
 */
function plain(text: string): string | undefined {
  const dense = western(text)
    .replace(/[\s\u00a0\u202f'\u2019\u066c]/gu, '')
    .replaceAll('\u066b', '.');
  const last = Math.max(dense.lastIndexOf('.'), dense.lastIndexOf(','));
  if (last < 0) return /^\d{1,15}$/u.test(dense) ? dense : undefined;
  const mark = dense[last] ?? '.';
  const [whole, part] = [dense.slice(0, last), dense.slice(last + 1)];
  const groups = part.length === 3 && !whole.includes(mark === '.' ? ',' : '.');
  const repeated = whole.includes(mark);
  if (groups || repeated) {
    const parts = dense.split(mark);
    const even = parts.slice(1).every((one) => /^\d{3}$/u.test(one)) && /^\d{1,3}$/u.test(parts[0] ?? '');
    return even ? parts.join('') : undefined;
  }
  const grouped = whole.replaceAll(/[.,]/gu, '');
  return /^\d{1,15}$/u.test(grouped) && /^\d{1,10}$/u.test(part) ? `${grouped}.${part}` : undefined;
}

/** Minor units of an amount as people write it; NaN when it is none, or has more decimals than the currency. */
export function minorOf(text: string, currency: string): number {
  const [whole, part = ''] = (plain(text) ?? '').split('.');
  const digits = digitsOf(currency);
  const decimals = part.replace(/0+$/u, '');
  if (!whole || decimals.length > digits) return Number.NaN;
  const minor = Number(`${whole}${decimals.padEnd(digits, '0')}`);
  return Number.isSafeInteger(minor) ? minor : Number.NaN;
}

/** A whole number as people write it; NaN when it is none. */
export const wholeOf = (text: string): number => {
  const value = Number(plain(text) ?? 'NaN');
  return Number.isSafeInteger(value) ? value : Number.NaN;
};

/** A quantity for a field: money in major units without grouping, anything else as it is. */
export function fieldAmount(value: number, unit: string): string {
  if (!isMoney(unit)) return String(value);
  const digits = digitsOf(unit);
  const text = (value / 10 ** digits).toFixed(digits);
  return text.replace(/\.0+$/u, '');
}

/** Whether a unit is a currency; else it is hour, item or dataset. */
export const isMoney = (unit: string): boolean => /^[A-Z]{3}$/u.test(unit);

/** A quantity of a unit as people write it. */
export const quantityOf = (text: string, unit: string): number => (isMoney(unit) ? minorOf(text, unit) : wholeOf(text));
