import { MakePledgeInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Line, reserve } from './domain/line.js';
import { makePledge, offerOf } from './domain/offer.js';
import { known } from './known.js';
import { pledgeResource } from './pledge-board.js';
import { offering } from './policy.js';

/** The hot path: one line is read, one pledge made, one reservation taken. Two streams, two events. */
export const makePledgeCommand = defineCommand({
  name: 'makePledge',
  summary:
    'Offers funding, expertise, goods or data on a line. Refused line_full beyond what is open (R3); another currency states its rate (R4).',
  on: pledgeResource,
  verb: 'create',
  input: MakePledgeInput,
  allows: offering,
  reads: ({ lineId }) => [{ aggregate: Line, id: lineId }],
  decide: (decision) => {
    const { id, at, input, subject } = decision;
    const { lineId, validUntil, acceptPartial } = input;
    const line = known(decision, Line, lineId);
    const organisationId = subject.organisation ?? '';
    const made = makePledge(line, { lineId, organisationId, offer: offerOf(input), validUntil, acceptPartial, at });
    decision.append(Line, lineId, reserve(line, id, made.data.counted));
    return made;
  },
});
