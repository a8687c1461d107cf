import { NeedReasonInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { withdrawProposal as decideWithdrawal } from './domain/proposal-writing.js';
import { intakeOf } from './needs.js';
import { leadDraftApprover } from './policy.js';
import { proposals } from './proposals.js';
import { readIntake } from './received-proposals.js';

/** POST /proposals/{id}/withdraw */
export const withdrawProposal = defineCommand({
  name: 'withdrawProposal',
  summary: 'The lead takes the proposal back until it is decided, with the reason',
  on: proposals,
  verb: 'withdraw',
  input: NeedReasonInput,
  allows: leadDraftApprover,
  decide: (decision) => {
    const { id, state, input } = decision;
    const { events, onIntake } = decideWithdrawal(state, readIntake(decision, state.needId), id, input.reason);
    const stream = intakeOf(state.needId);
    if (onIntake.length > 0) decision.append(stream.aggregate, stream.id, ...onIntake);
    return events;
  },
});
