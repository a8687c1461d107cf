import { ProposePlanInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { ProjectState } from './domain/project.js';
import { Backing } from './domain/backing.js';
import { Milestone } from './domain/milestone.js';
import { Party } from './domain/party.js';
import { proposePlan } from './domain/plan.js';
import { leadApprover } from './policy.js';
import { projects } from './projects.js';

/** `POST /projects/{id}/propose-plan` */
export const proposePlanCommand = defineCommand<ProjectState, typeof ProposePlanInput>({
  name: 'proposePlan',
  summary:
    'The lead proposes a plan: SMART milestones (R35) whose shares sum to 100 (R34), with their signers (R37). After the start it needs a reason.',
  on: projects,
  verb: 'propose-plan',
  input: ProposePlanInput,
  allows: leadApprover,
  decide: (decision) =>
    proposePlan(decision.state, decision.input, {
      at: decision.at,
      backing: decision.read(Backing, decision.state.needId).state,
      isKnown: (organisationId) => decision.read(Party, organisationId).version > 0,
      isFree: (milestoneId) => decision.read(Milestone, milestoneId).version === 0,
      newId: () => decision.newId(),
    }),
});
