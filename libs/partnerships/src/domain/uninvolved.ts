import { Refused } from '@concord/kernel';
import type { Reviewer } from './intake.js';

/** Refuses `own_work`: nobody approves, scores or signs what they authored (R22). */
export function requireNotAuthor(authorIds: readonly string[], person: string): void {
  if (!authorIds.includes(person)) return;
  throw new Refused('own_work', 'You wrote this yourself. Somebody who did not has to take this step.');
}

/** Refuses `conflict_of_interest` for a person who declared one on this need (R25). */
export function requireNoConflict(reviewers: readonly Reviewer[], person: string): void {
  const conflict = reviewers.find((reviewer) => reviewer.personId === person)?.conflict;
  if (conflict === undefined) return;
  throw new Refused(
    'conflict_of_interest',
    'You declared a conflict of interest on this need. Somebody without one has to take this step.',
    {
      nature: conflict,
    },
  );
}
