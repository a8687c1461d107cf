import { ProposalVersionInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { reviewerIdsOf } from './domain/intake.js';
import { Need } from './domain/need.js';
import { startReview } from './domain/proposal-review.js';
import { submitProposal as decideSubmission } from './domain/proposal-writing.js';
import { Proposal } from './domain/proposal.js';
import { intakeOf } from './needs.js';
import { leadApprover } from './policy.js';
import { proposals } from './proposals.js';
import { readIntake } from './received-proposals.js';

/** POST /proposals/{id}/submit */
export const submitProposal = defineCommand({
  name: 'submitProposal',
  summary: 'The lead stands by the version with this hash (R26); one proposal per lead and need, while intake is open',
  on: proposals,
  verb: 'submit',
  input: ProposalVersionInput,
  allows: leadApprover,
  decide: (decision) => {
    const { id, state, input, at } = decision;
    const need = decision.read(Need, state.needId).state;
    const intake = readIntake(decision, state.needId);
    const { events, onIntake } = decideSubmission(state, need, intake, { id, hash: input.hash, at });
    const stream = intakeOf(state.needId);
    if (onIntake.length > 0) decision.append(stream.aggregate, stream.id, ...onIntake);
    decision.append(Proposal, id, ...events);
    // Intake has closed already for an invited full proposal: nothing else would start its review.
    return need.status === 'matching' ? startReview(decision.read(Proposal, id).state, reviewerIdsOf(intake)) : [];
  },
});
