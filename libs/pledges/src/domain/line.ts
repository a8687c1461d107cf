import { LineAmended, LineClosed, LineMinimumReached, LineOpened, type LineRecipient, type PledgeKind } from '@concord/contracts';
import { Id, Quantity, Refused, assert, defineAggregate, defineEvent, requireState, type DomainEvent, z } from '@concord/kernel';

const Change = z.int().min(-Number.MAX_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);

/** An offer took capacity. */
export const CapacityReserved = defineEvent('CapacityReserved', z.strictObject({ pledgeId: Id, quantity: Quantity }));
/** An offer gave capacity back: withdrawn, declined, lapsed, or amended to less. */
export const CapacityReleased = defineEvent('CapacityReleased', z.strictObject({ pledgeId: Id, quantity: Quantity }));
/** An offer became a commitment: what it reserved is confirmed now. */
export const CapacityConfirmed = defineEvent('CapacityConfirmed', z.strictObject({ pledgeId: Id, quantity: Quantity }));
/** A commitment was revised, or its rest lapsed. */
export const CommitmentChanged = defineEvent('CommitmentChanged', z.strictObject({ pledgeId: Id, change: Change }));
/** An acknowledged delivery counts, or no longer does. */
export const DeliveryCounted = defineEvent('DeliveryCounted', z.strictObject({ pledgeId: Id, change: Change }));

/**
 * Capacity of one line of a need, in the line's unit. Every pledge on the line passes through this state, so it stays flat and
 * small: sums, never lists. Invariant at any instant: reserved + confirmed <= target (R3).
 */
export interface LineState {
  readonly needId: string;
  readonly ownerId: string;
  readonly kind: PledgeKind;
  readonly title: string;
  readonly unit: string;
  readonly recipient: LineRecipient;
  readonly target: number;
  /** What the need asks for, where more is already taken than that. */
  readonly asked?: number;
  readonly minimum?: number;
  readonly minimumReached: boolean;
  readonly reserved: number;
  readonly confirmed: number;
  readonly delivered: number;
  readonly status: 'open' | 'closed';
}

const initial: LineState = {
  needId: '',
  ownerId: '',
  kind: 'funding',
  title: '',
  unit: '',
  recipient: 'lead',
  target: 0,
  minimumReached: false,
  reserved: 0,
  confirmed: 0,
  delivered: 0,
  status: 'closed',
};

/** After capacity was freed, a target above what is asked for goes down with it. */
function settleTarget(state: LineState): LineState {
  if (state.asked === undefined) return state;
  const { asked, ...rest } = state;
  const taken = state.reserved + state.confirmed;
  return taken <= asked ? { ...rest, target: asked } : { ...state, target: taken };
}

const EVENTS = [
  LineOpened,
  LineAmended,
  LineMinimumReached,
  LineClosed,
  CapacityReserved,
  CapacityReleased,
  CapacityConfirmed,
  CommitmentChanged,
  DeliveryCounted,
] as const;

export const Line = defineAggregate<LineState, typeof EVENTS>({
  kind: 'Line',
  initial,
  events: EVENTS,
  evolve: {
    LineOpened: (state, data) => ({ ...state, ...data, status: 'open' }),
    LineAmended: ({ asked: _asked, minimum: _minimum, ...state }, { needId: _needId, ...data }) => ({ ...state, ...data }),
    LineMinimumReached: (state) => ({ ...state, minimumReached: true }),
    LineClosed: (state) => ({ ...state, status: 'closed' }),
    CapacityReserved: (state, { quantity }) => ({ ...state, reserved: state.reserved + quantity }),
    CapacityReleased: (state, { quantity }) => settleTarget({ ...state, reserved: state.reserved - quantity }),
    CapacityConfirmed: (state, { quantity }) => ({
      ...state,
      reserved: state.reserved - quantity,
      confirmed: state.confirmed + quantity,
    }),
    CommitmentChanged: (state, { change }) => settleTarget({ ...state, confirmed: state.confirmed + change }),
    DeliveryCounted: (state, { change }) => ({ ...state, delivered: state.delivered + change }),
  },
});

/** What can still be taken. */
export const openCapacity = (line: LineState): number => line.target - line.reserved - line.confirmed;

/** `line_full` with what is open (R3). First come, first served: a later, smaller offer may fit where a larger one did not. */
export function lineFull(open: number): Refused {
  return new Refused('line_full', `Only ${open} is still open on this line. Offer at most that, or send acceptPartial.`, { open });
}

/** Takes capacity for an offer. Refused `wrong_state` on a closed line, `line_full` when it does not fit (R3). */
export function reserve(line: LineState, pledgeId: string, quantity: number): DomainEvent {
  requireState('line', line.status, 'open');
  const open = openCapacity(line);
  if (quantity > open) throw lineFull(open);
  return CapacityReserved({ pledgeId, quantity });
}

/** Changes what an offer holds: takes more as `reserve` does, or gives back. */
export function changeReservation(line: LineState, pledgeId: string, change: number): DomainEvent[] {
  if (change === 0) return [];
  return change > 0 ? [reserve(line, pledgeId, change)] : [release(line, pledgeId, -change)];
}

/** Gives back what an offer held; possible on a closed line too. */
export function release(line: LineState, pledgeId: string, quantity: number): DomainEvent {
  assert(quantity <= line.reserved, 'a line releases at most what it reserved');
  return CapacityReleased({ pledgeId, quantity });
}

const minimumEvents = (line: LineState, confirmed: number, minimum = line.minimum): DomainEvent[] =>
  !line.minimumReached && minimum !== undefined && confirmed >= minimum
    ? [LineMinimumReached({ needId: line.needId, confirmed })]
    : [];

/** Turns what an offer reserved into confirmed capacity; says once when the minimum is reached (R33). */
export function confirmCapacity(line: LineState, pledgeId: string, quantity: number): DomainEvent[] {
  requireState('line', line.status, 'open');
  assert(quantity <= line.reserved, 'a line confirms at most what it reserved');
  return [CapacityConfirmed({ pledgeId, quantity }), ...minimumEvents(line, line.confirmed + quantity)];
}

/** Changes a commitment: a rise needs open capacity (R3), a fall frees it. */
export function changeCommitment(line: LineState, pledgeId: string, change: number): DomainEvent[] {
  if (change === 0) return [];
  if (change > 0) {
    requireState('line', line.status, 'open');
    const open = openCapacity(line);
    if (change > open) throw lineFull(open);
  }
  assert(line.confirmed + change >= 0, 'a line never confirms less than nothing');
  return [CommitmentChanged({ pledgeId, change }), ...minimumEvents(line, line.confirmed + change)];
}

/** Counts an acknowledged delivery (R1), or takes it back. */
export function countDelivery(line: LineState, pledgeId: string, change: number): DomainEvent[] {
  assert(line.delivered + change >= 0, 'a line never delivers less than nothing');
  return change === 0 ? [] : [DeliveryCounted({ pledgeId, change })];
}

/** What a need says about one of its lines. */
export interface PublishedLine {
  readonly kind: PledgeKind;
  readonly title: string;
  readonly unit: string;
  readonly target: number;
  readonly minimum?: number | undefined;
  readonly recipient: LineRecipient;
}

/** Opens a line of a published need. */
export function openLine(needId: string, ownerId: string, line: PublishedLine): DomainEvent {
  const { kind, title, unit, target, minimum, recipient } = line;
  return LineOpened({ needId, ownerId, kind, title, unit, target, ...(minimum === undefined ? {} : { minimum }), recipient });
}

/** Follows an amended need. A target below what is taken stays at what is taken until that is freed (R3). Kind and unit never change. */
export function amendLine(line: LineState, published: PublishedLine): DomainEvent[] {
  const { title, minimum, recipient } = published;
  const taken = line.reserved + line.confirmed;
  const target = Math.max(published.target, taken);
  const asked = published.target < taken ? { asked: published.target } : {};
  const same =
    title === line.title &&
    target === line.target &&
    minimum === line.minimum &&
    recipient === line.recipient &&
    asked.asked === line.asked;
  if (same || line.status === 'closed') return [];
  const amended = LineAmended({
    needId: line.needId,
    title,
    target,
    ...(minimum === undefined ? {} : { minimum }),
    recipient,
    ...asked,
  });
  return [amended, ...minimumEvents(line, line.confirmed, minimum)];
}

type ClosingReason = ReturnType<(typeof LineClosed)['parse']>['reason'];

/** Closes a line with its need; nothing when it is closed already. Offers on it lapse afterwards, a few at a time. */
export function closeLine(line: LineState, reason: ClosingReason): DomainEvent[] {
  return line.status === 'closed' ? [] : [LineClosed({ needId: line.needId, reason })];
}
