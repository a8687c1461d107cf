import { PledgeDelivered, type HoursLogged } from '@concord/contracts';
import { Refused, assert, requireState, sha256Hex, type DomainEvent } from '@concord/kernel';
import { countedOf } from './commitment.js';
import { dueQuantity, followsMilestones } from './instalments.js';
import {
  PledgeDeliveryReversed,
  RecordedQuantityChanged,
  openQuantity,
  placeOf,
  type DayHours,
  type PledgeState,
} from './pledge.js';

/** Hours in a day; more nobody works (R16). */
const DAY_HOURS_MAX = 24;
/** Person-days that one pledge may hold, so that its state stays readable: about ten people for two years. */
const PERSON_DAYS_MAX = 5_000;

/** A person's mark in the public stream of the pledge: the same for the same pseudonym and organisation, and not the pseudonym (R48). */
const markOf = (pledge: PledgeState, pseudonym: string): string => sha256Hex(`${pledge.organisationId}\n${pseudonym}`).slice(0, 24);

/** Log rows as sums per person and day. */
function sums(pledge: PledgeState, log: readonly HoursLogged[] = [], sign: 1 | -1): DayHours[] {
  const byKey = new Map<string, { who: string; day: string; hours: number }>();
  for (const { pseudonym, day, hours } of log) {
    const key = `${day} ${pseudonym}`;
    const sum = byKey.get(key);
    if (sum) sum.hours += hours;
    else byKey.set(key, { who: markOf(pledge, pseudonym), day, hours });
  }
  return [...byKey.values()].map((one) => ({ ...one, hours: sign * one.hours }));
}

function requireDays(pledge: PledgeState, added: readonly DayHours[], removed: readonly DayHours[]): void {
  const less = new Map(removed.map(({ who, day, hours }) => [`${day} ${who}`, hours]));
  for (const { who, day, hours } of added) {
    const key = `${day} ${who}`;
    const total = (pledge.hours?.[key] ?? 0) + (less.get(key) ?? 0) + hours;
    if (total <= DAY_HOURS_MAX) continue;
    throw new Refused('too_many_hours', `One person would have ${total} hours on ${day}; a day has ${DAY_HOURS_MAX} (R16).`, {
      day,
      hours: total,
    });
  }
  if (Object.keys(pledge.hours ?? {}).length + added.length > PERSON_DAYS_MAX) {
    throw new Refused('log_full', `One pledge holds the logs of at most ${PERSON_DAYS_MAX} person-days.`, { max: PERSON_DAYS_MAX });
  }
}

/** What a delivery says was delivered. */
export interface Recorded {
  readonly quantity: number;
  readonly log?: readonly HoursLogged[] | undefined;
}

/**
 * Takes a recorded delivery into account, or replaces the one before (a correction). No more than is committed and open, and of
 * money with a by-milestone schedule no more than is due (R13).
 */
export function expectDelivery(
  pledge: PledgeState,
  deliveryId: string,
  now: Recorded,
  before: Recorded = { quantity: 0 },
): DomainEvent {
  requireState('pledge', pledge.status, 'confirmed', 'partly_delivered');
  const open = openQuantity(pledge) + before.quantity;
  if (now.quantity > open) {
    throw new Refused('exceeds_commitment', `Only ${open} of this commitment is left to deliver.`, { open });
  }
  if (followsMilestones(pledge)) {
    const due = dueQuantity(pledge) - pledge.delivered - pledge.recorded + before.quantity;
    if (now.quantity > due) {
      throw new Refused('not_released', `Only ${due} is due; the rest waits for the release of its milestone (R13).`, { due });
    }
  }
  const removed = sums(pledge, before.log, -1);
  const added = sums(pledge, now.log, 1);
  requireDays(pledge, added, removed);
  return changeRecorded(deliveryId, now.quantity - before.quantity, [...removed, ...added]);
}

function changeRecorded(deliveryId: string, change: number, hours: readonly DayHours[]): DomainEvent {
  return RecordedQuantityChanged({ deliveryId, change, ...(hours.length > 0 ? { hours: [...hours] } : {}) });
}

/** A recorded delivery no longer waits: it was voided. Its hours may be logged again. */
export function forgetDelivery(pledge: PledgeState, deliveryId: string, before: Recorded): DomainEvent {
  return changeRecorded(deliveryId, -before.quantity, sums(pledge, before.log, -1));
}

/** What an acknowledgement does to the pledge, and what the line gains. */
export interface Counting {
  readonly events: readonly DomainEvent[];
  readonly counted: number;
  readonly complete: boolean;
}

/** Counts what was accepted of a recorded delivery (R12). `counted` is what the line gains. */
export function countAccepted(
  pledge: PledgeState,
  { deliveryId, quantity, accepted, lineUnit }: { deliveryId: string; quantity: number; accepted: number; lineUnit: string },
): Counting {
  assert(accepted <= quantity && quantity <= pledge.recorded, 'only what is recorded can be accepted');
  const cleared = changeRecorded(deliveryId, -quantity, []);
  if (accepted === 0) return { events: [cleared], counted: 0, complete: false };
  const delivered = pledge.delivered + accepted;
  const counted = countedOf(pledge, delivered, lineUnit) - pledge.deliveredCounted;
  const complete = delivered === pledge.committed;
  const { kind, unit, projectId, recipientId } = pledge;
  assert(projectId !== undefined && recipientId !== undefined, 'a delivered pledge has a project and a recipient');
  const event = PledgeDelivered({
    ...placeOf(pledge),
    deliveryId,
    projectId,
    recipientId,
    kind,
    unit,
    quantity: accepted,
    counted,
    complete,
  });
  return { events: [cleared, event], counted, complete };
}

/** Undoes a delivery that counted (R2). On a lapsed commitment the undone part lapses too: nobody owes it any more. */
export function uncountDelivery(
  pledge: PledgeState,
  { deliveryId, quantity, lineUnit }: { deliveryId: string; quantity: number; lineUnit: string },
): { readonly event: DomainEvent; readonly counted: number; readonly lapsed: boolean } {
  requireState('pledge', pledge.status, 'partly_delivered', 'delivered', 'lapsed');
  assert(quantity <= pledge.delivered, 'only what was delivered can be undone');
  const counted = pledge.deliveredCounted - countedOf(pledge, pledge.delivered - quantity, lineUnit);
  const lapsed = pledge.status === 'lapsed';
  const { kind, unit, projectId } = pledge;
  assert(projectId !== undefined, 'a delivered pledge has a project');
  const event = PledgeDeliveryReversed({ ...placeOf(pledge), deliveryId, projectId, kind, unit, quantity, counted, lapsed });
  return { event, counted, lapsed };
}
