import { ProjectStepInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Backing } from './domain/backing.js';
import { Party } from './domain/party.js';
import { startBlockers, startProject } from './domain/project-course.js';
import { Project, type ProjectState } from './domain/project.js';
import { stewardApprover } from './policy.js';
import { projects } from './projects.js';
import { scheduleReports } from './schedule-reports.js';

/** `POST /projects/{id}/start`: reports are scheduled in the same write. */
export const startProjectCommand = defineCommand<ProjectState, typeof ProjectStepInput>({
  name: 'startProject',
  summary:
    'The steward starts the project: agreed plan, confirmed minimums, final award, verified lead, partners and steward (R33).',
  on: projects,
  verb: 'start',
  input: ProjectStepInput,
  allows: stewardApprover,
  decide(decision) {
    const { state, id } = decision;
    const backing = decision.read(Backing, state.needId).state;
    const blockers = startBlockers(state, id, backing, (organisationId) => decision.read(Party, organisationId).state);
    decision.append(Project, id, startProject(state, blockers));
    scheduleReports(decision, id);
  },
});
