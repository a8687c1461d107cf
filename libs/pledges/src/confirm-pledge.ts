import { PledgeVersionInput } from '@concord/contracts';
import { Refused } from '@concord/kernel';
import { defineCommand } from '@concord/platform';
import { Award } from './domain/award.js';
import { confirmPledge } from './domain/commitment.js';
import { Fund, openCommitment, settling } from './domain/fund.js';
import { Line, confirmCapacity } from './domain/line.js';
import { known } from './known.js';
import { pledgeResource } from './pledge-board.js';
import { pledgerApproves } from './policy.js';

/** An offer becomes a commitment: pledge, line and fund move together. */
export const confirmPledgeCommand = defineCommand({
  name: 'confirmPledge',
  summary:
    'Turns an accepted offer into a commitment. Needs a final award and the current hash (R9, R26); money needs two approvers (R23).',
  on: pledgeResource,
  verb: 'confirm',
  input: PledgeVersionInput,
  allows: pledgerApproves,
  decide: ({ id, at, input, state, subject, ...decision }) => {
    const award = decision.read(Award, state.needId).state;
    const projectId = award.projectId ?? '';
    const fund = projectId === '' ? undefined : decision.read(Fund, projectId);
    const { plan, released = [] } = fund?.state ?? {};
    const step = confirmPledge(state, { hash: input.hash, person: subject.person, at, award, plan, released });
    if (!step.taken) return step.events;
    if (!fund || fund.version === 0)
      throw new Refused('not_final', 'The project of this need has no fund yet. Try again in a moment.', {});
    decision.append(Line, state.lineId, ...confirmCapacity(known(decision, Line, state.lineId), id, state.counted));
    decision.append(Fund, projectId, ...settling(fund.state, [openCommitment(fund.state, id, state)], at));
    return step.events;
  },
});
