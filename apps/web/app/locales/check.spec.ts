import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LOCALES } from '../locale.js';
import { localeFaults, type Locales, type Texts } from './check.js';

const APP = resolve(import.meta.dirname, '..');

function repository(): { locales: Locales; sources: string[] } {
  const locales: Record<string, Record<string, Texts>> = {};
  for (const locale of LOCALES) {
    locales[locale] = {};
    for (const file of readdirSync(join(import.meta.dirname, locale)))
      locales[locale][file.replace(/\.json$/u, '')] = JSON.parse(
        readFileSync(join(import.meta.dirname, locale, file), 'utf8'),
      ) as Texts;
  }
  const sources = readdirSync(APP, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name) && !entry.name.endsWith('.spec.ts'))
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'));
  return { locales, sources };
}

it('has every text in six languages, each used, each with its plural forms', () => {
  const { locales, sources } = repository();
  expect(localeFaults(locales, sources)).toEqual([]);
});

describe('the checker', () => {
  const en = { area: { title: 'Title', items_one: '{{count}} item', items_other: '{{count}} items' } };
  const ru = { area: { title: 'Имя', items_one: '1', items_few: '2', items_many: '5', items_other: '0' } };
  const sources = ["t('area:title')", "t('area:items', { count })"];

  it('accepts complete texts', () => {
    expect(localeFaults({ en, ru }, sources)).toEqual([]);
  });

  it('accepts keys whose start is named', () => {
    expect(localeFaults({ en: { area: { state: { open: 'Open' } } } }, ['t(`area:state.${state}`)'])).toEqual([]);
  });

  it.each([
    ['a missing key', { en, ru: { area: { items_one: '1', items_few: '2', items_many: '5', items_other: '0' } } }, sources],
    ['an extra key', { en, ru: { area: { ...ru.area, more: 'Ещё' } } }, sources],
    ['a missing plural form', { en, ru: { area: { title: 'Имя', items_one: '1', items_few: '2', items_other: '0' } } }, sources],
    ['an empty text', { en, ru: { area: { ...ru.area, title: ' ' } } }, sources],
    ['other placeholders', { en, ru: { area: { ...ru.area, title: 'Имя {{name}}' } } }, sources],
    ['an unused key', { en, ru }, ["t('area:title')"]],
    ['a used key without a text', { en, ru }, [...sources, "t('area:nothing')"]],
    ['a used start without texts', { en, ru }, [...sources, 't(`area:state.${state}`)']],
  ])('reports %s', (_what, locales, given) => {
    expect(localeFaults(locales as Locales, given)).toHaveLength(1);
  });
});
