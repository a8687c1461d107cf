/** An opaque place in a list. Not signed: it selects nothing that the same query without it would not show. */
export const encodeCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');

/** The place a cursor names, or undefined when it is not one of ours. */
export function decodeCursor(cursor: string): (string | number)[] | undefined {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(place) && place.every((part) => typeof part === 'string' || typeof part === 'number')
      ? (place as (string | number)[])
      : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}
