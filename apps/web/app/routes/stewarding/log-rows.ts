/** Rows of a log of hours that a page starts with. */
const FIRST = 6;

/** As many rows as the API takes in one log. */
export const LOG_ROWS_MAX = 200;

/** Rows of a log to show: as many as were recorded or asked for. */
export const logRows = (recorded: number, asked: string | undefined): number =>
  Math.min(LOG_ROWS_MAX, Math.max(FIRST, recorded, Number(asked) || 0));

/** Code of the answer that only shows the form again, with more rows. */
export const MORE_ROWS = 'more_rows';
