import { CommitmentRevised, PledgeConfirmed, PledgeLapsed } from '@concord/contracts';
import { Refused, requireHash, requireState, twoPerson, type DomainEvent, type Reason } from '@concord/kernel';
import { recipientIn, type AwardState } from './award.js';
import { bothSides, type Actor } from './both-sides.js';
import { countedIn } from './currencies.js';
import { dueInstalments, firstInstalments, isLive, respread, scheduleInstalments, type PlannedShare } from './instalments.js';
import { requireStanding } from './offer.js';
import { PledgeApprovalGiven, offerHash, openQuantity, placeOf, type PledgeState } from './pledge.js';

/** A step that may first wait for another approval: its events, and whether it has been taken. */
export interface Step {
  readonly taken: boolean;
  readonly events: readonly DomainEvent[];
}

const wait = (of: string): Step => ({ taken: false, events: [PledgeApprovalGiven({ of })] });

interface Confirming {
  readonly hash: string;
  readonly person: string;
  readonly at: string;
  readonly award: AwardState;
  /** The plan and the releases of the project so far. */
  readonly plan?: readonly PlannedShare[] | undefined;
  readonly released: readonly string[];
}

/** Confirms need a final award, its recipient, and the acceptance of the current version (R9, R26). */
function requireReady(pledge: PledgeState, { hash, at, award }: Confirming): { projectId: string; recipientId: string } {
  requireState('pledge', pledge.status, 'offered');
  requireStanding(pledge, at);
  requireHash('pledge', hash, pledge.hash);
  const recipientId = recipientIn(award, pledge.recipient);
  if (!award.final || award.projectId === undefined || recipientId === undefined) {
    throw new Refused(
      'not_final',
      'The award of this need is not final yet. Confirm once ten days have passed without an appeal (R9).',
      {},
    );
  }
  if (pledge.acceptedHash !== pledge.hash) {
    throw new Refused('not_accepted', 'The owner of the need has not accepted this version. Ask them to accept it first (R9).', {});
  }
  return { projectId: award.projectId, recipientId };
}

/** An offer becomes a commitment; money needs two approvers (R23). Instalments follow where they are known. */
export function confirmPledge(pledge: PledgeState, confirming: Confirming): Step {
  const { projectId, recipientId } = requireReady(pledge, confirming);
  const of = `confirm:${pledge.hash}`;
  if (pledge.kind === 'funding' && twoPerson(pledge.pendingApproval, of, confirming.person) === 'first') return wait(of);
  const { kind, unit, quantity, counted, hash } = pledge;
  const confirmed = PledgeConfirmed({ ...placeOf(pledge), projectId, recipientId, kind, unit, quantity, counted, hash });
  const instalments = firstInstalments(pledge, confirming.plan);
  const now = { released: confirming.released, today: confirming.at.slice(0, 10) };
  return {
    taken: true,
    events: [
      confirmed,
      ...scheduleInstalments(pledge, projectId, instalments),
      ...dueInstalments(pledge, projectId, instalments, now),
    ],
  };
}

/** What a quantity of the pledge counts on its line. Counting wholes and taking differences keeps parts from drifting (R4). */
export function countedOf(pledge: PledgeState, quantity: number, lineUnit: string): number {
  const exchange = 'schedule' in pledge.terms ? pledge.terms.exchange : undefined;
  return exchange ? countedIn(quantity, exchange.rate, pledge.unit, lineUnit) : quantity;
}

const requireLive = (pledge: PledgeState): void => requireState('pledge', pledge.status, 'confirmed', 'partly_delivered');

const sidesOf = (pledge: PledgeState, other: string): readonly [string, string] => [pledge.organisationId, other];

/** Pledger and recipient set another whole: not below what is delivered or recorded (R10). The line's capacity follows `countedChange`. */
export function reviseCommitment(
  pledge: PledgeState,
  { quantity, reason, actor, lineUnit }: { quantity: number; reason: Reason; actor: Actor; lineUnit: string },
): Step & { readonly countedChange: number } {
  requireLive(pledge);
  const floor = pledge.delivered + pledge.recorded;
  if (quantity < floor) {
    throw new Refused(
      'below_delivered',
      `${floor} is delivered or recorded already; a commitment is not revised below that (R10).`,
      { floor },
    );
  }
  if (quantity === pledge.committed) throw new Refused('nothing_changed', 'The commitment is that already.', { quantity });
  const counted = countedOf(pledge, quantity, lineUnit);
  if (counted < 1) throw new Refused('amount_too_small', `At the pledge's rate the amount counts as nothing in ${lineUnit}.`, {});
  const of = `revise-commitment:${quantity}`;
  if (bothSides(pledge.pendingApproval, of, actor, sidesOf(pledge, pledge.recipientId ?? '')) === 'first') {
    return { ...wait(of), countedChange: 0 };
  }
  const version = pledge.offerVersion + 1;
  const { kind, unit, terms, lineId, projectId = '' } = pledge;
  const countedChange = counted - countedOf(pledge, pledge.committed, lineUnit);
  const revised = CommitmentRevised({
    ...placeOf(pledge),
    projectId,
    kind,
    unit,
    quantity,
    counted,
    quantityChange: quantity - pledge.committed,
    countedChange,
    version,
    hash: offerHash({ lineId, kind, unit, quantity, counted, terms }, version, pledge.validUntil),
    reason,
  });
  const instalments = scheduleInstalments(pledge, projectId, respread(quantity, pledge.instalments ?? []));
  return { taken: true, events: [revised, ...instalments], countedChange };
}

/** What lapses of a commitment, in both units. */
function remainder(pledge: PledgeState, lineUnit: string, cause: 'remainder' | 'project_cancelled', reason: Reason) {
  const quantity = pledge.committed - pledge.delivered;
  const counted = countedOf(pledge, pledge.committed, lineUnit) - pledge.deliveredCounted;
  const { kind, unit, projectId } = pledge;
  const place = { ...placeOf(pledge), ...(projectId === undefined ? {} : { projectId }) };
  // A rest too small to count in the line's unit still lapses; an event's amounts are at least one.
  const event = PledgeLapsed({ ...place, kind, unit, quantity, counted: Math.max(counted, 1), cause, reason });
  return { event, countedChange: -counted };
}

/** Pledger and steward let the undelivered rest lapse (R10). What is recorded has to be acknowledged, corrected or voided before. */
export function lapseRemainder(
  pledge: PledgeState,
  { reason, actor, lineUnit }: { reason: Reason; actor: Actor; lineUnit: string },
): Step & { readonly countedChange: number } {
  requireLive(pledge);
  if (pledge.recorded > 0) {
    throw new Refused('delivery_open', 'A delivery waits for its recipient. Have it acknowledged or voided first.', {
      recorded: pledge.recorded,
    });
  }
  const of = `lapse-remainder:${openQuantity(pledge)}`;
  if (bothSides(pledge.pendingApproval, of, actor, sidesOf(pledge, pledge.ownerId)) === 'first')
    return { ...wait(of), countedChange: 0 };
  const { event, countedChange } = remainder(pledge, lineUnit, 'remainder', reason);
  return { taken: true, events: [event], countedChange };
}

/**
 * The project was cancelled: what is not delivered lapses, without anybody's approval. A commitment with a recorded delivery
 * waits until that is acknowledged or voided.
 */
export function lapseCancelled(pledge: PledgeState, reason: Reason, lineUnit: string): Step & { readonly countedChange: number } {
  if (!isLive(pledge) || pledge.recorded > 0) return { taken: false, events: [], countedChange: 0 };
  const { event, countedChange } = remainder(pledge, lineUnit, 'project_cancelled', reason);
  return { taken: true, events: [event], countedChange };
}
