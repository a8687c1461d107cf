import { AppointReviewerInput, DeclareConflictInput, DismissReviewerInput } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';
import { signedIn } from '@concord/access';
import { defineCommand, type Decision } from '@concord/platform';
import {
  appointReviewer as decideAppointment,
  declareConflict as decideConflict,
  dismissReviewer as decideDismissal,
} from './domain/intake.js';
import { intakeOf, needs } from './needs.js';
import { needApprover } from './policy.js';
import { readIntake, reassign } from './received-proposals.js';

// Reviewers are kept beside the need (domain/intake.ts), so these commands append to its intake and leave the need as it is.

function onIntake(decision: Decision, needId: string, events: readonly DomainEvent[]): void {
  if (events.length === 0) return;
  const { aggregate, id } = intakeOf(needId);
  decision.append(aggregate, id, ...events);
  reassign(decision, needId);
}

/** POST /needs/{id}/appoint-reviewer */
export const appointReviewer = defineCommand({
  name: 'appointReviewer',
  summary: 'Asks a person to score the proposals of the need; proposals in review open to them at once',
  on: needs,
  verb: 'appoint-reviewer',
  input: AppointReviewerInput,
  allows: needApprover,
  decide: (decision) => {
    const { id, state, input } = decision;
    onIntake(decision, id, decideAppointment(readIntake(decision, id), state, id, input.personId));
  },
});

/** POST /needs/{id}/dismiss-reviewer */
export const dismissReviewer = defineCommand({
  name: 'dismissReviewer',
  summary: 'Takes a reviewer off, with the reason; their scores no longer count',
  on: needs,
  verb: 'dismiss-reviewer',
  input: DismissReviewerInput,
  allows: needApprover,
  decide: (decision) => {
    const { id, state, input } = decision;
    onIntake(decision, id, [decideDismissal(readIntake(decision, id), state, id, input.personId, input.reason)]);
  },
});

/** POST /needs/{id}/declare-conflict */
export const declareConflict = defineCommand({
  name: 'declareConflict',
  summary: 'The acting reviewer declares an interest, for good: they cannot score any proposal of the need (R25)',
  on: needs,
  verb: 'declare-conflict',
  input: DeclareConflictInput,
  // Who reviews is not part of the need's state, which is public; the decision refuses everybody else.
  allows: signedIn,
  decide: (decision) => {
    const { id, state, input, subject } = decision;
    onIntake(decision, id, decideConflict(readIntake(decision, id), state, subject.person, input.nature));
  },
});
