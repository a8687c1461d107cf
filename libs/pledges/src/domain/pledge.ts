import {
  CommitmentRevised,
  InstalmentDue,
  InstalmentsScheduled,
  PledgeAccepted,
  PledgeAmended,
  PledgeConfirmed,
  PledgeDeclined,
  PledgeDelivered,
  PledgeKind,
  PledgeLapsed,
  PledgeMade,
  PledgeUnit,
  PledgeWithdrawn,
  type Instalment,
  type LineRecipient,
  type PledgeStatus,
  type PledgeTerms,
} from '@concord/contracts';
import { Day, Id, defineAggregate, defineEvent, text, versionHash, z } from '@concord/kernel';
import { approvalOf, type SidedApproval } from './both-sides.js';

const Whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const Change = z.int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

/** A first approval: of a confirmation (R23), or of a step both sides take (R10). */
export const PledgeApprovalGiven = defineEvent('PledgeApprovalGiven', z.strictObject({ of: text(120) }));

/** Hours of one person on one day, named by an opaque mark; negative when a log was corrected or voided. */
const DayHours = z.strictObject({ who: z.string().max(64), day: Day, hours: z.int().min(-24).max(24) });
export type DayHours = z.infer<typeof DayHours>;

/** Something was recorded as delivered and waits for its recipient, or no longer waits. */
export const RecordedQuantityChanged = defineEvent(
  'RecordedQuantityChanged',
  z.strictObject({ deliveryId: Id, change: Change, hours: z.array(DayHours).max(400).optional() }),
);

/** An acknowledged delivery was undone: it no longer counts (R2). */
export const PledgeDeliveryReversed = defineEvent(
  'PledgeDeliveryReversed',
  z.strictObject({
    deliveryId: Id,
    needId: Id,
    lineId: Id,
    organisationId: Id,
    projectId: Id,
    kind: PledgeKind,
    unit: PledgeUnit,
    quantity: Whole,
    counted: Whole,
    /** The commitment had lapsed to what was delivered: what is undone is lapsed too. */
    lapsed: z.boolean(),
  }),
);

/**
 * An offer that may become a commitment. Quantities are in the pledge's own unit, `counted` ones in the line's.
 * Invariant: delivered + recorded <= committed; after a lapse or the whole delivery committed = delivered (I5).
 */
export interface PledgeState {
  readonly needId: string;
  readonly lineId: string;
  readonly ownerId: string;
  readonly organisationId: string;
  readonly recipient: LineRecipient;
  readonly kind: PledgeKind;
  readonly unit: string;
  readonly quantity: number;
  readonly counted: number;
  readonly terms: PledgeTerms;
  readonly offerVersion: number;
  readonly hash: string;
  readonly validUntil: string;
  readonly status: PledgeStatus;
  readonly madeAt: string;
  /** Opaque id of the person who wrote the current version (R22). */
  readonly author?: string;
  readonly acceptedHash?: string;
  readonly recipientId?: string;
  readonly projectId?: string;
  /** Firm now. */
  readonly committed: number;
  /** The most that was ever firm: what conversion is measured against (R19). */
  readonly everConfirmed: number;
  readonly recorded: number;
  readonly delivered: number;
  readonly deliveredCounted: number;
  readonly lapsed: number;
  readonly instalments?: readonly Instalment[];
  /** Hours logged, by `day mark` (R16). */
  readonly hours?: Readonly<Record<string, number>>;
  readonly pendingApproval?: SidedApproval;
}

const initial: PledgeState = {
  needId: '',
  lineId: '',
  ownerId: '',
  organisationId: '',
  recipient: 'lead',
  kind: 'funding',
  unit: '',
  quantity: 0,
  counted: 0,
  terms: { instrument: 'grant', earmarking: 1, schedule: { type: 'by_milestone' } },
  offerVersion: 0,
  hash: '',
  validUntil: '',
  status: 'offered',
  madeAt: '',
  committed: 0,
  everConfirmed: 0,
  recorded: 0,
  delivered: 0,
  deliveredCounted: 0,
  lapsed: 0,
};

const settled = ({ pendingApproval: _pending, ...state }: PledgeState): PledgeState => state;

function addHours(hours: PledgeState['hours'], changes: readonly DayHours[] | undefined): Pick<PledgeState, 'hours'> {
  if (!changes) return hours ? { hours } : {};
  const sums: Record<string, number> = { ...hours };
  for (const { who, day, hours: change } of changes) {
    const key = `${day} ${who}`;
    const sum = (sums[key] ?? 0) + change;
    if (sum === 0) delete sums[key];
    else sums[key] = sum;
  }
  return { hours: sums };
}

/** Marks the instalment that the event names as due; of two alike, the first. */
function markDue(
  instalments: readonly Instalment[] = [],
  due: { milestoneId?: string | undefined; dueOn?: string | undefined; quantity: number },
) {
  const at = instalments.findIndex(
    (one) => !one.due && one.milestoneId === due.milestoneId && one.dueOn === due.dueOn && one.quantity === due.quantity,
  );
  return instalments.map((one, index) => (index === at ? { ...one, due: true } : one));
}

/** Where a commitment stands by what was delivered of it. */
const progress = (delivered: number, committed: number): PledgeStatus =>
  delivered === 0 ? 'confirmed' : delivered < committed ? 'partly_delivered' : 'delivered';

const EVENTS = [
  PledgeMade,
  PledgeAmended,
  PledgeAccepted,
  PledgeDeclined,
  PledgeConfirmed,
  PledgeWithdrawn,
  PledgeLapsed,
  CommitmentRevised,
  InstalmentsScheduled,
  InstalmentDue,
  PledgeDelivered,
  PledgeApprovalGiven,
  RecordedQuantityChanged,
  PledgeDeliveryReversed,
] as const;

export const Pledge = defineAggregate<PledgeState, typeof EVENTS>({
  kind: 'Pledge',
  initial,
  events: EVENTS,
  evolve: {
    // Written out, not spread: every pledge that is made passes here.
    PledgeMade: (_state, data, meta) => ({
      needId: data.needId,
      lineId: data.lineId,
      ownerId: data.ownerId,
      organisationId: data.organisationId,
      recipient: data.recipient,
      kind: data.kind,
      unit: data.unit,
      quantity: data.quantity,
      counted: data.counted,
      terms: data.terms,
      offerVersion: data.version,
      hash: data.hash,
      validUntil: data.validUntil,
      status: 'offered',
      madeAt: meta.at,
      ...(meta.person === undefined ? undefined : { author: meta.person }),
      committed: 0,
      everConfirmed: 0,
      recorded: 0,
      delivered: 0,
      deliveredCounted: 0,
      lapsed: 0,
    }),
    PledgeAmended: ({ acceptedHash: _accepted, ...state }, { quantity, counted, terms, version, hash, validUntil }, meta) => ({
      ...settled(state),
      quantity,
      counted,
      terms,
      offerVersion: version,
      hash,
      validUntil,
      ...(meta.person === undefined ? {} : { author: meta.person }),
    }),
    PledgeAccepted: (state, { hash, recipientId }) => ({
      ...state,
      acceptedHash: hash,
      ...(recipientId === undefined ? {} : { recipientId }),
    }),
    PledgeDeclined: (state) => ({ ...settled(state), status: 'declined' }),
    PledgeConfirmed: (state, { projectId, recipientId, quantity }) => ({
      ...settled(state),
      status: 'confirmed',
      projectId,
      recipientId,
      committed: quantity,
      everConfirmed: quantity,
    }),
    PledgeWithdrawn: (state) => ({ ...settled(state), status: 'withdrawn' }),
    PledgeLapsed: (state, { quantity, cause }) =>
      cause === 'remainder' || cause === 'project_cancelled'
        ? { ...settled(state), status: 'lapsed', committed: state.committed - quantity, lapsed: state.lapsed + quantity }
        : { ...settled(state), status: 'lapsed' },
    CommitmentRevised: (state, { quantity, counted, version, hash }) => ({
      ...settled(state),
      quantity,
      counted,
      offerVersion: version,
      hash,
      acceptedHash: hash,
      committed: quantity,
      everConfirmed: Math.max(state.everConfirmed, quantity),
      status: progress(state.delivered, quantity),
    }),
    InstalmentsScheduled: (state, { instalments }) => ({ ...state, instalments }),
    InstalmentDue: (state, data) => ({ ...state, instalments: markDue(state.instalments, data) }),
    PledgeDelivered: (state, { quantity, counted }) => ({
      ...state,
      delivered: state.delivered + quantity,
      deliveredCounted: state.deliveredCounted + counted,
      status: progress(state.delivered + quantity, state.committed),
    }),
    PledgeApprovalGiven: (state, { of }, meta) => ({ ...state, pendingApproval: approvalOf(of, meta) }),
    RecordedQuantityChanged: (state, { change, hours }) => ({
      ...state,
      recorded: state.recorded + change,
      ...addHours(state.hours, hours),
    }),
    PledgeDeliveryReversed: (state, { quantity, counted, lapsed }) => ({
      ...state,
      delivered: state.delivered - quantity,
      deliveredCounted: state.deliveredCounted - counted,
      ...(lapsed
        ? { committed: state.committed - quantity, lapsed: state.lapsed + quantity }
        : { status: progress(state.delivered - quantity, state.committed) }),
    }),
  },
});

/** Firm and still to come: neither delivered nor recorded. */
export const openQuantity = (pledge: PledgeState): number => pledge.committed - pledge.delivered - pledge.recorded;

/** What every event of the pledge says about where it belongs. */
export const placeOf = ({ needId, lineId, organisationId }: PledgeState) => ({ needId, lineId, organisationId });

/** What the hash of an offer covers. */
export type Hashed = Pick<PledgeState, 'lineId' | 'kind' | 'unit' | 'quantity' | 'counted' | 'terms'>;

/**
 * Hash of a version of an offer (R26): SHA-256 over the canonical JSON of a list without names, which is the shortest text that says
 * it all. It is computed for every pledge made, so its length is felt.
 */
export const offerHash = ({ lineId, kind, unit, quantity, counted, terms }: Hashed, version: number, validUntil: string): string =>
  versionHash([lineId, version, kind, unit, quantity, counted, terms, validUntil]);
