import { countryName, languageName, type Option } from '../../components/index.js';
import type { Locale } from '../../locale.js';
import { COUNTRIES, LANGUAGES } from './codes.js';

const sorted = (locale: Locale, options: readonly { readonly value: string; readonly label: string }[]) => {
  const { compare } = new Intl.Collator(locale);
  return [...options].sort((a, b) => compare(a.label, b.label));
};

/** Every country by its name in the reader's language, in that language's order. */
export const countryOptions = (locale: Locale): Option[] =>
  sorted(
    locale,
    COUNTRIES.map((value) => ({ value, label: countryName(locale, value) })),
  );

/** Languages by their names in the reader's language; one that is not on our list is added. */
export const languageOptions = (locale: Locale, present?: string): Option[] =>
  sorted(
    locale,
    [...new Set([...LANGUAGES, ...(present === undefined ? [] : [present])])].map((value) => ({
      value,
      label: languageName(locale, value),
    })),
  );
