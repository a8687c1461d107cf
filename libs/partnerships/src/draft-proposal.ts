import { DraftProposalInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Need } from './domain/need.js';
import { draftProposal as decideDraft } from './domain/proposal-writing.js';
import { mayDraft } from './policy.js';
import { proposals } from './proposals.js';

/** POST /proposals */
export const draftProposal = defineCommand({
  name: 'draftProposal',
  summary: 'Begins a proposal to a published need; the acting organisation leads, an unverified one may draft (R20)',
  on: proposals,
  verb: 'create',
  input: DraftProposalInput,
  allows: mayDraft,
  reads: ({ needId }) => [{ aggregate: Need, id: needId }],
  decide: (decision) => {
    const { input, subject } = decision;
    return decideDraft(input, subject.organisation ?? '', decision.read(Need, input.needId).state);
  },
});
