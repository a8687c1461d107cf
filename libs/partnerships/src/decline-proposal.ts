import { NeedReasonInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { declineProposal as decideDecline } from './domain/proposal-review.js';
import { decidingApprover } from './policy.js';
import { proposals } from './proposals.js';
import { readIntake, tallyOf } from './received-proposals.js';

/** POST /proposals/{id}/decline */
export const declineProposal = defineCommand({
  name: 'declineProposal',
  summary: 'Declines a proposal in review, with a public reason (R32) and the mean of its scores',
  on: proposals,
  verb: 'decline',
  input: NeedReasonInput,
  allows: decidingApprover,
  decide: (decision) => {
    const { id, state, input, subject } = decision;
    const intake = readIntake(decision, state.needId);
    return decideDecline(state, intake, subject, input.reason, tallyOf(decision, intake, id, state.hash).meanScore);
  },
});
