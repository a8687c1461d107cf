import { AmendPledgeInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Line, changeReservation } from './domain/line.js';
import { amendPledge, offerOf } from './domain/offer.js';
import { known } from './known.js';
import { pledgeResource } from './pledge-board.js';
import { pledgerEdits } from './policy.js';

/** Replaces an offer; the line's reservation follows. */
export const amendPledgeCommand = defineCommand({
  name: 'amendPledge',
  summary:
    'Replaces an offer by another of the same kind and unit, with a reason. Clears an acceptance (R9); refused line_full (R3).',
  on: pledgeResource,
  verb: 'amend',
  input: AmendPledgeInput,
  allows: pledgerEdits,
  decide: ({ id, at, input, state, ...decision }) => {
    const { validUntil, acceptPartial, reason } = input;
    const line = known(decision, Line, state.lineId);
    const amended = amendPledge(state, line, { offer: offerOf(input), validUntil, acceptPartial, at, reason });
    decision.append(Line, state.lineId, ...changeReservation(line, id, amended.data.countedChange));
    return amended;
  },
});
