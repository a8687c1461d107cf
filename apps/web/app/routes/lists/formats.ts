/** Forms in which a list can be taken away, by the end of the address. */
export const FORMATS = ['csv', 'json', 'atom', 'feed.json', 'ics'] as const;
/** A form of a list. */
export type Format = (typeof FORMATS)[number];

/** Rows of one file; the statement at its end names the address of the rest. */
export const FILE_ROWS_MAX = 10_000;
/** Entries of a feed: the newest ones. */
export const FEED_ENTRIES_MAX = 50;
/** Rows that a calendar looks at. */
export const CALENDAR_ROWS_MAX = 1_000;

/** The lists that pages show, the forms each has, and where. `:id` is the object the list belongs to. */
export const FILES: readonly { readonly path: string; readonly list: string; readonly formats: readonly Format[] }[] = [
  { path: 'needs', list: 'needs', formats: FORMATS },
  { path: 'projects', list: 'projects', formats: FORMATS },
  { path: 'organisations', list: 'organisations', formats: ['csv', 'json', 'atom', 'feed.json'] },
  { path: 'needs/:id/lines', list: 'lines', formats: ['csv', 'json'] },
  { path: 'needs/:id/pledges', list: 'pledges', formats: ['csv', 'json', 'atom', 'feed.json'] },
];

/** Feeds and calendars are read by programs without cookies: they show what everybody may see, and set none. */
export const isFeed = (format: Format): boolean => format !== 'csv' && format !== 'json';
