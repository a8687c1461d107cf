import { PledgeVersionInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Award, recipientIn } from './domain/award.js';
import { acceptPledge } from './domain/offer.js';
import { pledgeResource } from './pledge-board.js';
import { ownerDecides } from './policy.js';

/** The owner of the need accepts the version named by its hash. */
export const acceptPledgeCommand = defineCommand({
  name: 'acceptPledge',
  summary: 'Accepts the version of an offer named by its hash (R26); not one the person wrote (R22).',
  on: pledgeResource,
  verb: 'accept',
  input: PledgeVersionInput,
  allows: ownerDecides,
  decide: ({ at, input, state, subject, read }) => {
    const recipientId = recipientIn(read(Award, state.needId).state, state.recipient);
    return acceptPledge(state, { hash: input.hash, person: subject.person, recipientId, at });
  },
});
