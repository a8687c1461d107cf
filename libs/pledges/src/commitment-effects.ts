import type { Decision } from '@concord/platform';
import { lapseCancelled } from './domain/commitment.js';
import { Fund, markCommitment, settling } from './domain/fund.js';
import { Line, changeCommitment } from './domain/line.js';
import { Pledge } from './domain/pledge.js';
import { known } from './known.js';

/** Carries a changed commitment to its line and its fund. `open`: something of it is still to come. */
export function carryCommitment(
  decision: Decision,
  {
    pledgeId,
    lineId,
    projectId,
    countedChange,
    open,
  }: { pledgeId: string; lineId: string; projectId: string; countedChange: number; open: boolean },
): void {
  decision.append(Line, lineId, ...changeCommitment(known(decision, Line, lineId), pledgeId, countedChange));
  const fund = known(decision, Fund, projectId);
  decision.append(Fund, projectId, ...settling(fund, markCommitment(fund, pledgeId, open), decision.at));
}

/** Where the project was cancelled, lets the undelivered rest of a commitment lapse as soon as nothing recorded waits. */
export function lapseIfEnded(decision: Decision, pledgeId: string): void {
  const pledge = known(decision, Pledge, pledgeId);
  const { lineId, projectId } = pledge;
  if (projectId === undefined) return;
  const { ended } = known(decision, Fund, projectId);
  if (!ended) return;
  const { taken, events, countedChange } = lapseCancelled(pledge, ended, known(decision, Line, lineId).unit);
  if (!taken) return;
  decision.append(Pledge, pledgeId, ...events);
  carryCommitment(decision, { pledgeId, lineId, projectId, countedChange, open: false });
}
