import { FundReopened, FundSettled } from '@concord/contracts';
import { assert } from '@concord/kernel';
import { defineReaction, type Decision } from '@concord/platform';
import { FundStandingChanged, Project } from './domain/project.js';

function note(decision: Decision, projectId: string, settled: boolean): void {
  // Money moves only after the project started, so its stream is there; if not, the event has to be retried and then parked.
  assert(decision.read(Project, projectId).version > 0, 'a fund belongs to a project');
  decision.append(Project, projectId, FundStandingChanged({ settled }));
}

/** A settled fund is one of the conditions of the closure (R44). Fund and project share their id. */
export const onFundSettled = defineReaction({
  name: 'on-fund-settled',
  from: 'pledges',
  on: FundSettled,
  reads: ({ subject }) => [{ aggregate: Project, id: subject }],
  decide: (decision) => note(decision, decision.event.subject, true),
});

/** What had settled the fund was undone. */
export const onFundReopened = defineReaction({
  name: 'on-fund-reopened',
  from: 'pledges',
  on: FundReopened,
  reads: ({ subject }) => [{ aggregate: Project, id: subject }],
  decide: (decision) => note(decision, decision.event.subject, false),
});
