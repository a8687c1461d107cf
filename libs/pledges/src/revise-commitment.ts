import { ReviseCommitmentInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { carryCommitment } from './commitment-effects.js';
import { reviseCommitment } from './domain/commitment.js';
import { Line } from './domain/line.js';
import { actorOf, known } from './known.js';
import { pledgeResource } from './pledge-board.js';
import { pledgerOrRecipient } from './policy.js';

/** Pledger and recipient change a commitment: first one side, then the other with the same quantity. */
export const reviseCommitmentCommand = defineCommand({
  name: 'reviseCommitment',
  summary:
    'Sets the whole of a commitment anew when pledger and recipient both say so; never below what is delivered (R10), never above the line (R3).',
  on: pledgeResource,
  verb: 'revise-commitment',
  input: ReviseCommitmentInput,
  allows: pledgerOrRecipient,
  decide: (decision) => {
    const { id, input, state, subject } = decision;
    const { lineId, projectId = '' } = state;
    const lineUnit = known(decision, Line, lineId).unit;
    const { taken, events, countedChange } = reviseCommitment(state, { ...input, actor: actorOf(subject), lineUnit });
    if (taken)
      carryCommitment(decision, { pledgeId: id, lineId, projectId, countedChange, open: input.quantity > state.delivered });
    return events;
  },
});
