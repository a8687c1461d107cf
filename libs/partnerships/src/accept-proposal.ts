import { ProposalVersionInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { partnerNeed } from './domain/need-closing.js';
import { Need } from './domain/need.js';
import { acceptProposal as decideAcceptance } from './domain/proposal-review.js';
import { decidingApprover } from './policy.js';
import { proposals } from './proposals.js';
import { declineAll, readIntake, tallyOf } from './received-proposals.js';

const RIVAL = { code: 'another_proposal_accepted', text: 'Another proposal was accepted for this need.' };

/** POST /proposals/{id}/accept */
export const acceptProposal = defineCommand({
  name: 'acceptProposal',
  summary:
    'Two approvers of the owner accept one version (R23, R26, R28); rivals are declined and the need is partnered in the same write',
  on: proposals,
  verb: 'accept',
  input: ProposalVersionInput,
  allows: decidingApprover,
  decide: (decision) => {
    const { id, state, input, subject } = decision;
    const need = decision.read(Need, state.needId).state;
    const intake = readIntake(decision, state.needId);
    const { meanScore = 0 } = tallyOf(decision, intake, id, state.hash);
    const projectId = decision.newId();
    const { accepted, event } = decideAcceptance(state, { need, intake }, subject, { hash: input.hash, projectId, meanScore });
    if (accepted) {
      decision.append(Need, state.needId, partnerNeed(need, { proposalId: id, leadId: state.leadId, projectId }));
      declineAll(decision, state.needId, RIVAL, id);
    }
    return event;
  },
});
