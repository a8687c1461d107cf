import { directionOf, isLocale, preferredLocale } from './locale.js';

it.each([
  ['fr-CA,fr;q=0.9,en;q=0.8', 'fr'],
  ['de, zh-Hans;q=0.4, ru;q=0.7', 'ru'],
  ['ar-MA', 'ar'],
  ['es;q=0, fr;q=0.1', 'fr'],
  ['de', 'en'],
  ['*', 'en'],
  ['', 'en'],
  [null, 'en'],
  [';;;q=,,', 'en'],
])('of %j takes %s', (header, locale) => {
  expect(preferredLocale(header)).toBe(locale);
});

it('knows its languages and which way they are written', () => {
  expect([isLocale('ru'), isLocale('de'), isLocale(undefined)]).toEqual([true, false, false]);
  expect([directionOf('ar'), directionOf('ar-MA'), directionOf('arn'), directionOf('en')]).toEqual(['rtl', 'rtl', 'ltr', 'ltr']);
});
