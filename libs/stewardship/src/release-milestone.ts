import { MilestoneReleased, ProjectStepInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { MilestoneState } from './domain/milestone.js';
import { MilestoneMoved, Project } from './domain/project.js';
import { releaseMilestone } from './domain/submission.js';
import { milestones } from './milestones.js';
import { stewardApprover } from './policy.js';

/** `POST /milestones/{id}/release`: the share of every by-milestone instalment falls due in pledges (R13). */
export const releaseMilestoneCommand = defineCommand<MilestoneState, typeof ProjectStepInput>({
  name: 'releaseMilestone',
  summary: 'Two approvers of the steward release an accepted milestone (R23). Refused while the project is suspended (R40).',
  on: milestones,
  verb: 'release',
  input: ProjectStepInput,
  allows: stewardApprover,
  decide(decision) {
    const { state, subject, id } = decision;
    const event = releaseMilestone(state, decision.read(Project, state.projectId).state, subject.person);
    if (event.kind === MilestoneReleased.kind)
      decision.append(Project, state.projectId, MilestoneMoved({ milestoneId: id, to: 'released' }));
    return event;
  },
});
