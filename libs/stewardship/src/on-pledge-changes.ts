import { PledgeDeclined, PledgeLapsed, PledgeMade, PledgeWithdrawn } from '@concord/contracts';
import { defineReaction, type Decision } from '@concord/platform';
import { agreeWhenSigned } from './agree-plan.js';
import { BackerAdded, BackerRemoved, Backing } from './domain/backing.js';

interface Pledged {
  readonly needId: string;
  readonly organisationId: string;
  readonly kind: string;
}

const ofNeed = ({ data }: { readonly data: Pledged }) => [{ aggregate: Backing, id: data.needId }];

const backer = ({ organisationId, kind }: Pledged) => ({ organisationId, funding: kind === 'funding' });

/** A funder that is gone no longer has to sign: its signature may have been the last one missing. */
function remove(decision: Decision, pledged: Pledged): void {
  decision.append(Backing, pledged.needId, BackerRemoved(backer(pledged)));
  const { state } = decision.read(Backing, pledged.needId);
  if (state.projectId !== undefined) agreeWhenSigned(decision, state.projectId);
}

/** Whoever pledges backs the need: funders sign the plan, and nobody who pledged may verify (R37). */
export const onPledgeMade = defineReaction({
  name: 'on-pledge-made',
  from: 'pledges',
  on: PledgeMade,
  reads: ofNeed,
  decide: (decision) => decision.append(Backing, decision.event.data.needId, BackerAdded(backer(decision.event.data))),
});

/** A withdrawn offer backs the need no more. */
export const onPledgeWithdrawn = defineReaction({
  name: 'on-pledge-withdrawn',
  from: 'pledges',
  on: PledgeWithdrawn,
  reads: ofNeed,
  decide: (decision) => remove(decision, decision.event.data),
});

/** Nor does a declined one. */
export const onPledgeDeclined = defineReaction({
  name: 'on-pledge-declined',
  from: 'pledges',
  on: PledgeDeclined,
  reads: ofNeed,
  decide: (decision) => remove(decision, decision.event.data),
});

/** Nor does a lapsed offer. Where the rest of a commitment lapsed, the organisation has backed the need and stays a pledger. */
export const onPledgeLapsed = defineReaction({
  name: 'on-pledge-lapsed',
  from: 'pledges',
  on: PledgeLapsed,
  reads: ofNeed,
  decide(decision) {
    const { data } = decision.event;
    if (data.cause === 'expired' || data.cause === 'line_closed') remove(decision, data);
  },
});
