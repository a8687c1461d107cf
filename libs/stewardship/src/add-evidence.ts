import { AddEvidenceInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import type { MilestoneState } from './domain/milestone.js';
import { citeFile, EvidenceFile, fileId } from './domain/evidence-file.js';
import { Project } from './domain/project.js';
import { addEvidence } from './domain/submission.js';
import { milestones } from './milestones.js';
import { evidenceGatherer } from './policy.js';

/** `POST /milestones/{id}/add-evidence`: the file becomes public with it. */
export const addEvidenceCommand = defineCommand<MilestoneState, typeof AddEvidenceInput>({
  name: 'addEvidence',
  summary: 'Lead or partner add a stored file as evidence, with caption, licence and the day it was captured.',
  on: milestones,
  verb: 'add-evidence',
  input: AddEvidenceInput,
  allows: evidenceGatherer,
  reads: ({ sha256 }) => [{ aggregate: EvidenceFile, id: fileId(sha256) }],
  decide(decision) {
    const { state, input, id, at } = decision;
    const added = addEvidence(state, decision.read(Project, state.projectId).state, input, at);
    const file = fileId(input.sha256);
    decision.append(EvidenceFile, file, ...citeFile(decision.read(EvidenceFile, file).state, input.sha256, id));
    return added;
  },
});
