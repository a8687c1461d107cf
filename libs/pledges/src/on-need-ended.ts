import { NeedClosed, NeedExpired, NeedWithdrawn } from '@concord/contracts';
import { defineReaction, type Decision } from '@concord/platform';
import { Award } from './domain/award.js';
import { Line, closeLine } from './domain/line.js';

/** Closes every line of a need. A need that was never published has none. */
function closeLines(decision: Decision, needId: string, reason: 'need_closed' | 'need_withdrawn' | 'need_expired'): void {
  for (const lineId of decision.read(Award, needId).state.lineIds) {
    decision.append(Line, lineId, ...closeLine(decision.read(Line, lineId).state, reason));
  }
}

/** The need is over, with partners or without. */
export const onNeedClosed = defineReaction({
  name: 'on-need-closed',
  from: 'partnerships',
  on: NeedClosed,
  decide: (decision) => closeLines(decision, decision.event.subject, 'need_closed'),
});

/** The need was withdrawn. */
export const onNeedWithdrawn = defineReaction({
  name: 'on-need-withdrawn',
  from: 'partnerships',
  on: NeedWithdrawn,
  decide: (decision) => closeLines(decision, decision.event.subject, 'need_withdrawn'),
});

/** The need's time is up. */
export const onNeedExpired = defineReaction({
  name: 'on-need-expired',
  from: 'partnerships',
  on: NeedExpired,
  decide: (decision) => closeLines(decision, decision.event.subject, 'need_expired'),
});
