import fc from 'fast-check';
import { Day, daysAfter, Id, Instant, Reason, Sha256, text } from './shapes.js';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success;

describe('Id', () => {
  it('accepts every UUID of RFC 9562 in lower case', () => {
    fc.assert(fc.property(fc.uuid({ version: [1, 4, 7, 8] }), (id) => accepts(Id, id)));
  });

  it.each(['', '018F2C5E-0000-7000-8000-000000000001', '018f2c5e00007000800000000000001', '00000000-0000-0000-0000-000000000000'])(
    'refuses %j',
    (id) => {
      expect(accepts(Id, id)).toBe(false);
    },
  );
});

describe('Instant and Day', () => {
  it.each<[string, boolean]>([
    ['2026-01-02T03:04:05.000Z', true],
    ['2026-01-02T03:04:05Z', true],
    ['2026-01-02T03:04:05+02:00', false],
    ['2026-02-30T03:04:05Z', false],
    ['yesterday', false],
  ])('takes %s as an instant: %s', (value, expected) => {
    expect(accepts(Instant, value)).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['2026-01-02', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2026-1-2', false],
  ])('takes %s as a day: %s', (value, expected) => {
    expect(accepts(Day, value)).toBe(expected);
  });

  it('adds whole days across months and leap years', () => {
    expect(daysAfter('2028-02-28T23:00:00.000Z', 2)).toBe('2028-03-01T23:00:00.000Z');
    expect(daysAfter('2026-01-01T00:00:00.000Z', -1)).toBe('2025-12-31T00:00:00.000Z');
  });
});

describe('Sha256', () => {
  it('is 64 lower-case hex digits', () => {
    expect(accepts(Sha256, '0'.repeat(64))).toBe(true);
    expect(accepts(Sha256, 'A'.repeat(64))).toBe(false);
    expect(accepts(Sha256, '0'.repeat(63))).toBe(false);
  });
});

describe('text', () => {
  it('is trimmed and may hold any script, line breaks and emoji', () => {
    expect(text(40).parse('  مضخات شمسية\n\tماء 💧 ')).toBe('مضخات شمسية\n\tماء 💧');
  });

  it.each(['', '   ', 'nul \u0000', 'bell \u0007', 'delete \u007f', 'half \ud83d', '12345678901'])('refuses %j', (value) => {
    expect(accepts(text(10), value)).toBe(false);
  });

  it('stays the same when it is read again', () => {
    const Title = text(50);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (value) => {
        const first = Title.safeParse(value);
        if (first.success) expect(Title.parse(first.data)).toBe(first.data);
      }),
    );
  });
});

describe('Reason', () => {
  it('is a code and a text, nothing else', () => {
    expect(accepts(Reason, { code: 'duplicate_need', text: 'Same as need 7.' })).toBe(true);
    expect(accepts(Reason, { code: 'Duplicate', text: 'Same as need 7.' })).toBe(false);
    expect(accepts(Reason, { code: 'duplicate_need', text: '' })).toBe(false);
    expect(accepts(Reason, { code: 'duplicate_need', text: 'x', more: 1 })).toBe(false);
  });
});
