/** The languages of the interface, in the order the switch shows them. */
export const LOCALES = ['ar', 'zh', 'en', 'fr', 'ru', 'es'] as const;
/** A language of the interface. */
export type Locale = (typeof LOCALES)[number];

/** Each language by its own name. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = {
  ar: 'العربية',
  zh: '中文',
  en: 'English',
  fr: 'Français',
  ru: 'Русский',
  es: 'Español',
};

/** Whether a path segment names a language of the interface. */
export const isLocale = (value: string | undefined): value is Locale => LOCALES.includes(value as Locale);

/** Writing direction of a language. */
export const directionOf = (locale: string): 'rtl' | 'ltr' => (/^(ar|dv|fa|he|ps|ur)\b/u.test(locale) ? 'rtl' : 'ltr');

/** What `Intl` is asked for: Arabic with the digits that the six languages share, so that amounts compare across them. */
export const intlTag = (locale: Locale): string => (locale === 'ar' ? 'ar-u-nu-latn' : locale);

/** The best language for an `Accept-Language` header; English when none fits. */
export function preferredLocale(header: string | null): Locale {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((one) => /^\s*q=([\d.]+)/u.exec(one)?.[1]).find((q) => q !== undefined);
      return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted.map(({ language }) => language).find(isLocale) ?? 'en';
}
