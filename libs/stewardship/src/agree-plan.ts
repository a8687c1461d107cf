import { MilestoneDropped } from '@concord/contracts';
import { Refused } from '@concord/kernel';
import type { Decision } from '@concord/platform';
import { Backing } from './domain/backing.js';
import { Milestone, MilestonePlanned, MilestoneReplanned } from './domain/milestone.js';
import { agreedPlan, planChanges } from './domain/plan.js';
import { Project, type ProjectState } from './domain/project.js';
import { scheduleReports } from './schedule-reports.js';

const FIRST_PLAN = { code: 'replanned', text: 'Left out of the plan before the start' };

/** Milestones follow the agreed plan in the same write: new ones are planned, changed ones planned anew, missing ones dropped. */
function followPlan(decision: Decision, project: ProjectState, projectId: string): void {
  const { needId, leadId, stewardId, partnerIds, proposed } = project;
  const { added, changed, dropped } = planChanges(project);
  for (const { milestoneId, ...terms } of added) {
    const parties = { projectId, needId, leadId, stewardId, partnerIds: [...partnerIds] };
    decision.append(Milestone, milestoneId, MilestonePlanned({ ...parties, ...terms }));
  }
  for (const { milestoneId, ...terms } of changed) decision.append(Milestone, milestoneId, MilestoneReplanned(terms));
  for (const { milestoneId } of dropped) {
    decision.append(Milestone, milestoneId, MilestoneDropped({ projectId, needId, reason: proposed?.reason ?? FIRST_PLAN }));
  }
}

/** Ids were free when the plan was proposed; a plan of another project may have taken one since. */
function requireFreeIds(decision: Decision, project: ProjectState): void {
  const taken = planChanges(project).added.find(({ milestoneId }) => decision.read(Milestone, milestoneId).version > 0);
  if (!taken) return;
  const { milestoneId } = taken;
  const message = 'A new milestone of this plan has the id of another one. Propose the plan again with a fresh id.';
  throw new Refused('already_exists', message, { milestoneId });
}

/** Agrees the proposed plan when every signature is there, with all that follows from it. Returns whether it was agreed. */
export function agreeIfComplete(decision: Decision, projectId: string): boolean {
  const { state: project } = decision.read(Project, projectId);
  const { state: backing } = decision.read(Backing, project.needId);
  const agreed = agreedPlan(project, backing);
  if (!agreed) return false;
  requireFreeIds(decision, project);
  followPlan(decision, project, projectId);
  decision.append(Project, projectId, agreed);
  if (project.startedAt !== undefined) scheduleReports(decision, projectId);
  return true;
}

/** As `agreeIfComplete`, for reactions: a plan that can no longer be agreed waits for a new proposal instead of failing the reaction. */
export function agreeWhenSigned(decision: Decision, projectId: string): void {
  const { state: project, version } = decision.read(Project, projectId);
  if (version === 0 || !['pipeline', 'implementation'].includes(project.status)) return;
  try {
    // Refuses before it appends anything.
    agreeIfComplete(decision, projectId);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
}
