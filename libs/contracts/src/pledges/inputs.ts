import { Day, Id, Instant, Money, Quantity, Reason, Sha256, text } from '@concord/kernel';
import { z } from 'zod';
import { Rejection } from './delivery-events.js';
import { dataFields, expertiseFields, fundingFields, inKindFields } from './kinds.js';

// Each kind is one strict object, quantity and terms flat beside each other: the union is decided by `kind` in one look,
// because making a pledge is the hottest request Concord has.
const funding = { kind: z.literal('funding'), amount: Money, ...fundingFields };
const expertise = { kind: z.literal('expertise'), hours: Quantity, ...expertiseFields };
const inKind = { kind: z.literal('in_kind'), items: Quantity, ...inKindFields };
const data = { kind: z.literal('data'), ...dataFields };

const options = {
  /** Until when the offer stands; 90 days when absent (R11). */
  validUntil: Instant.optional(),
  /** Take what is still open on the line when that is less than offered (R3). */
  acceptPartial: z.boolean().optional(),
};

interface Scheduled {
  readonly amount: Money;
  readonly schedule: { readonly type: string; readonly instalments?: readonly { readonly quantity: number }[] };
}
const sumsUp = ({ amount, schedule }: Scheduled): boolean =>
  schedule.instalments === undefined || schedule.instalments.reduce((sum, { quantity }) => sum + quantity, 0) === amount.amount;
const sumFault = { error: 'dated instalments must sum to the amount (R5)', path: ['schedule', 'instalments'] };

const inOrder = ({ from, until }: { from: string; until: string }): boolean => from <= until;
const orderFault = { error: 'must not be before `from`', path: ['until'] };

const valued = ({ valuation, unitValue }: { valuation: string; unitValue?: Money | undefined }): boolean =>
  (valuation === 'not_valued') === (unitValue === undefined);
const valueFault = { error: 'a value needs its method, and `not_valued` has none (R14)', path: ['unitValue'] };

const made = { id: Id.optional(), lineId: Id, ...options };

/** What `POST /pledges` takes. */
export const MakePledgeInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...made, ...funding }).refine(sumsUp, sumFault),
    z.strictObject({ ...made, ...expertise }).refine(inOrder, orderFault),
    z.strictObject({ ...made, ...inKind }).refine(valued, valueFault),
    z.strictObject({ ...made, ...data }),
  ])
  .meta({ id: 'MakePledgeInput' });
export type MakePledgeInput = z.infer<typeof MakePledgeInput>;

const amended = { reason: Reason, ...options };

/** What `POST /pledges/{id}/amend` takes: the whole offer anew, of the same kind and currency. */
export const AmendPledgeInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...amended, ...funding }).refine(sumsUp, sumFault),
    z.strictObject({ ...amended, ...expertise }).refine(inOrder, orderFault),
    z.strictObject({ ...amended, ...inKind }).refine(valued, valueFault),
    z.strictObject({ ...amended, ...data }),
  ])
  .meta({ id: 'AmendPledgeInput' });
export type AmendPledgeInput = z.infer<typeof AmendPledgeInput>;

/** Accept and confirm name the version they mean (R26). */
export const PledgeVersionInput = z.strictObject({ hash: Sha256 }).meta({ id: 'PledgeVersionInput' });

/** Steps that say why, and nothing else. */
export const PledgesReasonInput = z.strictObject({ reason: Reason }).meta({ id: 'PledgesReasonInput' });

/** The new whole of a commitment, in the pledge's own unit. Both sides send the same quantity (R10). */
export const ReviseCommitmentInput = z.strictObject({ quantity: Quantity, reason: Reason }).meta({ id: 'ReviseCommitmentInput' });

/** Money that was passed on. Concord records it; it does not move money. */
const disbursement = { kind: z.literal('funding'), amount: Money, paidOn: Day, reference: text(140) };
/** Hours of one person on one day; the person is named by a pseudonym (R16, R48). */
export const HoursLogged = z
  .strictObject({ pseudonym: text(40), day: Day, hours: z.int().min(1).max(24), work: text(300) })
  .meta({ id: 'HoursLogged' });
export type HoursLogged = z.infer<typeof HoursLogged>;
const hours = { kind: z.literal('expertise'), log: z.array(HoursLogged).min(1).max(200) };
const goods = { kind: z.literal('in_kind'), items: Quantity, deliveredOn: Day, place: text(200).optional() };
const handover = {
  kind: z.literal('data'),
  handedOverOn: Day,
  records: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  sha256: Sha256,
};

/** What was delivered, by kind: the evidence behind a delivery's quantity. */
export const DeliveryEvidence = z
  .discriminatedUnion('kind', [
    z.strictObject(disbursement),
    z.strictObject(hours),
    z.strictObject(goods),
    z.strictObject(handover),
  ])
  .meta({ id: 'DeliveryEvidence' });
export type DeliveryEvidence = z.infer<typeof DeliveryEvidence>;

const recorded = { id: Id.optional(), pledgeId: Id };

/** What `POST /deliveries` takes. */
export const RecordDeliveryInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ ...recorded, ...disbursement }),
    z.strictObject({ ...recorded, ...hours }),
    z.strictObject({ ...recorded, ...goods }),
    z.strictObject({ ...recorded, ...handover }),
  ])
  .meta({ id: 'RecordDeliveryInput' });

/** What `POST /deliveries/{id}/correct` takes: the whole record anew. */
export const CorrectDeliveryInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ reason: Reason, ...disbursement }),
    z.strictObject({ reason: Reason, ...hours }),
    z.strictObject({ reason: Reason, ...goods }),
    z.strictObject({ reason: Reason, ...handover }),
  ])
  .meta({ id: 'CorrectDeliveryInput' });

/** What the recipient accepts and rejects (R12): together the recorded quantity. For data, the checksum the recipient computed (R15). */
export const AcknowledgeDeliveryInput = z
  .strictObject({
    accepted: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    rejected: z.array(Rejection).max(20).optional(),
    sha256: Sha256.optional(),
    place: text(200).optional(),
  })
  .meta({ id: 'AcknowledgeDeliveryInput' });
export type AcknowledgeDeliveryInput = z.infer<typeof AcknowledgeDeliveryInput>;

/** Money the lead spent. */
export const RecordExpenditureInput = z
  .strictObject({ expenditureId: Id.optional(), amount: Money, spentOn: Day, purpose: text(500) })
  .meta({ id: 'RecordExpenditureInput' });

/** An expenditure that was entered wrongly. */
export const VoidExpenditureInput = z.strictObject({ expenditureId: Id, reason: Reason }).meta({ id: 'VoidExpenditureInput' });

/** Unspent money for the payer of a pledge: the lead says so, the payer acknowledges the same. */
export const RefundFundsInput = z
  .strictObject({ pledgeId: Id, amount: Money, refundedOn: Day, reference: text(140), reason: Reason })
  .meta({ id: 'RefundFundsInput' });
