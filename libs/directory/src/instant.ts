/** A time as the API writes it, from a `timestamptz` column or milliseconds since 1970. */
export const instant = (value: Date | string | number): string => new Date(value).toISOString();

/** Milliseconds of a day. */
export const DAY_MS = 86_400_000;
