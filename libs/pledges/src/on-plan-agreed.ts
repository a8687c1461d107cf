import { MilestoneReleased, PlanAgreed } from '@concord/contracts';
import { defineReaction, type Decision } from '@concord/platform';
import { PlanAdopted, ReleaseRecorded } from './domain/fund-events.js';
import { Fund, type FundState } from './domain/fund.js';
import { fallDue, followPlan } from './domain/instalments.js';
import { Pledge, type PledgeState } from './domain/pledge.js';
import { requireFund } from './known.js';
import type { DomainEvent } from '@concord/kernel';

/** The open commitments of money, each with what happens to it. */
function onEachFunding(decision: Decision, fund: FundState, change: (pledge: PledgeState) => readonly DomainEvent[]): void {
  for (const [pledgeId, { open, currency }] of Object.entries(fund.commitments)) {
    if (open && currency !== undefined) decision.append(Pledge, pledgeId, ...change(decision.read(Pledge, pledgeId).state));
  }
}

/** A plan was agreed, the first or a new one: by-milestone commitments are scheduled by its shares (R5). Later ones when they are confirmed. */
export const onPlanAgreed = defineReaction({
  name: 'on-plan-agreed',
  from: 'stewardship',
  on: PlanAgreed,
  reads: ({ subject }) => [{ aggregate: Fund, id: subject }],
  decide: (decision) => {
    const { subject, data } = decision.event;
    const fund = requireFund(decision, subject);
    const milestones = data.milestones.map(({ milestoneId, share }) => ({ milestoneId, share }));
    decision.append(Fund, subject, PlanAdopted({ hash: data.hash, milestones }));
    onEachFunding(decision, fund, (pledge) => followPlan(pledge, milestones, fund.released));
  },
});

/** A milestone was released: its instalments may be paid (R13). */
export const onMilestoneReleased = defineReaction({
  name: 'on-milestone-released',
  from: 'stewardship',
  on: MilestoneReleased,
  reads: ({ data }) => [{ aggregate: Fund, id: data.projectId }],
  decide: (decision) => {
    const { subject, data } = decision.event;
    const fund = requireFund(decision, data.projectId);
    decision.append(Fund, data.projectId, ReleaseRecorded({ milestoneId: subject }));
    onEachFunding(decision, fund, (pledge) => fallDue(pledge, [subject], ''));
  },
});
