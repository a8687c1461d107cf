import { LineMinimumReached } from '@concord/contracts';
import { defineReaction } from '@concord/platform';
import { Backing, MinimumConfirmed } from './domain/backing.js';

/** A confirmed minimum is one of the conditions of the start (R33). */
export const onLineMinimumReached = defineReaction({
  name: 'on-line-minimum-reached',
  from: 'pledges',
  on: LineMinimumReached,
  reads: ({ data }) => [{ aggregate: Backing, id: data.needId }],
  decide: (decision) => decision.append(Backing, decision.event.data.needId, MinimumConfirmed({ lineId: decision.event.subject })),
});
