import { RatePartnershipInput, RecordStewardshipPlanInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { ProjectState } from './domain/project.js';
import { Party } from './domain/party.js';
import { ratePartnership, recordStewardshipPlan } from './domain/project-course.js';
import { eitherApprover, eitherEditor } from './policy.js';
import { projects } from './projects.js';

/** `POST /projects/{id}/record-stewardship-plan` */
export const recordStewardshipPlanCommand = defineCommand<ProjectState, typeof RecordStewardshipPlanInput>({
  name: 'recordStewardshipPlan',
  summary: 'Lead or steward record who maintains the result, how that is funded, and how it was handed over (R44).',
  on: projects,
  verb: 'record-stewardship-plan',
  input: RecordStewardshipPlanInput,
  allows: eitherEditor,
  reads: ({ maintainerId }) => [{ aggregate: Party, id: maintainerId }],
  decide: (decision) =>
    recordStewardshipPlan(decision.state, decision.input, decision.read(Party, decision.input.maintainerId).version > 0),
});

/** `POST /projects/{id}/rate` */
export const ratePartnershipCommand = defineCommand<ProjectState, typeof RatePartnershipInput>({
  name: 'ratePartnership',
  summary:
    'Lead and steward rate the partnership from 1 to 5 once the work is done; both ratings are needed for the closure (R44).',
  on: projects,
  verb: 'rate',
  input: RatePartnershipInput,
  allows: eitherApprover,
  decide: ({ state, input, subject }) => ratePartnership(state, input, subject.organisation),
});
