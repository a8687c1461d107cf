const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const isCurrency = (unit: string): boolean => /^[A-Z]{3}$/u.test(unit);

/** Minor units of an amount as people write it (`1,250.50`, `1250.5`), or a whole quantity; NaN when it is neither. */
export function quantityIn(unit: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const plain = text.replaceAll(/[\s,\u00a0\u202f]/gu, '');
  const digits = isCurrency(unit) ? digitsOf(unit) : 0;
  const found = /^(\d{1,13})(?:\.(\d+))?$/u.exec(plain);
  const [, whole = '', part = ''] = found ?? [];
  if (!found || part.length > digits) return Number.NaN;
  return Number(whole) * 10 ** digits + Number(part.padEnd(digits, '0') || '0');
}

/** What is sent for a quantity: what cannot be read goes as it was typed, so that the API names its fault beside all others. */
export function sentQuantity(unit: string, text: string | undefined): number | string | undefined {
  const quantity = quantityIn(unit, text);
  return Number.isNaN(quantity) ? text : quantity;
}

/** The same quantity as it is typed. */
export function typedIn(unit: string, quantity: number): string {
  if (!isCurrency(unit)) return String(quantity);
  const digits = digitsOf(unit);
  return (quantity / 10 ** digits).toFixed(Number.isInteger(quantity / 10 ** digits) ? 0 : digits);
}
