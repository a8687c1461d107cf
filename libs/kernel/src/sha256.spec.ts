import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { sha256Hex, versionHash } from './index.js';

describe('sha256Hex', () => {
  it("is Node's SHA-256 for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    );
  });

  it.each([0, 55, 56, 63, 64, 65, 119, 120, 1000])('pads %i bytes right', (length) => {
    const text = 'a'.repeat(length);
    expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('versionHash', () => {
  it('does not depend on the order of keys, and does on every value', () => {
    expect(versionHash({ a: 1, b: [2, { c: 3, d: 4 }] })).toBe(versionHash({ b: [2, { d: 4, c: 3 }], a: 1 }));
    expect(versionHash({ a: 1 })).not.toBe(versionHash({ a: 2 }));
  });
});
