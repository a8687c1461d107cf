import { z } from 'zod';
import { defineEvent } from './event.js';

const NeedRenamed = defineEvent('NeedRenamed', z.strictObject({ title: z.string(), language: z.string() }), [
  (data: { name: string }) => ({ title: data.name }),
  (data: { title: string }) => ({ ...data, language: 'en' }),
]);

describe('defineEvent', () => {
  it('makes an event of its kind', () => {
    expect(NeedRenamed({ title: 'Solar pumps', language: 'ar' })).toEqual({
      kind: 'NeedRenamed',
      data: { title: 'Solar pumps', language: 'ar' },
    });
  });

  it('has one version more than lifts', () => {
    expect(NeedRenamed.version).toBe(3);
    expect(defineEvent('NeedClosed', z.strictObject({})).version).toBe(1);
  });

  it.each([
    [1, { name: 'Solar pumps' }],
    [2, { title: 'Solar pumps' }],
    [3, { title: 'Solar pumps', language: 'en' }],
  ])('reads a payload of version %i as the newest shape', (version, stored) => {
    expect(NeedRenamed.parse(stored, version)).toEqual({ title: 'Solar pumps', language: 'en' });
  });

  it('refuses a payload that does not fit after the lifts', () => {
    expect(() => NeedRenamed.parse({ title: 'Solar pumps', language: 7 }, 3)).toThrow(z.ZodError);
    expect(() => NeedRenamed.parse({ title: 'Solar pumps' }, 3)).toThrow(z.ZodError);
  });

  it.each([0, 4, 1.5, Number.NaN])('refuses version %d, which no build up to this one wrote', (version) => {
    expect(() => NeedRenamed.parse({ title: 'x', language: 'en' }, version)).toThrow(RangeError);
  });
});
