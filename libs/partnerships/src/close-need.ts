import { CloseNeedInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { closeNeed as decideClosure } from './domain/need-closing.js';
import { needs } from './needs.js';
import { needApprover } from './policy.js';
import { declineAll } from './received-proposals.js';

/** POST /needs/{id}/close */
export const closeNeed = defineCommand({
  name: 'closeNeed',
  summary: 'Ends a need without a candidate, or cancels it, with the reason; undecided proposals are declined for it',
  on: needs,
  verb: 'close',
  input: CloseNeedInput,
  allows: needApprover,
  decide: (decision) => {
    const event = decideClosure(decision.state, decision.input);
    declineAll(decision, decision.id, decision.input.reason);
    return event;
  },
});
