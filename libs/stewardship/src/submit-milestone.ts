import { MilestoneReasonInput, SubmitMilestoneInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { MilestoneState } from './domain/milestone.js';
import { MilestoneMoved, Project } from './domain/project.js';
import { recallSubmission, submitMilestone } from './domain/submission.js';
import { milestones } from './milestones.js';
import { leadApprover } from './policy.js';

/** `POST /milestones/{id}/submit` */
export const submitMilestoneCommand = defineCommand<MilestoneState, typeof SubmitMilestoneInput>({
  name: 'submitMilestone',
  summary:
    'The lead submits a frozen version: its hash covers criteria, narrative and the hashes of all evidence (R36). Refused while suspended (R40).',
  on: milestones,
  verb: 'submit',
  input: SubmitMilestoneInput,
  allows: leadApprover,
  decide(decision) {
    const { state, input, id } = decision;
    const submitted = submitMilestone(state, decision.read(Project, state.projectId).state, input.narrative);
    decision.append(Project, state.projectId, MilestoneMoved({ milestoneId: id, to: 'submitted' }));
    return submitted;
  },
});

/** `POST /milestones/{id}/recall` */
export const recallSubmissionCommand = defineCommand<MilestoneState, typeof MilestoneReasonInput>({
  name: 'recallSubmission',
  summary: 'The lead takes a submission back before it is accepted; signatures under it are void.',
  on: milestones,
  verb: 'recall',
  input: MilestoneReasonInput,
  allows: leadApprover,
  decide(decision) {
    const { state, input, id } = decision;
    const recalled = recallSubmission(state, input.reason);
    decision.append(Project, state.projectId, MilestoneMoved({ milestoneId: id, to: 'in_progress' }));
    return recalled;
  },
});
