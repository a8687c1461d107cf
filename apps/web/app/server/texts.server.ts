import i18next, { type i18n } from 'i18next';
import type { Translate } from '../facts.js';
import { LOCALES, type Locale } from '../locale.js';

type Texts = Readonly<Record<string, unknown>>;

const files = import.meta.glob<Texts>('../locales/*/*.json', { eager: true, import: 'default' });

/** Texts by language and namespace, from `app/locales/<language>/<namespace>.json`. */
const resources: Record<string, Record<string, Texts>> = {};
for (const [path, texts] of Object.entries(files)) {
  const [, language = '', namespace = ''] = /\/([a-z]{2})\/([a-z-]+)\.json$/u.exec(path) ?? [];
  (resources[language] ??= {})[namespace] = texts;
}

const instance: i18n = i18next.createInstance();
void instance.init({
  resources: resources as never,
  supportedLngs: [...LOCALES],
  fallbackLng: 'en',
  defaultNS: 'site',
  initAsync: false,
  showSupportNotice: false,
  interpolation: { escapeValue: false },
} as never);

/** The translator of a language. A key that does not exist comes back as it is; the checker finds it before a reader does. */
export const translator = (locale: Locale): Translate => instance.getFixedT(locale) as unknown as Translate;

/** Whether a key has a text in a language. */
export const hasText = (locale: Locale, key: string): boolean => instance.exists(key, { lng: locale, fallbackLng: false } as never);

/** The texts a hydrated page needs. */
export const textsOf = (locale: Locale, namespaces: readonly string[]): Record<string, Texts> =>
  Object.fromEntries(namespaces.map((name) => [name, resources[locale]?.[name] ?? {}]));
