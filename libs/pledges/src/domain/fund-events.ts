import { PledgeKind } from '@concord/contracts';
import { Currency, Day, Id, Quantity, Reason, defineEvent, text, z } from '@concord/kernel';

/** A pledge was confirmed for the project: the fund is not settled before it is delivered or lapsed. */
export const CommitmentOpened = defineEvent(
  'CommitmentOpened',
  z.strictObject({ pledgeId: Id, organisationId: Id, kind: PledgeKind, currency: Currency.optional() }),
);
/** Nothing of the commitment is left: delivered or lapsed. */
export const CommitmentFinished = defineEvent('CommitmentFinished', z.strictObject({ pledgeId: Id }));
/** Something of a finished commitment is open again: a delivery was reversed, or the commitment was raised. */
export const CommitmentReopened = defineEvent('CommitmentReopened', z.strictObject({ pledgeId: Id }));
/** Acknowledged money came in. */
export const FundsReceived = defineEvent(
  'FundsReceived',
  z.strictObject({ pledgeId: Id, deliveryId: Id, currency: Currency, quantity: Quantity }),
);
/** Money that had been acknowledged no longer counts. */
export const FundsReceiptReversed = defineEvent(
  'FundsReceiptReversed',
  z.strictObject({ pledgeId: Id, deliveryId: Id, currency: Currency, quantity: Quantity }),
);
/** The lead says that unspent money goes back; the payer has to acknowledge the same. */
export const RefundOffered = defineEvent(
  'RefundOffered',
  z.strictObject({
    pledgeId: Id,
    organisationId: Id,
    currency: Currency,
    quantity: Quantity,
    refundedOn: Day,
    reference: text(140),
    reason: Reason,
  }),
);
/** The plan of the project was agreed: its shares schedule the by-milestone commitments. */
export const PlanAdopted = defineEvent(
  'PlanAdopted',
  z.strictObject({
    hash: z.string().max(64),
    milestones: z.array(z.strictObject({ milestoneId: Id, share: z.int().min(0).max(100) })).max(100),
  }),
);
/** A milestone was released: its instalments are due (R13). */
export const ReleaseRecorded = defineEvent('ReleaseRecorded', z.strictObject({ milestoneId: Id }));
/** The project was suspended: no disbursement (R40). */
export const DisbursementSuspended = defineEvent('DisbursementSuspended', z.strictObject({}));
/** The suspension ended. */
export const DisbursementResumed = defineEvent('DisbursementResumed', z.strictObject({}));
/** The project was cancelled: what is not delivered lapses. */
export const ProjectEnded = defineEvent('ProjectEnded', z.strictObject({ reason: Reason }));
