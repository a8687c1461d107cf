import { Currency, Day, Id, Instant, Quantity, Reason, Sha256, defineEvent, text } from '@concord/kernel';
import { z } from 'zod';
import { LineRecipient, PledgeKind, PledgeTerms, PledgeUnit } from './kinds.js';

const Whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A change of a quantity, which may go down. */
const Change = z.int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

/** Where a pledge belongs: every event of one carries it, so that a listener needs no look-up. */
const place = { needId: Id, lineId: Id, organisationId: Id };
/** `quantity` in the pledge's own unit, `counted` in the line's (R4). */
const amounts = { kind: PledgeKind, unit: PledgeUnit, quantity: Quantity, counted: Quantity };

// ---- Line: the stream is the line ----

/** A line of a published need opened: its capacity can be taken from now on. */
export const LineOpened = defineEvent(
  'LineOpened',
  z.strictObject({
    needId: Id,
    ownerId: Id,
    kind: PledgeKind,
    title: text(200),
    unit: PledgeUnit,
    target: Quantity,
    minimum: Quantity.optional(),
    recipient: LineRecipient,
  }),
);

/** The need was amended. The target stays at least what is reserved and confirmed (R3); `asked` is what the need asks for when that is less. */
export const LineAmended = defineEvent(
  'LineAmended',
  z.strictObject({
    needId: Id,
    title: text(200),
    target: Quantity,
    minimum: Quantity.optional(),
    recipient: LineRecipient,
    asked: Quantity.optional(),
  }),
);

/** Confirmed pledges reached the line's minimum, for the first time. */
export const LineMinimumReached = defineEvent('LineMinimumReached', z.strictObject({ needId: Id, confirmed: Quantity }));

/** The line takes no more pledges; offers on it lapse. */
export const LineClosed = defineEvent(
  'LineClosed',
  z.strictObject({ needId: Id, reason: z.enum(['need_closed', 'need_withdrawn', 'need_expired', 'line_removed']) }),
);

// ---- Pledge ----

/** A non-binding offer was made (R1). `ownerId` is the owner of the need; `hash` covers quantity and terms (R26). */
export const PledgeMade = defineEvent(
  'PledgeMade',
  z.strictObject({
    ...place,
    ownerId: Id,
    recipient: LineRecipient,
    ...amounts,
    terms: PledgeTerms,
    version: z.literal(1),
    hash: Sha256,
    validUntil: Instant,
  }),
);

/** The pledger changed the offer; an earlier acceptance no longer counts (R9). The changes are against the version before. */
export const PledgeAmended = defineEvent(
  'PledgeAmended',
  z.strictObject({
    ...place,
    ...amounts,
    quantityChange: Change,
    countedChange: Change,
    terms: PledgeTerms,
    version: z.int().min(2),
    hash: Sha256,
    validUntil: Instant,
    reason: Reason,
  }),
);

/** The owner of the need accepted this version. The recipient is known once a proposal has the award, or when it is the owner. */
export const PledgeAccepted = defineEvent('PledgeAccepted', z.strictObject({ ...place, recipientId: Id.optional(), hash: Sha256 }));

/** The owner of the need declined the offer. */
export const PledgeDeclined = defineEvent('PledgeDeclined', z.strictObject({ ...place, ...amounts, reason: Reason }));

/** The pledge became a commitment: a firm written obligation to the recipient. */
export const PledgeConfirmed = defineEvent(
  'PledgeConfirmed',
  z.strictObject({ ...place, projectId: Id, recipientId: Id, ...amounts, hash: Sha256 }),
);

/** The pledger took the offer back before it was confirmed. */
export const PledgeWithdrawn = defineEvent('PledgeWithdrawn', z.strictObject({ ...place, ...amounts, reason: Reason }));

/** An offer, or the undelivered rest of a commitment, came to nothing; the quantities are what lapsed. */
export const PledgeLapsed = defineEvent(
  'PledgeLapsed',
  z.strictObject({
    ...place,
    projectId: Id.optional(),
    ...amounts,
    cause: z.enum(['expired', 'line_closed', 'remainder', 'project_cancelled']),
    reason: Reason.optional(),
  }),
);

/** Both sides changed a commitment (R10); quantities are the new whole, changes against the one before. */
export const CommitmentRevised = defineEvent(
  'CommitmentRevised',
  z.strictObject({
    ...place,
    projectId: Id,
    ...amounts,
    quantityChange: Change,
    countedChange: Change,
    version: z.int().min(2),
    hash: Sha256,
    reason: Reason,
  }),
);

/** A part of a commitment and when it falls due: with a milestone's release, or on a day. */
export const Instalment = z
  .strictObject({ milestoneId: Id.optional(), dueOn: Day.optional(), quantity: Quantity, due: z.boolean() })
  .meta({ id: 'Instalment' });
export type Instalment = z.infer<typeof Instalment>;

/** The instalments of a commitment, all of them; they replace the schedule before and sum to the commitment (R5). */
export const InstalmentsScheduled = defineEvent(
  'InstalmentsScheduled',
  z.strictObject({ ...place, projectId: Id, unit: PledgeUnit, instalments: z.array(Instalment).min(1).max(200) }),
);

/** An instalment may be paid from now on (R13). */
export const InstalmentDue = defineEvent(
  'InstalmentDue',
  z.strictObject({
    ...place,
    projectId: Id,
    milestoneId: Id.optional(),
    dueOn: Day.optional(),
    unit: PledgeUnit,
    quantity: Quantity,
  }),
);

/** The recipient acknowledged a delivery: `quantity` of it counts; `complete` when nothing of the commitment is left (R1). */
export const PledgeDelivered = defineEvent(
  'PledgeDelivered',
  z.strictObject({
    ...place,
    deliveryId: Id,
    projectId: Id,
    recipientId: Id,
    ...amounts,
    counted: Whole,
    complete: z.boolean(),
  }),
);

// ---- Fund: the stream is the project ----

/** The project of an accepted proposal has a fund; its lead receives and spends. */
export const FundOpened = defineEvent('FundOpened', z.strictObject({ needId: Id, ownerId: Id, recipientId: Id }));

/** The lead spent acknowledged money. */
export const ExpenditureRecorded = defineEvent(
  'ExpenditureRecorded',
  z.strictObject({ needId: Id, expenditureId: Id, currency: Currency, quantity: Quantity, spentOn: Day, purpose: text(500) }),
);

/** An expenditure was entered wrongly and is compensated (R2). */
export const ExpenditureVoided = defineEvent(
  'ExpenditureVoided',
  z.strictObject({ needId: Id, expenditureId: Id, currency: Currency, quantity: Quantity, reason: Reason }),
);

/** Unspent money went back to its payer, who acknowledged it. The commitment stays delivered. */
export const FundsRefunded = defineEvent(
  'FundsRefunded',
  z.strictObject({
    needId: Id,
    pledgeId: Id,
    organisationId: Id,
    currency: Currency,
    quantity: Quantity,
    refundedOn: Day,
    reference: text(140),
    reason: Reason,
  }),
);

/** All that was received is spent or refunded, and no commitment of the project is open. */
export const FundSettled = defineEvent('FundSettled', z.strictObject({ needId: Id }));

/** What had settled the fund was undone. */
export const FundReopened = defineEvent('FundReopened', z.strictObject({ needId: Id }));
