import { SignPlanInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { agreeIfComplete } from './agree-plan.js';
import { Backing } from './domain/backing.js';
import { signPlan } from './domain/plan.js';
import { Project, type ProjectState } from './domain/project.js';
import { actorOf, planSigner } from './policy.js';
import { projects } from './projects.js';

/** `POST /projects/{id}/sign-plan`: the last signature agrees the plan, and its milestones are planned in the same write. */
export const signPlanCommand = defineCommand<ProjectState, typeof SignPlanInput>({
  name: 'signPlan',
  summary:
    'Lead, steward and every organisation with a live funding pledge sign the proposed plan by its hash (R22, R26). The last signature agrees it.',
  on: projects,
  verb: 'sign-plan',
  input: SignPlanInput,
  allows: planSigner,
  decide(decision) {
    const { state, input, subject, id } = decision;
    const backing = decision.read(Backing, state.needId).state;
    decision.append(Project, id, signPlan(state, input, { ...actorOf(subject), backing }));
    agreeIfComplete(decision, id);
  },
});
