import { PledgesReasonInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { carryCommitment } from './commitment-effects.js';
import { lapseRemainder } from './domain/commitment.js';
import { Line } from './domain/line.js';
import { actorOf, known } from './known.js';
import { pledgeResource } from './pledge-board.js';
import { pledgerOrSteward } from './policy.js';

/** Pledger and steward let the undelivered rest of a commitment lapse: first one side, then the other. */
export const lapseRemainderCommand = defineCommand({
  name: 'lapseRemainder',
  summary: 'Lets the undelivered rest of a commitment lapse when pledger and steward both say so (R10).',
  on: pledgeResource,
  verb: 'lapse-remainder',
  input: PledgesReasonInput,
  allows: pledgerOrSteward,
  decide: (decision) => {
    const { id, input, state, subject } = decision;
    const { lineId, projectId = '' } = state;
    const lineUnit = known(decision, Line, lineId).unit;
    const { taken, events, countedChange } = lapseRemainder(state, { reason: input.reason, actor: actorOf(subject), lineUnit });
    if (taken) carryCommitment(decision, { pledgeId: id, lineId, projectId, countedChange, open: false });
    return events;
  },
});
