import { Hundredths, LanguageTag, NeedLine, NeedLineInput, RegionCode, SdgTarget } from './words.js';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success;
const line = { kind: 'funding', title: 'Equipment', unit: 'USD', target: 60_000_000, minimum: 45_000_000, recipient: 'lead' };

describe('lines', () => {
  it.each([
    ['funding', 'USD', true],
    ['funding', 'hour', false],
    ['expertise', 'hour', true],
    ['expertise', 'USD', false],
    ['in_kind', 'item', true],
    ['data', 'dataset', true],
    ['data', 'item', false],
  ])('count %s in %s: %s', (kind, unit, expected) => {
    expect(accepts(NeedLineInput, { ...line, kind, unit })).toBe(expected);
  });

  it('have whole positive targets and a minimum within', () => {
    for (const target of [0, -1, 0.1, 2 ** 53, '5', null])
      expect(accepts(NeedLineInput, { ...line, minimum: undefined, target })).toBe(false);
    expect(accepts(NeedLineInput, { ...line, minimum: 60_000_001 })).toBe(false);
  });

  it('have an id once they are stored', () => {
    expect(accepts(NeedLine, line)).toBe(false);
    expect(accepts(NeedLine, { ...line, lineId: '00000000-0000-7000-8000-000000000031' })).toBe(true);
  });
});

describe('codes', () => {
  it.each<[string, { safeParse(value: unknown): { success: boolean } }, string, boolean]>([
    ['target', SdgTarget, '4.a', true],
    ['target', SdgTarget, '17.19', true],
    ['target', SdgTarget, '18.1', false],
    ['target', SdgTarget, '4', false],
    ['region', RegionCode, 'MW-ZO', true],
    ['region', RegionCode, 'MW', false],
    ['language', LanguageTag, 'zh-Hans', true],
    ['language', LanguageTag, 'English', false],
  ])('%s %#', (_what, schema, value, expected) => {
    expect(accepts(schema, value)).toBe(expected);
  });

  it('counts scores in hundredths', () => {
    expect(accepts(Hundredths, 8183)).toBe(true);
    expect(accepts(Hundredths, 81.83)).toBe(false);
    expect(accepts(Hundredths, 10_001)).toBe(false);
  });
});
