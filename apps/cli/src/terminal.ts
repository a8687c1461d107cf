/** Exit codes; stable, so that scripts may rely on them. */
export const EXIT = {
  /** Everything is as it should be. */
  ok: 0,
  /** A check found a difference, or the server refused. */
  failed: 1,
  /** The command was called wrongly, or a file cannot be read. */
  usage: 2,
  /** No server answered. */
  unreachable: 3,
} as const;

/** A command was called wrongly. */
export class UsageFault extends Error {}

/** Writes a line of the result. */
export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Writes a result as one line of JSON. */
export const printJson = (value: unknown): void => print(JSON.stringify(value));

/** Whether a person watches. */
export const isWatched = (): boolean => process.stderr.isTTY === true;

/** Writes what goes on to a person who watches; nothing into pipes and logs. */
export function progress(text: string): void {
  if (isWatched()) process.stderr.write(`\r\u001b[K${text}`);
}

const BAR = 24;

/** How far something is, as a bar with its share; the count alone while nobody knows how much there is. */
export function bar(done: number, of: number | undefined): string {
  const count = done.toLocaleString('en-US');
  if (of === undefined || of === 0) return count;
  const share = Math.min(1, done / of);
  const full = Math.round(share * BAR);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${Math.floor(share * 100)} % ${count} of ${of.toLocaleString('en-US')}`;
}

/** Says what went wrong. */
export const complain = (message: string): void => void process.stderr.write(`${message}\n`);

/** A table with aligned columns; the last one is not padded. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
}
