import { PledgesReasonInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Line, release } from './domain/line.js';
import { declinePledge, withdrawPledge } from './domain/offer.js';
import { known } from './known.js';
import { pledgeResource } from './pledge-board.js';
import { ownerDecides, pledgerApproves } from './policy.js';

// The two ways an offer ends by somebody's word. Both free what it reserved; they differ in who says so.

/** The owner of the need says no. */
export const declinePledgeCommand = defineCommand({
  name: 'declinePledge',
  summary: 'Declines an offer, with a reason; its capacity is free again.',
  on: pledgeResource,
  verb: 'decline',
  input: PledgesReasonInput,
  allows: ownerDecides,
  decide: ({ id, input, state, ...decision }) => {
    const declined = declinePledge(state, input.reason);
    decision.append(Line, state.lineId, release(known(decision, Line, state.lineId), id, state.counted));
    return declined;
  },
});

/** The pledger takes an offer back. */
export const withdrawPledgeCommand = defineCommand({
  name: 'withdrawPledge',
  summary: 'Withdraws an offer, with a reason; its capacity is free again. A commitment is never withdrawn (R10).',
  on: pledgeResource,
  verb: 'withdraw',
  input: PledgesReasonInput,
  allows: pledgerApproves,
  decide: ({ id, input, state, ...decision }) => {
    const withdrawn = withdrawPledge(state, input.reason);
    decision.append(Line, state.lineId, release(known(decision, Line, state.lineId), id, state.counted));
    return withdrawn;
  },
});
