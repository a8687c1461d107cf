import { Currency, Day, Money, Quantity, Sha256, text } from '@concord/kernel';
import { z } from 'zod';
import { isSpdxLicence } from './spdx-licences.js';

/** What can be pledged; each line of a need asks for one of them. */
export const PLEDGE_KINDS = ['funding', 'expertise', 'in_kind', 'data'] as const;
export const PledgeKind = z.enum(PLEDGE_KINDS).meta({ id: 'PledgeKind' });
export type PledgeKind = z.infer<typeof PledgeKind>;

/** What a quantity counts: minor units of a currency (ISO 4217), hours, items or datasets. Units are never added together (R4). */
export const PledgeUnit = z.union([Currency, z.enum(['hour', 'item', 'dataset'])]).meta({ id: 'PledgeUnit' });

/** Who receives what a line asks for: the lead of the accepted proposal, or the owner of the need. */
export const LineRecipient = z.enum(['lead', 'owner']);
export type LineRecipient = z.infer<typeof LineRecipient>;

/** Decimal rate as text, so that no digit is lost; never zero. */
export const ExchangeRate = z
  .string()
  .regex(/^(?!0+(\.0+)?$)\d{1,9}(\.\d{1,10})?$/u, 'must be a positive decimal such as "1.2000"')
  .meta({
    id: 'ExchangeRate',
    description: 'Units of the line currency for one unit of the pledged currency',
    examples: ['1.2000'],
  });

/** How another currency counts on the line: the rate, its date and its source are fixed in the pledge (R4). */
export const Exchange = z.strictObject({ rate: ExchangeRate, rateDate: Day, source: text(200) }).meta({ id: 'Exchange' });
export type Exchange = z.infer<typeof Exchange>;

/** A day an instalment may fall due on. Bounded, because a calendar date may have a year that no database column takes. */
const DueDay = Day.refine((day) => day >= '2000-01-01' && day <= '2199-12-31', 'must lie between 2000 and 2199');

/** A dated part of a pledge, in minor units of the pledged currency. */
export const DatedInstalment = z.strictObject({ dueOn: DueDay, quantity: Quantity }).meta({ id: 'DatedInstalment' });

/** When money falls due: with the release of each milestone by its share, or on dates. */
export const PaymentSchedule = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('by_milestone') }),
    z.strictObject({ type: z.literal('by_date'), instalments: z.array(DatedInstalment).min(1).max(60) }),
  ])
  .meta({ id: 'PaymentSchedule' });
export type PaymentSchedule = z.infer<typeof PaymentSchedule>;

/** Legal form of the money (IATI FinanceType 110 grant, 421 loan; procurement and revenue share by contract). */
export const INSTRUMENTS = ['grant', 'recurring', 'revenue_share', 'procurement', 'loan'] as const;

/** How the value of goods was found (R14); `not_valued` has no value. */
export const VALUATIONS = ['market_price', 'replacement_cost', 'book_value', 'not_valued'] as const;

/** BCP 47 language tag. */
const Language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/u, 'must be a BCP 47 language tag');

/** Fields of each kind, without its quantity: shared by the HTTP inputs and the stored terms. */
export const fundingFields = {
  instrument: z.enum(INSTRUMENTS),
  /** IATI EarmarkingCategory: 1 un-, 2 softly, 3 earmarked, 4 tightly earmarked. */
  earmarking: z.int().min(1).max(4),
  schedule: PaymentSchedule,
  /** Required when the pledged currency is not the line's. */
  exchange: Exchange.optional(),
};
export const expertiseFields = {
  skill: text(120),
  role: text(120),
  languages: z.array(Language).min(1).max(20),
  remote: z.boolean(),
  from: Day,
  until: Day,
  /** IATI AidType: D01 donor country personnel and pro bono, D02 secondment and other technical assistance. */
  aidType: z.enum(['D01', 'D02']),
  /** Value of one hour; never added to cash (R14). */
  unitValue: Money.optional(),
};
export const inKindFields = {
  item: text(200),
  valuation: z.enum(VALUATIONS),
  /** Value of one item by the method named (R14). */
  unitValue: Money.optional(),
};
export const dataFields = {
  title: text(200),
  format: text(60),
  /** SPDX identifier (R15). */
  licence: z
    .string()
    .max(60)
    .refine(isSpdxLicence, 'must be an SPDX licence identifier such as "CC-BY-4.0"')
    .meta({ description: 'SPDX licence identifier' }),
  records: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  personalData: z.enum(['none', 'pseudonymised', 'present']),
  /** Checksum of the file to be handed over. */
  sha256: Sha256,
};

export const FundingTerms = z.strictObject(fundingFields).meta({ id: 'FundingTerms' });
export const ExpertiseTerms = z.strictObject(expertiseFields).meta({ id: 'ExpertiseTerms' });
export const InKindTerms = z.strictObject(inKindFields).meta({ id: 'InKindTerms' });
export const DataTerms = z.strictObject(dataFields).meta({ id: 'DataTerms' });

/** What was offered beside its quantity; the pledge's `kind` says which of the four. */
export const PledgeTerms = z.union([FundingTerms, ExpertiseTerms, InKindTerms, DataTerms]).meta({ id: 'PledgeTerms' });
export type PledgeTerms = z.infer<typeof PledgeTerms>;
