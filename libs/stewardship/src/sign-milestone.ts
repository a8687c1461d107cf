import { MilestoneAccepted, MilestoneReasonInput, SignMilestoneInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { MilestoneState } from './domain/milestone.js';
import { Backing } from './domain/backing.js';
import { MilestoneMoved, Project } from './domain/project.js';
import { returnMilestone, signMilestone } from './domain/submission.js';
import { milestones } from './milestones.js';
import { actorOf, signerApprover } from './policy.js';

/** `POST /milestones/{id}/sign` */
export const signMilestoneCommand = defineCommand<MilestoneState, typeof SignMilestoneInput>({
  name: 'signMilestone',
  summary:
    'A required role signs the submitted version by its hash (R22, R26, R37, R38). The last signature accepts the milestone.',
  on: milestones,
  verb: 'sign',
  input: SignMilestoneInput,
  allows: signerApprover,
  decide(decision) {
    const { state, input, subject, id } = decision;
    const backing = decision.read(Backing, state.needId).state;
    const events = signMilestone(state, decision.read(Project, state.projectId).state, input, { ...actorOf(subject), backing });
    if (events.at(-1)?.kind === MilestoneAccepted.kind) {
      decision.append(Project, state.projectId, MilestoneMoved({ milestoneId: id, to: 'accepted' }));
    }
    return events;
  },
});

/** `POST /milestones/{id}/return` */
export const returnMilestoneCommand = defineCommand<MilestoneState, typeof MilestoneReasonInput>({
  name: 'returnMilestone',
  summary: 'A signer returns the submission with a reason, which ends the round for all signers (R38).',
  on: milestones,
  verb: 'return',
  input: MilestoneReasonInput,
  allows: signerApprover,
  decide(decision) {
    const { state, input, subject, id } = decision;
    const returned = returnMilestone(state, input.reason, actorOf(subject));
    decision.append(Project, state.projectId, MilestoneMoved({ milestoneId: id, to: 'returned' }));
    return returned;
  },
});
