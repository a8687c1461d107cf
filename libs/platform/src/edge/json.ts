/** Why a body is not acceptable JSON; the message is safe to show. */
export class BadJson extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadJson';
  }
}

const DEPTH_MAX = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a request body. Stricter than `JSON.parse`: refuses bytes that are not UTF-8, an object with the same key twice, keys
 * that reach into prototypes, more than 32 levels, and whole numbers written so that reading may round them (`1e3`, `10.0`,
 * 2^53 + 1): in each of these cases two readers of the same bytes could see different values.
 */
export function parseJson(bytes: Uint8Array): unknown {
  const source = decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new BadJson(`The body is not JSON: ${cause instanceof Error ? cause.message : 'it cannot be read'}.`);
  }
  inspect(source);
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new BadJson('The body is not UTF-8.');
  }
}

/** Walks text that `JSON.parse` has accepted, so every token is known to be well formed. */
function inspect(source: string): void {
  const keys: (Set<string> | undefined)[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const char = source.charCodeAt(at);
    if (char === 0x22 /* " */) {
      const end = stringEnd(source, at);
      const seen = keys.at(-1);
      if (seen && isKey(source, end)) noteKey(source.slice(at, end + 1), seen);
      at = end;
    } else if (char === 0x7b /* { */ || char === 0x5b /* [ */) {
      keys.push(char === 0x7b ? new Set() : undefined);
      if (keys.length > DEPTH_MAX) throw new BadJson(`The body is nested deeper than ${DEPTH_MAX} levels.`);
    } else if (char === 0x7d /* } */ || char === 0x5d /* ] */) keys.pop();
    else if (char === 0x2d /* - */ || (char >= 0x30 && char <= 0x39)) at = numberEnd(source, at) - 1;
  }
}

function stringEnd(source: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    const char = source.charCodeAt(at);
    if (char === 0x5c /* \ */) at += 1;
    else if (char === 0x22) return at;
  }
}

/** A string is a key when a colon follows it; values are followed by a comma or a closing bracket. */
function isKey(source: string, end: number): boolean {
  let at = end + 1;
  while (source.charCodeAt(at) <= 0x20) at += 1;
  return source.charCodeAt(at) === 0x3a;
}

function noteKey(literal: string, seen: Set<string>): void {
  const key = literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  if (FORBIDDEN_KEYS.has(key)) throw new BadJson(`The key "${key}" is not allowed.`);
  if (seen.has(key)) throw new BadJson(`The key "${key.slice(0, 100)}" stands twice in one object.`);
  seen.add(key);
}

function numberEnd(source: string, start: number): number {
  const token = /[-+0-9.eE]+/uy;
  token.lastIndex = start;
  const text = token.exec(source)![0];
  const value = Number(text);
  const rounds = Number.isInteger(value) ? !Number.isSafeInteger(value) || /[.eE]/u.test(text) : !Number.isFinite(value);
  if (rounds)
    throw new BadJson(
      `The number ${text.slice(0, 50)} is not exact. Write whole numbers without fraction or exponent, up to 2^53 - 1.`,
    );
  return start + text.length;
}
