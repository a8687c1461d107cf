import { ProjectReasonInput, TerminateProjectInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { ProjectState } from './domain/project.js';
import { citeFile, EvidenceFile, fileId } from './domain/evidence-file.js';
import { resumeProject, suspendProject, terminateProject } from './domain/project-course.js';
import { stewardApprover } from './policy.js';
import { projects } from './projects.js';

/** `POST /projects/{id}/suspend` */
export const suspendProjectCommand = defineCommand<ProjectState, typeof ProjectReasonInput>({
  name: 'suspendProject',
  summary: 'The steward suspends the project: no submission and no release until it is resumed (R40).',
  on: projects,
  verb: 'suspend',
  input: ProjectReasonInput,
  allows: stewardApprover,
  decide: ({ state, input }) => suspendProject(state, input.reason),
});

/** `POST /projects/{id}/resume` */
export const resumeProjectCommand = defineCommand<ProjectState, typeof ProjectReasonInput>({
  name: 'resumeProject',
  summary: 'Two approvers of the steward end a suspension, with the same reason code (R23).',
  on: projects,
  verb: 'resume',
  input: ProjectReasonInput,
  allows: stewardApprover,
  decide: ({ state, input, subject }) => resumeProject(state, input.reason, subject.person),
});

/** `POST /projects/{id}/terminate`: the notice becomes public with the step. */
export const terminateProjectCommand = defineCommand<ProjectState, typeof TerminateProjectInput>({
  name: 'terminateProject',
  summary: 'Two approvers of the steward terminate a suspended project by the same stored notice, named by its hash (R23).',
  on: projects,
  verb: 'terminate',
  input: TerminateProjectInput,
  allows: stewardApprover,
  reads: ({ document }) => [{ aggregate: EvidenceFile, id: fileId(document) }],
  decide(decision) {
    const { state, input, subject, id } = decision;
    const outcome = terminateProject(state, input.reason, input.document, subject.person);
    const notice = fileId(input.document);
    decision.append(EvidenceFile, notice, ...citeFile(decision.read(EvidenceFile, notice).state, input.document, id));
    return outcome;
  },
});
