import { ProjectReasonInput, ProjectStepInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { ProjectState } from './domain/project.js';
import { cancelProject, closeProject, finishProject, reopenProject } from './domain/project-course.js';
import { leadApprover, stewardApprover } from './policy.js';
import { projects } from './projects.js';

/** `POST /projects/{id}/cancel` */
export const cancelProjectCommand = defineCommand<ProjectState, typeof ProjectReasonInput>({
  name: 'cancelProject',
  summary: 'Two approvers of the steward cancel a project that has not started, with the same reason code (R23).',
  on: projects,
  verb: 'cancel',
  input: ProjectReasonInput,
  allows: stewardApprover,
  decide: ({ state, input, subject }) => cancelProject(state, input.reason, subject.person),
});

/** `POST /projects/{id}/finish` */
export const finishProjectCommand = defineCommand<ProjectState, typeof ProjectStepInput>({
  name: 'finishProject',
  summary: 'The lead says that the work is done: every milestone is accepted, released or dropped.',
  on: projects,
  verb: 'finish',
  input: ProjectStepInput,
  allows: leadApprover,
  decide: ({ state }) => finishProject(state),
});

/** `POST /projects/{id}/reopen` */
export const reopenProjectCommand = defineCommand<ProjectState, typeof ProjectReasonInput>({
  name: 'reopenProject',
  summary: 'The steward sends a finished project back to implementation.',
  on: projects,
  verb: 'reopen',
  input: ProjectReasonInput,
  allows: stewardApprover,
  decide: ({ state, input }) => reopenProject(state, input.reason),
});

/** `POST /projects/{id}/close` */
export const closeProjectCommand = defineCommand<ProjectState, typeof ProjectStepInput>({
  name: 'closeProject',
  summary: 'Two approvers of the steward close the project once everything R44 asks for is there (R23).',
  on: projects,
  verb: 'close',
  input: ProjectStepInput,
  allows: stewardApprover,
  decide: ({ state, subject }) => closeProject(state, subject.person),
});
