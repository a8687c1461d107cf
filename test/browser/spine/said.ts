/** How the pages write a quantity in English: money in minor units, or hours, items and datasets. */
export function said(quantity: number, unit: string): string {
  if (/^[A-Z]{3}$/u.test(unit)) return money(quantity, unit);
  return `${quantity.toLocaleString('en-US')} ${unit}${quantity === 1 ? '' : 's'}`;
}

function money(minor: number, currency: string): string {
  const digits = minor % 100 === 0 ? 0 : 2;
  return new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
    .format(minor / 100)
    .replace(/\s+/gu, ' ');
}

/** How people type money: major units without marks. */
export const typed = (minor: number): string => String(minor / 100);

/** A result in hundredths of a point. */
export const points = (hundredths: number): string => (hundredths / 100).toFixed(2);

/** A share in permille as percent. */
export const percent = (permille: number): string => `${permille / 10}%`;
