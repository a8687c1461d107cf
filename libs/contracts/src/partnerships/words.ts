import { Currency, Id, Quantity, text } from '@concord/kernel';
import { z } from 'zod';

/** Where a need stands (domain.md section 4). */
export const NeedStatus = z
  .enum(['draft', 'submitted', 'endorsed', 'published', 'matching', 'partnered', 'closed', 'withdrawn', 'expired'])
  .meta({ id: 'NeedStatus' });
export type NeedStatus = z.infer<typeof NeedStatus>;

/** The five kinds of need (domain.md section 3). */
export const NeedType = z
  .enum(['strategy', 'regulation', 'dpg_funding', 'technical_assistance', 'staff_capacity'])
  .meta({ id: 'NeedType' });
export type NeedType = z.infer<typeof NeedType>;

/** Where a proposal stands (domain.md section 4; without clarification and appeal). */
export const ProposalStatus = z
  .enum(['draft', 'submitted', 'in_review', 'shortlisted', 'accepted', 'declined', 'withdrawn'])
  .meta({ id: 'ProposalStatus' });
export type ProposalStatus = z.infer<typeof ProposalStatus>;

/** A concept note is short and may be invited to become a full proposal; only a full one can be accepted. */
export const ProposalStage = z.enum(['concept_note', 'full']).meta({ id: 'ProposalStage' });
export type ProposalStage = z.infer<typeof ProposalStage>;

/** What a line seeks. */
export const LineKind = z.enum(['funding', 'expertise', 'in_kind', 'data']).meta({ id: 'LineKind' });
export type LineKind = z.infer<typeof LineKind>;

/** Country, ISO 3166-1 alpha-2. */
export const CountryCode = z
  .string()
  .regex(/^[A-Z]{2}$/u)
  .meta({ id: 'CountryCode', description: 'ISO 3166-1 alpha-2', examples: ['MW'] });

/** Part of a country, ISO 3166-2, for maps. */
export const RegionCode = z
  .string()
  .regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/u)
  .meta({ id: 'RegionCode', description: 'ISO 3166-2', examples: ['MW-ZO'] });

/** SDG target, such as 4.a. */
export const SdgTarget = z
  .string()
  .regex(/^(?:[1-9]|1[0-7])\.(?:[1-9]|1\d|[a-d])$/u)
  .meta({ id: 'SdgTarget', description: 'SDG target', examples: ['4.a'] });

/** Language of what is written, BCP 47. */
export const LanguageTag = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u)
  .meta({ id: 'LanguageTag', description: 'BCP 47', examples: ['en'] });

/** The unit of each kind that is not money. */
const UNITS = { expertise: 'hour', in_kind: 'item', data: 'dataset' } as const;

/** Does the unit belong to the kind? Money lines count in a currency, the others in hours, items or datasets. */
export const unitFits = (line: { kind: LineKind; unit: string }): boolean =>
  line.kind === 'funding' ? Currency.safeParse(line.unit).success : line.unit === UNITS[line.kind];

const lineShape = {
  kind: LineKind,
  title: text(200),
  unit: z.string().max(10).meta({ description: 'Currency code for funding; hour, item or dataset for the others' }),
  target: Quantity,
  minimum: Quantity.optional().meta({ description: 'From here on the project may start (R33)' }),
  recipient: z
    .enum(['lead', 'owner'])
    .meta({ description: 'Who receives and acknowledges: the lead of the accepted proposal, or the owner of the need' }),
};

interface Measured {
  readonly kind: LineKind;
  readonly unit: string;
  readonly target: number;
  readonly minimum?: number | undefined;
}
const unitFault = { error: 'the unit must be a currency code for funding, else hour, item or dataset', path: ['unit'] };
const minimumFault = { error: 'the minimum must not be above the target', path: ['minimum'] };
const minimumFits = (line: Measured) => line.minimum === undefined || line.minimum <= line.target;

/** One quantity a need seeks. Targets of funding are minor units; units are never added to one another (R4). */
export const NeedLine = z
  .strictObject({ lineId: Id, ...lineShape })
  .refine(unitFits, unitFault)
  .refine(minimumFits, minimumFault)
  .meta({ id: 'NeedLine' });
export type NeedLine = z.infer<typeof NeedLine>;

/** A line as a client writes it: the id is made when it is left out. */
export const NeedLineInput = z
  .strictObject({ lineId: Id.optional(), ...lineShape })
  .refine(unitFits, unitFault)
  .refine(minimumFits, minimumFault)
  .meta({ id: 'NeedLineInput' });
export type NeedLineInput = z.infer<typeof NeedLineInput>;

const weight = z.int().min(1).max(100).meta({ description: 'Percent; the weights of a need sum to 100 (R24)' });

/** What proposals are judged by. */
export const NeedCriterion = z.strictObject({ criterionId: Id, title: text(200), weight }).meta({ id: 'NeedCriterion' });
export type NeedCriterion = z.infer<typeof NeedCriterion>;

/** A criterion as a client writes it: the id is made when it is left out. */
export const NeedCriterionInput = z
  .strictObject({ criterionId: Id.optional(), title: text(200), weight })
  .meta({ id: 'NeedCriterionInput' });
export type NeedCriterionInput = z.infer<typeof NeedCriterionInput>;

/** Weighted result in hundredths of a point out of 100: 83.5 is 8350. */
export const Hundredths = z
  .int()
  .min(0)
  .max(10_000)
  .meta({ id: 'Hundredths', description: 'Hundredths of a point, 0 to 10000: 83.5 is 8350' });
