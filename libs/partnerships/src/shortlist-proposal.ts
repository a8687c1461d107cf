import { NeedStepInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Need } from './domain/need.js';
import { inviteFullProposal as decideInvitation, shortlistProposal as decideShortlist } from './domain/proposal-review.js';
import { decidingApprover, decidingEditor } from './policy.js';
import { proposals } from './proposals.js';
import { readIntake, tallyOf } from './received-proposals.js';

/** POST /proposals/{id}/shortlist */
export const shortlistProposal = defineCommand({
  name: 'shortlistProposal',
  summary: 'Keeps a proposal in the race once two full scores are in (R25)',
  on: proposals,
  verb: 'shortlist',
  input: NeedStepInput,
  allows: decidingEditor,
  decide: (decision) => {
    const { id, state, subject } = decision;
    const intake = readIntake(decision, state.needId);
    return decideShortlist(state, intake, subject, tallyOf(decision, intake, id, state.hash).fullCount);
  },
});

/** POST /proposals/{id}/invite */
export const inviteFullProposal = defineCommand({
  name: 'inviteFullProposal',
  summary: 'Asks for the full proposal behind a shortlisted concept note, which becomes a draft again',
  on: proposals,
  verb: 'invite',
  input: NeedStepInput,
  allows: decidingApprover,
  decide: (decision) => decideInvitation(decision.state, decision.read(Need, decision.state.needId).state),
});
