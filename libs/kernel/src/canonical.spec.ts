import fc from 'fast-check';
import { canonical, GENESIS_HASH, hashInput } from './canonical.js';

/** The same value with the members of every object in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe('canonical', () => {
  it('orders keys by code unit at every depth and leaves undefined members out', () => {
    expect(canonical({ b: [{ z: 1, a: 'ä"' }], a: undefined, B: null, '10': true, '9': false })).toBe(
      '{"10":true,"9":false,"B":null,"b":[{"a":"ä\\"","z":1}]}',
    );
  });

  it('writes an undefined item as null, as JSON does', () => {
    expect(canonical([1, undefined, null])).toBe('[1,null,null]');
    expect(canonical(undefined)).toBe('null');
  });

  it('is one text for one value, whatever the order of its members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(reversed(value))).toBe(canonical(value));
      }),
    );
  });

  it('survives a JSON round trip unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonical(value);
        expect(canonical(JSON.parse(JSON.stringify(value)))).toBe(text);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('hashInput', () => {
  const event = { stream: 'need-1', version: 1, kind: 'NeedDrafted', schemaVersion: 1, data: { title: 'x' }, meta: { at: 'now' } };

  it('is the predecessor, a line feed and the event in canonical form', () => {
    expect(hashInput(GENESIS_HASH, event)).toBe(
      `${'0'.repeat(64)}\n{"data":{"title":"x"},"kind":"NeedDrafted","meta":{"at":"now"},"schemaVersion":1,"stream":"need-1","version":1}`,
    );
  });

  it('covers nothing but the fields that are hashed', () => {
    expect(hashInput(GENESIS_HASH, { ...event, ...{ position: 9, xid: '7' } })).toBe(hashInput(GENESIS_HASH, event));
  });

  it.each<[keyof typeof event, unknown]>([
    ['stream', 'need-2'],
    ['version', 2],
    ['kind', 'NeedPublished'],
    ['schemaVersion', 2],
    ['data', { title: 'y' }],
    ['meta', { at: 'then' }],
  ])('differs when %s differs', (field, value) => {
    expect(hashInput(GENESIS_HASH, { ...event, [field]: value })).not.toBe(hashInput(GENESIS_HASH, event));
  });
});
