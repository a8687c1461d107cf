import { NeedStepInput } from '@concord/contracts';
import { defineCommand, defineSchedule, type Decision } from '@concord/platform';
import { requireState } from '@concord/kernel';
import { closeIntake as decideClosing, intakeIsDue } from './domain/need-closing.js';
import { Need, type NeedState } from './domain/need.js';
import { needs } from './needs.js';
import { needApprover } from './policy.js';
import { startReviews } from './received-proposals.js';

/** Ends intake and starts the review of what was submitted, in one write. */
function close(decision: Decision, needId: string, state: NeedState) {
  requireState('need', state.status, 'published');
  return decideClosing(state, startReviews(decision, needId));
}

/** POST /needs/{id}/close-intake */
export const closeIntake = defineCommand({
  name: 'closeIntake',
  summary: 'Ends intake; the review of every submitted proposal starts in the same write',
  on: needs,
  verb: 'close-intake',
  input: NeedStepInput,
  allows: needApprover,
  decide: (decision) => close(decision, decision.id, decision.state),
});

/** The clock ends intake at the date the need names. */
export const intakeCloses = defineSchedule({
  name: 'intake-closes',
  aggregate: Need,
  due: async (db, at, limit) => {
    const rows = await db.query<{ id: string }>(
      'SELECT id FROM needs WHERE intake_due_at <= $1::timestamptz ORDER BY intake_due_at, id LIMIT $2',
      [at, limit],
    );
    return rows.map((row) => row.id);
  },
  decide: (decision) => (intakeIsDue(decision.state, decision.at) ? close(decision, decision.id, decision.state) : undefined),
});
