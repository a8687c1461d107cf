import { NeedAwardFinalised } from '@concord/contracts';
import { defineReaction } from '@concord/platform';
import { AwardConfirmed, Backing } from './domain/backing.js';

/** The final award is one of the conditions of the start (R33). */
export const onNeedAwardFinalised = defineReaction({
  name: 'on-need-award-finalised',
  from: 'partnerships',
  on: NeedAwardFinalised,
  reads: ({ subject }) => [{ aggregate: Backing, id: subject }],
  decide: (decision) =>
    decision.append(Backing, decision.event.subject, AwardConfirmed({ projectId: decision.event.data.projectId })),
});
