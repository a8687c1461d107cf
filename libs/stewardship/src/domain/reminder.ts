import { MilestoneReminded } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';
import { dayAfter, dayOf, isUndelivered } from './health.js';
import type { MilestoneState } from './milestone.js';

/** Days before its day that a milestone is called to mind. */
const DAYS_BEFORE = 7;

/** Day of the next reminder; undefined when there is nothing to hand in, or its day was called to mind before. */
export const remindOn = ({
  status,
  dueOn,
  remindedFor,
}: Pick<MilestoneState, 'status' | 'dueOn' | 'remindedFor'>): string | undefined =>
  isUndelivered(status) && remindedFor !== dueOn ? dayAfter(dueOn, -DAYS_BEFORE) : undefined;

/** The reminder, once its day has come. */
export function remind(milestone: MilestoneState, at: string): DomainEvent | undefined {
  const on = remindOn(milestone);
  if (on === undefined || dayOf(at) < on) return undefined;
  const { projectId, needId, dueOn } = milestone;
  return MilestoneReminded({ projectId, needId, dueOn });
}
