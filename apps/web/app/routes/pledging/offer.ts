import type { PledgeResource } from '@concord/contracts';
import type { z } from 'zod';
import { digitsOf, fieldAmount, isMoney, minorOf, wholeOf } from '../needs-forms/amount-text.js';
import { dayOf, endOfDay, listOf } from '../needs-forms/topics.js';

/** A pledge as the API shows it. */
export type Pledge = z.output<typeof PledgeResource>;
/** What can be pledged. */
export type Kind = Pledge['kind'];
/** The pages of the journey: what is offered, on which terms, and the check before it is sent. */
export const PARTS = ['offer', 'terms', 'check'] as const;
/** A page of the journey. */
export type Part = (typeof PARTS)[number];

/** Dated instalments the form has room for. */
export const INSTALMENTS_MAX = 12;

/** Fields of each kind on the first page, and on the second. */
export const FIELDS: Readonly<Record<Kind, Readonly<Record<'offer' | 'terms', readonly string[]>>>> = {
  funding: {
    offer: ['amount', 'currency'],
    terms: ['rate', 'rateDate', 'source', 'instrument', 'earmarking', 'schedule', 'validUntil'],
  },
  expertise: {
    offer: ['hours', 'skill', 'role'],
    terms: ['aidType', 'languages', 'remote', 'from', 'until', 'unitValue', 'unitCurrency', 'validUntil'],
  },
  in_kind: { offer: ['items', 'item'], terms: ['valuation', 'unitValue', 'unitCurrency', 'validUntil'] },
  data: { offer: ['title'], terms: ['format', 'licence', 'records', 'personalData', 'sha256', 'validUntil'] },
};

/** The page on which a field is typed. */
export const partOf = (kind: Kind, field: string): Part =>
  field.startsWith('instalments.') || FIELDS[kind].terms.includes(field)
    ? 'terms'
    : FIELDS[kind].offer.includes(field)
      ? 'offer'
      : 'check';

type Text = (name: string) => string | undefined;

const ROWS = Array.from({ length: INSTALMENTS_MAX }, (_, index) => index);

/** Rows of dated instalments in which something is written; the API counts only these. */
export const rowsSent = (text: Text): number[] =>
  ROWS.filter((index) => text(`instalments.${index}.dueOn`) !== undefined || text(`instalments.${index}.amount`) !== undefined);

const whole = (text: string | undefined): number | undefined => (text === undefined ? undefined : wholeOf(text));

function scheduleOf(text: Text, currency: string) {
  if (text('schedule') !== 'by_date') return { type: text('schedule') };
  const instalments = rowsSent(text).map((index) => ({
    dueOn: text(`instalments.${index}.dueOn`),
    quantity: minorOf(text(`instalments.${index}.amount`) ?? '', currency),
  }));
  return { type: 'by_date', instalments };
}

function unitValueOf(text: Text) {
  const value = text('unitValue');
  if (value === undefined) return {};
  const currency = (text('unitCurrency') ?? '').toUpperCase();
  return { unitValue: { amount: minorOf(value, currency), currency } };
}

/** What was typed as the API takes it; `lineUnit` decides whether a rate belongs to it (R4). */
export function offerBody(kind: Kind, lineUnit: string, text: Text): Record<string, unknown> {
  const until = endOfDay(text('validUntil'));
  const valid = until === undefined ? {} : { validUntil: until };
  switch (kind) {
    case 'funding': {
      const currency = (text('currency') ?? '').toUpperCase();
      const exchange = { rate: text('rate')?.replace(',', '.'), rateDate: text('rateDate'), source: text('source') };
      return {
        kind,
        amount: { amount: text('amount') === undefined ? undefined : minorOf(text('amount') ?? '', currency), currency },
        instrument: text('instrument'),
        earmarking: whole(text('earmarking')),
        schedule: scheduleOf(text, currency),
        ...(currency === lineUnit ? {} : { exchange }),
        ...valid,
      };
    }
    case 'expertise':
      return {
        kind,
        hours: whole(text('hours')),
        skill: text('skill'),
        role: text('role'),
        languages: listOf(text('languages')),
        remote: text('remote') === undefined ? undefined : text('remote') === 'yes',
        from: text('from'),
        until: text('until'),
        aidType: text('aidType'),
        ...unitValueOf(text),
        ...valid,
      };
    case 'in_kind':
      return {
        kind,
        items: whole(text('items')),
        item: text('item'),
        valuation: text('valuation'),
        ...unitValueOf(text),
        ...valid,
      };
    case 'data':
      return {
        kind,
        title: text('title'),
        format: text('format'),
        licence: text('licence'),
        records: whole(text('records')),
        personalData: text('personalData'),
        sha256: text('sha256')?.toLowerCase(),
        ...valid,
      };
  }
}

/** The field for a pointer of the API; `rows` are the instalment rows that were sent. */
export function offerField(pointer: string, rows: readonly number[]): string | undefined {
  const [, field = '', part = '', at = '', leaf = ''] = pointer.split('/');
  switch (field) {
    case 'amount':
      return part === 'currency' ? 'currency' : 'amount';
    case 'unitValue':
      return part === 'currency' ? 'unitCurrency' : 'unitValue';
    case 'exchange':
      return part === '' ? 'rate' : part;
    case 'schedule':
      return at === '' ? 'schedule' : `instalments.${rows[Number(at)] ?? 0}.${leaf === 'dueOn' ? 'dueOn' : 'amount'}`;
    case '':
      return undefined;
    default:
      return field;
  }
}

function fundingValues({ quantity, unit, terms }: Pledge): Record<string, string> {
  if (!('schedule' in terms)) return {};
  const { instrument, earmarking, schedule, exchange } = terms;
  const values: Record<string, string> = {
    amount: fieldAmount(quantity, unit),
    currency: unit,
    instrument,
    earmarking: String(earmarking),
    schedule: schedule.type,
    rate: exchange?.rate ?? '',
    rateDate: exchange?.rateDate ?? '',
    source: exchange?.source ?? '',
  };
  for (const [index, one] of (schedule.type === 'by_date' ? schedule.instalments : []).entries()) {
    values[`instalments.${index}.dueOn`] = one.dueOn;
    values[`instalments.${index}.amount`] = fieldAmount(one.quantity, unit);
  }
  return values;
}

const valueOf = (value: { readonly amount: number; readonly currency: string } | undefined): Record<string, string> =>
  value ? { unitValue: fieldAmount(value.amount, value.currency), unitCurrency: value.currency } : { unitValue: '' };

/** A pledge as the fields show it, for changing it. */
export function offerValues(pledge: Pledge): Record<string, string> {
  const { terms, quantity, validUntil } = pledge;
  const until = { validUntil: dayOf(validUntil) };
  if ('schedule' in terms) return { ...fundingValues(pledge), ...until };
  if ('skill' in terms) {
    const { skill, role, languages, remote, from, until: ends, aidType, unitValue } = terms;
    const given = { hours: String(quantity), skill, role, languages: languages.join(', '), from, until: ends, aidType };
    return { ...given, remote: remote ? 'yes' : 'no', ...valueOf(unitValue), ...until };
  }
  if ('valuation' in terms) {
    return { items: String(quantity), item: terms.item, valuation: terms.valuation, ...valueOf(terms.unitValue), ...until };
  }
  const { title, format, licence, records, personalData, sha256 } = terms;
  return { title, format, licence, records: String(records), personalData, sha256, ...until };
}

/** What an amount counts in the unit of its line at a rate, for the check page; the API computes what is recorded (R4). */
export function countsAs(minor: number, currency: string, rate: string, lineUnit: string): number {
  if (!isMoney(lineUnit)) return minor;
  return Math.round(minor * Number(rate) * 10 ** (digitsOf(lineUnit) - digitsOf(currency)));
}
