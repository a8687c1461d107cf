import {
  DeliveryAcknowledged,
  DeliveryCorrected,
  DeliveryDisputed,
  DeliveryEvidence,
  DeliveryRecorded,
  DeliveryReversed,
  DeliveryVoided,
  type AcknowledgeDeliveryInput,
  type DeliveryStatus,
  type PledgeKind,
  type Rejection,
} from '@concord/contracts';
import { Refused, defineAggregate, defineEvent, requireState, text, type DomainEvent, type Reason, z } from '@concord/kernel';
import { approvalOf, bothSides, type Actor, type SidedApproval } from './both-sides.js';
import { countAccepted, type Counting } from './fulfilment.js';
import { isLive } from './instalments.js';
import type { PledgeState } from './pledge.js';

/** The evidence behind the quantity: who worked when, what was paid by which reference. Stays here (R48). */
export const DeliveryDetailed = defineEvent('DeliveryDetailed', z.strictObject({ evidence: DeliveryEvidence }));
/** Where the recipient received it. */
export const DeliveryPlaced = defineEvent('DeliveryPlaced', z.strictObject({ place: text(200) }));
/** One side agreed to undo an acknowledged delivery. */
export const DeliveryReversalApproved = defineEvent('DeliveryReversalApproved', z.strictObject({ of: text(120) }));

/** What was delivered against one commitment, from the pledger's record to the recipient's word on it. */
export interface DeliveryState {
  readonly pledgeId: string;
  readonly needId: string;
  readonly lineId: string;
  readonly projectId: string;
  readonly ownerId: string;
  readonly organisationId: string;
  readonly recipientId: string;
  readonly kind: PledgeKind;
  readonly unit: string;
  readonly quantity: number;
  readonly status: DeliveryStatus;
  readonly recordedAt: string;
  /** Opaque id of the person who wrote the current record (R22). */
  readonly author?: string;
  readonly accepted?: number;
  readonly counted?: number;
  readonly rejected: readonly Rejection[];
  readonly evidence?: DeliveryEvidence;
  readonly place?: string;
  readonly pendingApproval?: SidedApproval;
}

const EVENTS = [
  DeliveryRecorded,
  DeliveryAcknowledged,
  DeliveryDisputed,
  DeliveryCorrected,
  DeliveryVoided,
  DeliveryReversed,
  DeliveryDetailed,
  DeliveryPlaced,
  DeliveryReversalApproved,
] as const;

const settled = ({ pendingApproval: _pending, ...state }: DeliveryState): DeliveryState => state;

export const Delivery = defineAggregate<DeliveryState, typeof EVENTS>({
  kind: 'Delivery',
  initial: {
    pledgeId: '',
    needId: '',
    lineId: '',
    projectId: '',
    ownerId: '',
    organisationId: '',
    recipientId: '',
    kind: 'funding',
    unit: '',
    quantity: 0,
    status: 'recorded',
    recordedAt: '',
    rejected: [],
  },
  events: EVENTS,
  evolve: {
    DeliveryRecorded: (state, data, meta) => ({
      ...state,
      ...data,
      recordedAt: meta.at,
      ...(meta.person === undefined ? {} : { author: meta.person }),
    }),
    DeliveryAcknowledged: (state, { accepted, counted, rejected }) => ({
      ...state,
      status: 'acknowledged',
      accepted,
      counted,
      rejected,
    }),
    DeliveryDisputed: (state) => ({ ...state, status: 'disputed' }),
    DeliveryCorrected: (state, { quantity }, meta) => ({
      ...state,
      status: 'recorded',
      quantity,
      ...(meta.person === undefined ? {} : { author: meta.person }),
    }),
    DeliveryVoided: (state) => ({ ...state, status: 'voided' }),
    DeliveryReversed: (state) => ({ ...settled(state), status: 'voided' }),
    DeliveryDetailed: (state, { evidence }) => ({ ...state, evidence }),
    DeliveryPlaced: (state, { place }) => ({ ...state, place }),
    DeliveryReversalApproved: (state, { of }, meta) => ({ ...state, pendingApproval: approvalOf(of, meta) }),
  },
});

/** The quantity that evidence stands for, in the pledge's unit. */
export function quantityOf(evidence: DeliveryEvidence): number {
  switch (evidence.kind) {
    case 'funding':
      return evidence.amount.amount;
    case 'expertise':
      return evidence.log.reduce((sum, { hours }) => sum + hours, 0);
    case 'in_kind':
      return evidence.items;
    case 'data':
      return 1;
  }
}

/** The hour log in the evidence, where there is one. */
export const logOf = (evidence: DeliveryEvidence | undefined) => (evidence?.kind === 'expertise' ? evidence.log : undefined);

/** Evidence has to be of the pledge's kind and currency, and of days that have come (R16). */
function requireEvidence(pledge: PledgeState, evidence: DeliveryEvidence, at: string): void {
  if (evidence.kind !== pledge.kind) {
    throw new Refused('wrong_kind', `This pledge is of ${pledge.kind}; ${evidence.kind} does not deliver it.`, {
      kind: pledge.kind,
    });
  }
  if (evidence.kind === 'funding' && evidence.amount.currency !== pledge.unit) {
    throw new Refused('wrong_currency', `This pledge is in ${pledge.unit}.`, { unit: pledge.unit });
  }
  const today = at.slice(0, 10);
  const late = daysOf(evidence).find((day) => day > today);
  if (late) throw new Refused('future_date', `${late} has not come yet. Record what has happened.`, { date: late, today });
}

function daysOf(evidence: DeliveryEvidence): readonly string[] {
  switch (evidence.kind) {
    case 'funding':
      return [evidence.paidOn];
    case 'expertise':
      return evidence.log.map(({ day }) => day);
    case 'in_kind':
      return [evidence.deliveredOn];
    case 'data':
      return [evidence.handedOverOn];
  }
}

/** What every event of the delivery carries. */
const factsOf = ({
  pledgeId,
  needId,
  lineId,
  projectId,
  ownerId,
  organisationId,
  recipientId,
  kind,
  unit,
  quantity,
}: DeliveryState) => ({
  pledgeId,
  needId,
  lineId,
  projectId,
  ownerId,
  organisationId,
  recipientId,
  kind,
  unit,
  quantity,
});

/** The pledger records a delivery against a commitment; the pledge checks the quantity in the same decision. */
export function recordDelivery(pledgeId: string, pledge: PledgeState, evidence: DeliveryEvidence, at: string): DomainEvent[] {
  requireEvidence(pledge, evidence, at);
  const { needId, lineId, ownerId, organisationId, projectId, recipientId, kind, unit } = pledge;
  if (!isLive(pledge) || projectId === undefined || recipientId === undefined) {
    requireState('pledge', pledge.status, 'confirmed', 'partly_delivered');
    return [];
  }
  const quantity = quantityOf(evidence);
  return [
    DeliveryRecorded({ pledgeId, needId, lineId, projectId, ownerId, organisationId, recipientId, kind, unit, quantity }),
    DeliveryDetailed({ evidence }),
  ];
}

/** The pledger replaces the record, also one that was disputed. */
export function correctDelivery(
  delivery: DeliveryState,
  pledge: PledgeState,
  { evidence, reason, at }: { evidence: DeliveryEvidence; reason: Reason; at: string },
): DomainEvent[] {
  requireState('delivery', delivery.status, 'recorded', 'disputed');
  requireEvidence(pledge, evidence, at);
  return [DeliveryCorrected({ ...factsOf(delivery), quantity: quantityOf(evidence), reason }), DeliveryDetailed({ evidence })];
}

/** Data counts only when the recipient computed the checksum that was pledged (R15). */
function requireChecksum(delivery: DeliveryState, pledge: PledgeState, computed: string | undefined): void {
  const { evidence } = delivery;
  if (evidence?.kind !== 'data' || !('sha256' in pledge.terms)) return;
  const pledged = pledge.terms.sha256;
  if (computed === pledged && evidence.sha256 === pledged) return;
  throw new Refused(
    'checksum_mismatch',
    'The checksum of what was handed over is not the one that was pledged. Dispute the delivery (R15).',
    {
      pledged,
      recorded: evidence.sha256,
      computed: computed ?? null,
    },
  );
}

/** Everything that forbids an acknowledgement of what is recorded. */
function requireAcknowledgeable(
  delivery: DeliveryState,
  pledge: PledgeState,
  input: AcknowledgeDeliveryInput,
  person: string,
): void {
  requireState('delivery', delivery.status, 'recorded');
  const { accepted, rejected = [], sha256 } = input;
  const said = rejected.reduce((sum, { quantity }) => sum + quantity, accepted);
  if (said !== delivery.quantity) {
    throw new Refused('quantity_mismatch', `Accepted and rejected together have to be the ${delivery.quantity} recorded (R12).`, {
      recorded: delivery.quantity,
      said,
    });
  }
  if (delivery.author === person) {
    throw new Refused('same_person', 'You recorded this delivery; a different person has to acknowledge it (R22).', {});
  }
  if (accepted > 0) requireChecksum(delivery, pledge, sha256);
}

/** The recipient's word: what is accepted and what is rejected make up the record (R12); the pledge counts the accepted part. */
export function acknowledgeDelivery(
  deliveryId: string,
  delivery: DeliveryState,
  pledge: PledgeState,
  { input, person, lineUnit }: { input: AcknowledgeDeliveryInput; person: string; lineUnit: string },
): { readonly events: readonly DomainEvent[]; readonly counting: Counting } {
  requireAcknowledgeable(delivery, pledge, input, person);
  const { accepted, rejected = [], place } = input;
  const counting = countAccepted(pledge, { deliveryId, quantity: delivery.quantity, accepted, lineUnit });
  const acknowledged = DeliveryAcknowledged({ ...factsOf(delivery), accepted, counted: counting.counted, rejected });
  return { events: place === undefined ? [acknowledged] : [acknowledged, DeliveryPlaced({ place })], counting };
}

/** The recipient says that the record is wrong. */
export function disputeDelivery(delivery: DeliveryState, reason: Reason): DomainEvent {
  requireState('delivery', delivery.status, 'recorded');
  return DeliveryDisputed({ ...factsOf(delivery), reason });
}

/** The pledger takes the record back. */
export function voidDelivery(delivery: DeliveryState, reason: Reason): DomainEvent {
  requireState('delivery', delivery.status, 'recorded', 'disputed');
  return DeliveryVoided({ ...factsOf(delivery), reason });
}

/** Pledger and recipient undo what was accepted (R2). Returns the approval while the other side still has to agree, else nothing. */
export function agreeReversal(delivery: DeliveryState, actor: Actor): DomainEvent | undefined {
  requireState('delivery', delivery.status, 'acknowledged');
  if (!delivery.accepted)
    throw new Refused('nothing_changed', 'Nothing of this delivery was accepted, so there is nothing to undo.', {});
  const step = bothSides(delivery.pendingApproval, 'reverse', actor, [delivery.organisationId, delivery.recipientId]);
  return step === 'first' ? DeliveryReversalApproved({ of: 'reverse' }) : undefined;
}

/** The reversal both sides agreed to: `quantity` and `counted` no longer count. */
export const reverseDelivery = (delivery: DeliveryState, counted: number, reason: Reason): DomainEvent =>
  DeliveryReversed({ ...factsOf(delivery), quantity: delivery.accepted ?? 0, counted, reason });
