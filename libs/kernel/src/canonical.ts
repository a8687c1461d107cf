/**
 * JSON text with object keys in code-unit order at every depth and without undefined members: the same value has the same
 * text wherever it is computed, so it can be hashed. Follows RFC 8785 for the values Concord stores (strings, safe
 * integers, booleans, null, arrays, objects).
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Readonly<Record<string, unknown>>);
}

/** Text without anything that JSON escapes: most text, and much faster to quote. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/u;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

function canonicalArray(items: readonly unknown[]): string {
  let out = '';
  for (let index = 0; index < items.length; index += 1) out += (index === 0 ? '' : ',') + canonical(items[index] ?? null);
  return `[${out}]`;
}

/** Up to here a sort by insertion is cheaper than the general one; beyond it, somebody could send what makes it slow. */
const FEW_KEYS = 24;

function sortedKeys(object: object): string[] {
  const keys = Object.keys(object);
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let end = 1; end < keys.length; end += 1) {
    const key = keys[end]!;
    let at = end;
    for (; at > 0 && keys[at - 1]! > key; at -= 1) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

function canonicalObject(object: Readonly<Record<string, unknown>>): string {
  let out = '';
  for (const key of sortedKeys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    out += `${out === '' ? '' : ','}${quoted(key)}:${canonical(value)}`;
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
export function hashInput(previousHash: string, { data, meta, ...event }: HashedEvent): string {
  return hashInputOf(previousHash, { ...event, data: canonical(data), meta: canonical(meta) });
}

/** The same for an event whose data and meta are canonical texts already. The members stand in canonical order. */
export function hashInputOf(previousHash: string, event: HashedEvent & { readonly data: string; readonly meta: string }): string {
  const { stream, version, kind, schemaVersion, data, meta } = event;
  return `${previousHash}\n{"data":${data},"kind":${quoted(kind)},"meta":${meta},"schemaVersion":${schemaVersion},"stream":${quoted(stream)},"version":${version}}`;
}

/** The hash before a stream's first event. */
export const GENESIS_HASH = '0'.repeat(64);
