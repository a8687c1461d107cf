/** A cell as RFC 4180 wants it; what a spreadsheet would run as a formula is made text. */
function cell(value: string | number | undefined): string {
  if (typeof value === 'number') return String(value);
  const text = value ?? '';
  const safe = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV with their head, for `name`.csv; the mark at the start tells spreadsheets that it is UTF-8. */
export function csvAnswer(
  name: string,
  head: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): Response {
  const lines = [head, ...rows].map((row) => row.map(cell).join(','));
  return new Response(`\uFEFF${lines.join('\r\n')}\r\n`, {
    headers: { 'content-type': 'text/csv; charset=utf-8', 'content-disposition': `attachment; filename="${name}.csv"` },
  });
}
