import { Currency, Day, Id, Instant, Quantity, Sha256 } from '@concord/kernel';
import { z } from 'zod';
import { Rejection } from './delivery-events.js';
import { DeliveryEvidence } from './inputs.js';
import { LineRecipient, PledgeKind, PledgeTerms, PledgeUnit } from './kinds.js';
import { Instalment } from './pledge-events.js';

const Whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** A first approval that waits for a second one (R23), or for the other side (R10). */
export const WaitingApproval = z.object({ of: z.string(), at: Instant }).meta({ id: 'WaitingApproval' });

export const PLEDGE_STATUSES = [
  'offered',
  'confirmed',
  'partly_delivered',
  'delivered',
  'declined',
  'withdrawn',
  'lapsed',
] as const;
export const PledgeStatus = z.enum(PLEDGE_STATUSES).meta({ id: 'PledgeStatus' });
export type PledgeStatus = z.infer<typeof PledgeStatus>;

/** A pledge, whole. `version` is the stream's (ETag); `offerVersion` and `hash` name the offer (R26). Quantities in `unit`, `counted…` in the line's. */
export const PledgeResource = z
  .object({
    id: Id,
    version: z.int(),
    needId: Id,
    lineId: Id,
    ownerId: Id,
    organisationId: Id,
    recipient: LineRecipient,
    recipientId: Id.optional(),
    projectId: Id.optional(),
    kind: PledgeKind,
    status: PledgeStatus,
    unit: PledgeUnit,
    quantity: Quantity,
    counted: Quantity,
    terms: PledgeTerms,
    offerVersion: z.int(),
    hash: Sha256,
    accepted: z.boolean().meta({ description: 'The owner of the need accepted the current version' }),
    madeAt: Instant,
    validUntil: Instant,
    confirmed: Whole.meta({ description: 'Committed now, in the unit of the pledge' }),
    due: Whole.meta({ description: 'Due and not yet delivered' }),
    recorded: Whole.meta({ description: 'Recorded as delivered and not yet acknowledged' }),
    delivered: Whole,
    deliveredCounted: Whole,
    lapsed: Whole,
    instalments: z.array(Instalment),
    pendingApproval: WaitingApproval.optional(),
  })
  .meta({ id: 'Pledge' });

export const LINE_STATUSES = ['open', 'closed'] as const;

/** Capacity of one line of a need. open = target - reserved - confirmed; gap = target - confirmed; pledged = reserved + confirmed. */
export const LineResource = z
  .object({
    id: Id,
    version: z.int(),
    needId: Id,
    ownerId: Id,
    kind: PledgeKind,
    title: z.string(),
    unit: PledgeUnit,
    recipient: LineRecipient,
    status: z.enum(LINE_STATUSES),
    target: Whole,
    minimum: Whole.optional(),
    minimumReached: z.boolean(),
    reserved: Whole,
    confirmed: Whole,
    delivered: Whole,
    pledged: Whole,
    open: Whole,
    gap: Whole,
  })
  .meta({ id: 'Line' });

export const DELIVERY_STATUSES = ['recorded', 'acknowledged', 'disputed', 'voided'] as const;
export const DeliveryStatus = z.enum(DELIVERY_STATUSES).meta({ id: 'DeliveryStatus' });
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

/** A delivery against a commitment, with its evidence: for the organisations concerned only (R48). `ownerId` is the steward. */
export const DeliveryResource = z
  .object({
    id: Id,
    version: z.int(),
    pledgeId: Id,
    needId: Id,
    lineId: Id,
    projectId: Id,
    ownerId: Id,
    organisationId: Id,
    recipientId: Id,
    kind: PledgeKind,
    unit: PledgeUnit,
    status: DeliveryStatus,
    quantity: Quantity,
    accepted: Whole.optional(),
    counted: Whole.optional(),
    rejected: z.array(Rejection),
    recordedAt: Instant,
    evidence: DeliveryEvidence.optional(),
    place: z.string().optional(),
    pendingApproval: WaitingApproval.optional(),
  })
  .meta({ id: 'Delivery' });

export const FUND_STATUSES = ['open', 'settled'] as const;

/** What came in, went out and is left, in minor units; never added across currencies (R4, R17). */
export const FundBalance = z
  .object({ currency: Currency, received: Whole, spent: Whole, refunded: Whole, balance: Whole })
  .meta({ id: 'FundBalance' });

/** The fund of a project: its id is the project's. */
export const FundResource = z
  .object({
    id: Id,
    version: z.int(),
    needId: Id,
    ownerId: Id,
    recipientId: Id,
    status: z.enum(FUND_STATUSES),
    suspended: z.boolean().meta({ description: 'The project is suspended: no disbursement (R40)' }),
    balances: z.array(FundBalance),
    openCommitments: Whole,
    pendingRefund: z
      .object({ pledgeId: Id, organisationId: Id, currency: Currency, quantity: Quantity, refundedOn: Day, at: Instant })
      .optional(),
  })
  .meta({ id: 'Fund' });
