import { NeedReasonInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { withdrawNeed as decideWithdrawal } from './domain/need-closing.js';
import { needs } from './needs.js';
import { needDraftApprover } from './policy.js';
import { declineAll } from './received-proposals.js';

/** POST /needs/{id}/withdraw */
export const withdrawNeed = defineCommand({
  name: 'withdrawNeed',
  summary: 'Takes a need back until a partner was accepted, with the reason; undecided proposals are declined for it',
  on: needs,
  verb: 'withdraw',
  input: NeedReasonInput,
  allows: needDraftApprover,
  decide: (decision) => {
    const event = decideWithdrawal(decision.state, decision.input.reason);
    declineAll(decision, decision.id, decision.input.reason);
    return event;
  },
});
