import type { Health, MilestoneStatus } from '@concord/contracts';
import { daysAfter } from '@concord/kernel';

/** Up to this many days late a milestone is yellow, then red (R42). */
export const YELLOW_DAYS_MAX = 30;

/** 12 and 24 months (R43). */
const REPORT_GREEN_YEARS = 1;
const REPORT_YELLOW_YEARS = 2;

/** Calendar date (UTC) of an instant. */
export const dayOf = (instant: string): string => instant.slice(0, 10);

/** Calendar date some days later. */
export const dayAfter = (day: string, days: number): string => dayOf(daysAfter(`${day}T00:00:00.000Z`, days));

/** Whole days from one calendar date to a later one; 0 when it is not later. */
export function daysLate(dueOn: string, on: string): number {
  if (on <= dueOn) return 0;
  let days = 0;
  // A date is late by n days when due + n reaches it: halve the distance instead of parsing dates here.
  for (let step = 65_536; step >= 1; step = Math.floor(step / 2)) {
    if (dayAfter(dueOn, days + step) <= on) days += step;
  }
  return days;
}

/** What the health of a milestone depends on. */
export interface Dated {
  readonly status: MilestoneStatus;
  readonly dueOn: string;
  /** Date of the submission that is under review or was accepted. */
  readonly submittedOn?: string;
}

/** Nothing is left to do for the lead: submitted work waits for others. */
const DELIVERED: readonly MilestoneStatus[] = ['submitted', 'accepted', 'released'];

/** Still has to be submitted or signed. */
export const isOpen = (status: MilestoneStatus): boolean => !['accepted', 'released', 'dropped'].includes(status);

/** Still has to be handed in: the lead's turn. */
export const isUndelivered = (status: MilestoneStatus): boolean => ['planned', 'in_progress', 'returned'].includes(status);

/** Not handed in although its day has passed. Derived, never stored. */
export const isOverdue = (milestone: Dated, at: string): boolean => isUndelivered(milestone.status) && dayOf(at) > milestone.dueOn;

/** Health of a milestone (R42): by the day it was handed in, else by today. A dropped one has none. */
export function milestoneHealth(milestone: Dated, at: string): Health | undefined {
  if (milestone.status === 'dropped') return undefined;
  const on = DELIVERED.includes(milestone.status) ? (milestone.submittedOn ?? dayOf(at)) : dayOf(at);
  if (on <= milestone.dueOn) return 'green';
  return on <= dayAfter(milestone.dueOn, YELLOW_DAYS_MAX) ? 'yellow' : 'red';
}

const ORDER: readonly Health[] = ['red', 'yellow', 'green'];

/** The worst of the milestones that still have to be handed in; green when there is none. */
export function projectHealth(milestones: readonly Dated[], at: string): Health {
  const undelivered = milestones.filter(({ status }) => isUndelivered(status)).map((milestone) => milestoneHealth(milestone, at));
  return ORDER.find((health) => undelivered.includes(health)) ?? 'green';
}

/** The same day some whole years later, as ISO dates compare. */
export const yearsAfter = (day: string, years: number): string =>
  `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;

/** Reporting light (R43): green up to 12 months after the last accepted report (or the start), yellow up to 24, then red. */
export function reportingLight(since: string, at: string): Health {
  const today = dayOf(at);
  if (today <= yearsAfter(dayOf(since), REPORT_GREEN_YEARS)) return 'green';
  return today <= yearsAfter(dayOf(since), REPORT_YELLOW_YEARS) ? 'yellow' : 'red';
}
