/** A value of a cell; numbers are written as they are. */
export type Cell = string | number | boolean | undefined;

const FORMULA = /^[=+\-@\t\r]/u;

/**
 * One cell by RFC 4180. Text that a spreadsheet would run as a formula gets an apostrophe before it: people write these texts, and
 * other people open them.
 */
export function csvCell(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One record with its line end. */
export const csvRecord = (cells: readonly Cell[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** Byte order mark: older spreadsheets take the file for UTF-8 only with it. */
export const BOM = '\uFEFF';

/** Integer minor units as an exact decimal: `decimalText(125050, 2)` is `1250.50`. No float takes part. */
export function decimalText(minor: number, digits: number): string {
  if (digits === 0) return String(minor);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  return `${minor < 0 ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
