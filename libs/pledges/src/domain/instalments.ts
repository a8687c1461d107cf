import { InstalmentDue, InstalmentsScheduled, type Instalment } from '@concord/contracts';
import { split, type DomainEvent } from '@concord/kernel';
import { placeOf, type PledgeState } from './pledge.js';

/** A milestone of the agreed plan and its whole percent of every by-milestone commitment (R34). */
export interface PlannedShare {
  readonly milestoneId: string;
  readonly share: number;
}

const sum = (instalments: readonly Instalment[]): number => instalments.reduce((total, { quantity }) => total + quantity, 0);

/** What of the instalments is due: only that much may be delivered (R13). */
export const dueQuantity = (pledge: PledgeState): number => sum((pledge.instalments ?? []).filter(({ due }) => due));

/** Is this a commitment whose instalments follow the milestones of the plan? */
export const followsMilestones = ({ terms }: PledgeState): boolean => 'schedule' in terms && terms.schedule.type === 'by_milestone';

/** Spreads what is left after the due instalments over the open parts by largest remainders (R5); with no open part left, the last due one takes it. */
function spread(
  quantity: number,
  due: readonly Instalment[],
  open: readonly Omit<Instalment, 'due'>[],
  weights: readonly number[],
): Instalment[] {
  const rest = quantity - sum(due);
  if (rest >= 0 && weights.some((weight) => weight > 0)) {
    const parts = split(rest, weights);
    const spreadOut = open.map((one, index) => ({ ...one, quantity: parts[index]!, due: false }));
    return [...due, ...spreadOut].filter((one) => one.quantity > 0);
  }
  const kept = [...due];
  let change = rest;
  for (let index = kept.length - 1; index >= 0 && change !== 0; index -= 1) {
    const one = kept[index]!;
    const next = Math.max(0, one.quantity + change);
    change -= next - one.quantity;
    kept[index] = { ...one, quantity: next };
  }
  return kept.filter((one) => one.quantity > 0);
}

/** The instalments of a by-milestone commitment under a plan: what is due stays, the rest follows the shares of the other milestones. */
export function byPlan(quantity: number, current: readonly Instalment[], plan: readonly PlannedShare[]): Instalment[] {
  const due = current.filter((one) => one.due);
  const open = plan.filter(({ milestoneId }) => !due.some((one) => one.milestoneId === milestoneId));
  return spread(
    quantity,
    due,
    open.map(({ milestoneId }) => ({ milestoneId, quantity: 1 })),
    open.map(({ share }) => share),
  );
}

/** The same instalments for another whole: what is due stays, the others keep their proportions. */
export function respread(quantity: number, current: readonly Instalment[]): Instalment[] {
  const open = current.filter((one) => !one.due);
  return spread(
    quantity,
    current.filter((one) => one.due),
    open.map(({ due: _due, ...one }) => one),
    open.map((one) => one.quantity),
  );
}

/** The schedule of a commitment at confirmation: its dates, or the plan's shares; none before there is a plan, and none without money. */
export function firstInstalments(pledge: PledgeState, plan: readonly PlannedShare[] | undefined): Instalment[] {
  const { terms, quantity } = pledge;
  if (!('schedule' in terms)) return [];
  if (terms.schedule.type === 'by_date') return terms.schedule.instalments.map((one) => ({ ...one, due: false }));
  return plan ? byPlan(quantity, [], plan) : [];
}

/** Writes a schedule down; nothing when it says what already holds. */
export function scheduleInstalments(pledge: PledgeState, projectId: string, instalments: readonly Instalment[]): DomainEvent[] {
  if (instalments.length === 0 || JSON.stringify(instalments) === JSON.stringify(pledge.instalments)) return [];
  return [InstalmentsScheduled({ ...placeOf(pledge), projectId, unit: pledge.unit, instalments: [...instalments] })];
}

/** Instalments that fall due because their milestone is released or their day has come. */
export function dueInstalments(
  pledge: PledgeState,
  projectId: string,
  instalments: readonly Instalment[],
  now: { readonly released: readonly string[]; readonly today: string },
): DomainEvent[] {
  return instalments
    .filter(
      ({ due, milestoneId, dueOn }) =>
        !due && ((milestoneId !== undefined && now.released.includes(milestoneId)) || (dueOn !== undefined && dueOn <= now.today)),
    )
    .map(({ due: _due, ...one }) => InstalmentDue({ ...placeOf(pledge), projectId, ...one, unit: pledge.unit }));
}

/** A live commitment under a newly agreed plan. */
export function followPlan(pledge: PledgeState, plan: readonly PlannedShare[], released: readonly string[]): DomainEvent[] {
  if (!followsMilestones(pledge) || pledge.projectId === undefined || !isLive(pledge)) return [];
  const instalments = byPlan(pledge.committed, pledge.instalments ?? [], plan);
  const scheduled = scheduleInstalments(pledge, pledge.projectId, instalments);
  return [...scheduled, ...dueInstalments(pledge, pledge.projectId, instalments, { released, today: '' })];
}

/** A live commitment when time has passed or a milestone was released: what falls due. */
export function fallDue(pledge: PledgeState, released: readonly string[], today: string): DomainEvent[] {
  if (pledge.projectId === undefined || !isLive(pledge)) return [];
  return dueInstalments(pledge, pledge.projectId, pledge.instalments ?? [], { released, today });
}

/** Confirmed and not over. */
export const isLive = ({ status }: PledgeState): boolean => status === 'confirmed' || status === 'partly_delivered';
