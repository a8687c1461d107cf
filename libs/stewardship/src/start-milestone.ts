import { ProjectStepInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { MilestoneState } from './domain/milestone.js';
import { MilestoneMoved, Project } from './domain/project.js';
import { startMilestone } from './domain/submission.js';
import { milestones } from './milestones.js';
import { leadEditor } from './policy.js';

/** `POST /milestones/{id}/start` */
export const startMilestoneCommand = defineCommand<MilestoneState, typeof ProjectStepInput>({
  name: 'startMilestone',
  summary: 'The lead begins to work on a planned milestone of a running project.',
  on: milestones,
  verb: 'start',
  input: ProjectStepInput,
  allows: leadEditor,
  decide(decision) {
    const { state, id } = decision;
    const started = startMilestone(state, decision.read(Project, state.projectId).state);
    decision.append(Project, state.projectId, MilestoneMoved({ milestoneId: id, to: 'in_progress' }));
    return started;
  },
});
