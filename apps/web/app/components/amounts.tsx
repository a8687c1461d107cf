import { useFacts, useProse, useT } from '../facts.js';
import { intlTag, type Locale } from '../locale.js';

const digitsOf = (currency: string): number => {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // The API's currencies are ISO codes; whatever else comes is shown with two digits.
    return 2;
  }
};

/** Money as text: minor units and an ISO 4217 code. Whole amounts show no decimals. */
export function moneyText(locale: Locale, minor: number, currency: string): string {
  const digits = digitsOf(currency);
  const value = minor / 10 ** digits;
  const fraction = Number.isInteger(value) ? 0 : digits;
  return new Intl.NumberFormat(intlTag(locale), {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: fraction,
    maximumFractionDigits: fraction,
  }).format(value);
}

/** A day (`2027-01-31`) or an instant (RFC 3339) as text, in UTC. */
export function whenText(locale: Locale, at: string, withTime = false): string {
  const date = new Date(at);
  return new Intl.DateTimeFormat(intlTag(locale), {
    dateStyle: 'long',
    ...(withTime ? { timeStyle: 'short' as const } : {}),
    timeZone: 'UTC',
    calendar: 'gregory',
  }).format(date);
}

/** A number as text. */
export const numberText = (locale: Locale, value: number, options: Intl.NumberFormatOptions = {}): string =>
  new Intl.NumberFormat(intlTag(locale), options).format(value);

/** Money: integer minor units and an ISO 4217 code. */
export function Money({ minor, currency }: { minor: number; currency: string }) {
  const { locale } = useFacts();
  return <bdi className="amount">{moneyText(locale, minor, currency)}</bdi>;
}

/** A quantity of a line: money where the unit is a currency, else hours, items or datasets. */
export function Quantity({ value, unit }: { value: number; unit: string }) {
  const t = useT();
  const { locale } = useFacts();
  if (/^[A-Z]{3}$/u.test(unit)) return <Money minor={value} currency={unit} />;
  return <bdi className="amount">{quantityText(t, locale, value, unit)}</bdi>;
}

/** A quantity as text. */
export function quantityText(t: ReturnType<typeof useT>, locale: Locale, value: number, unit: string): string {
  if (/^[A-Z]{3}$/u.test(unit)) return moneyText(locale, value, unit);
  return t(`words:quantity.${unit}`, { count: value, shown: numberText(locale, value) });
}

/** A number. */
export function Num({ value }: { value: number }) {
  const { locale } = useFacts();
  return <bdi className="amount">{numberText(locale, value)}</bdi>;
}

/** A share as percent; `of` zero is no share. */
export function percentText(locale: Locale, part: number, of: number): string {
  return of === 0 ? '–' : numberText(locale, part / of, { style: 'percent', maximumFractionDigits: 1 });
}

/** A day or an instant. Times are UTC and say so. */
export function When({ at, time }: { at: string; time?: boolean }) {
  const { locale } = useFacts();
  return (
    <time dateTime={at}>
      <bdi>
        {whenText(locale, at, time)}
        {time ? ' UTC' : ''}
      </bdi>
    </time>
  );
}

/** Name of a country by its ISO 3166 code. */
export function countryName(locale: Locale, code: string): string {
  return new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' }).of(code) ?? code;
}

/** Name of a language by its BCP 47 tag. */
export function languageName(locale: Locale, tag: string): string {
  return new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' }).of(tag) ?? tag;
}

/** A longer text of somebody, in which Markdown is understood; nothing where there is none. */
export function Prose({ lang, children }: { lang?: string; children: string | undefined }) {
  const prose = useProse();
  if (children === undefined) return null;
  return <div className="prose" lang={lang} dir="auto" dangerouslySetInnerHTML={{ __html: prose.html(children) }} />;
}

/** Content in its own language: its `lang` and direction, and a label when that is not the page's. */
export function Content({ lang, children, block }: { lang: string; children: string; block?: boolean }) {
  const t = useT();
  const { locale } = useFacts();
  const foreign = !lang.toLowerCase().startsWith(locale);
  const label = foreign ? <span className="mark"> {t('site:original', { language: languageName(locale, lang) })}</span> : null;
  if (block)
    return (
      <>
        <Prose lang={lang}>{children}</Prose>
        {label}
      </>
    );
  return (
    <>
      <span lang={lang} dir="auto">
        {children}
      </span>
      {label}
    </>
  );
}
