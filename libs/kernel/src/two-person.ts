import { Refused } from './refused.js';
import type { Reason } from './shapes.js';

/** A first approval that waits for its second (R23). `of` names the step and the version it approves. */
export interface PendingApproval {
  readonly of: string;
  readonly person: string;
  readonly at: string;
  /** Why, where the step takes a reason. */
  readonly reason?: Reason;
}

/**
 * Two different approvers act (R23). Returns 'first' when this approval has to wait for a second, 'second' when it completes
 * the pair. The same person twice is refused `same_person`. A pending approval of something else does not count.
 */
export function twoPerson(pending: PendingApproval | undefined, of: string, person: string): 'first' | 'second' {
  if (pending?.of !== of) return 'first';
  if (pending.person === person) {
    throw new Refused('same_person', 'You gave the first approval; a different approver has to give the second.', { of });
  }
  return 'second';
}
