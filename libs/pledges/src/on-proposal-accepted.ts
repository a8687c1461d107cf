import { FundOpened, NeedAwardFinalised, ProposalAccepted } from '@concord/contracts';
import { defineReaction } from '@concord/platform';
import { Award, AwardFinalised, AwardMade } from './domain/award.js';
import { Fund } from './domain/fund.js';

/** A proposal was accepted: its lead will receive, and its project has a fund. */
export const onProposalAccepted = defineReaction({
  name: 'on-proposal-accepted',
  from: 'partnerships',
  on: ProposalAccepted,
  decide: ({ event, read, append }) => {
    const { needId, ownerId, leadId, projectId } = event.data;
    append(Award, needId, AwardMade({ ownerId, leadId, projectId }));
    if (read(Fund, projectId).version === 0) append(Fund, projectId, FundOpened({ needId, ownerId, recipientId: leadId }));
  },
});

/** The award can no longer be appealed: pledges may be confirmed (R9). */
export const onNeedAwardFinalised = defineReaction({
  name: 'on-need-award-finalised',
  from: 'partnerships',
  on: NeedAwardFinalised,
  decide: ({ event, append }) => {
    const { leadId, projectId } = event.data;
    append(Award, event.subject, AwardFinalised({ leadId, projectId }));
  },
});
