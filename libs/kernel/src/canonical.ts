/**
 * JSON text with object keys in code-unit order at every depth and without undefined members: the same value has the same
 * text wherever it is computed, so it can be hashed. Follows RFC 8785 for the values Concord stores (strings, safe
 * integers, booleans, null, arrays, objects).
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const object = value as Record<string, unknown>;
  let out = '';
  for (const key of Object.keys(object).sort()) {
    if (object[key] === undefined) continue;
    out += `${out === '' ? '' : ','}${JSON.stringify(key)}:${canonical(object[key])}`;
  }
  return `{${out}}`;
}

/** What the hash of an event covers, beside the hash of its predecessor in the stream (R50). */
export interface HashedEvent {
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly meta: unknown;
}

/** The text whose SHA-256 is an event's hash: predecessor's hash, a line feed, the event in canonical form. */
export function hashInput(previousHash: string, event: HashedEvent): string {
  const { stream, version, kind, schemaVersion, data, meta } = event;
  return `${previousHash}\n${canonical({ stream, version, kind, schemaVersion, data, meta })}`;
}

/** The hash before a stream's first event. */
export const GENESIS_HASH = '0'.repeat(64);
