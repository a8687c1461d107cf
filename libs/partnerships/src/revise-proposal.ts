import { ReviseProposalInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Need } from './domain/need.js';
import { reviseProposal as decideRevision } from './domain/proposal-writing.js';
import { proposalWriter } from './policy.js';
import { proposals } from './proposals.js';

/** PATCH /proposals/{id} */
export const reviseProposal = defineCommand({
  name: 'reviseProposal',
  summary: 'Lead or co-author changes the proposal, which is a draft again, with a new version and hash',
  on: proposals,
  verb: 'revise',
  input: ReviseProposalInput,
  allows: proposalWriter,
  decide: (decision) => {
    const { state, input, subject } = decision;
    return decideRevision(state, input, subject.organisation ?? '', decision.read(Need, state.needId).state);
  },
});
