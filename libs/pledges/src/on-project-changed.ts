import { ProjectCancelled, ProjectFinalisationStarted, ProjectResumed, ProjectSuspended } from '@concord/contracts';
import { defineReaction } from '@concord/platform';
import { lapseIfEnded } from './commitment-effects.js';
import { DisbursementResumed, DisbursementSuspended, ProjectEnded } from './domain/fund-events.js';
import { Fund, settling } from './domain/fund.js';
import { requireFund } from './known.js';

const ofFund = ({ subject }: { readonly subject: string }) => [{ aggregate: Fund, id: subject }];

/** No disbursement while the project is suspended (R40). */
export const onProjectSuspended = defineReaction({
  name: 'on-project-suspended',
  from: 'stewardship',
  on: ProjectSuspended,
  reads: ofFund,
  decide: (decision) => {
    requireFund(decision, decision.event.subject);
    decision.append(Fund, decision.event.subject, DisbursementSuspended({}));
  },
});

/** The suspension ended. */
export const onProjectResumed = defineReaction({
  name: 'on-project-resumed',
  from: 'stewardship',
  on: ProjectResumed,
  reads: ofFund,
  decide: (decision) => {
    requireFund(decision, decision.event.subject);
    decision.append(Fund, decision.event.subject, DisbursementResumed({}));
  },
});

/** The project was cancelled: what is not delivered lapses; what is recorded waits for its recipient. */
export const onProjectCancelled = defineReaction({
  name: 'on-project-cancelled',
  from: 'stewardship',
  on: ProjectCancelled,
  reads: ofFund,
  decide: (decision) => {
    const { subject, data } = decision.event;
    const fund = requireFund(decision, subject);
    decision.append(Fund, subject, ProjectEnded({ reason: data.reason }));
    for (const [pledgeId, { open }] of Object.entries(fund.commitments)) if (open) lapseIfEnded(decision, pledgeId);
  },
});

/** The work is finished: a fund that nothing ever came to is settled now, or its project could never close (R44). */
export const onProjectFinalisationStarted = defineReaction({
  name: 'on-project-finalisation-started',
  from: 'stewardship',
  on: ProjectFinalisationStarted,
  reads: ofFund,
  decide: (decision) => {
    const { subject } = decision.event;
    decision.append(Fund, subject, ...settling(requireFund(decision, subject), [], decision.at));
  },
});
