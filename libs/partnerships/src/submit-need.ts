import { NeedStepInput } from '@concord/contracts';
import { defineCommand, type Decision } from '@concord/platform';
import { derivedId } from './domain/derived-id.js';
import { Country } from './domain/focal-points.js';
import { submitNeed as decideSubmission } from './domain/need-publication.js';
import type { NeedState } from './domain/need.js';
import { needs } from './needs.js';
import { needEditor } from './policy.js';

/** Focal points of the need's country at this moment: while there are any, the country asks for endorsement (R21). */
export const focalPointsOf = (decision: Decision, { content }: NeedState): readonly string[] =>
  content.country === undefined ? [] : decision.read(Country, derivedId('country', content.country)).state.focalPointIds;

/** POST /needs/{id}/submit */
export const submitNeed = defineCommand({
  name: 'submitNeed',
  summary: 'Declares the draft ready; refused incomplete with every gap. Focal points of the country are asked to endorse (R21)',
  on: needs,
  verb: 'submit',
  input: NeedStepInput,
  allows: needEditor,
  decide: (decision) => decideSubmission(decision.state, decision.at, focalPointsOf(decision, decision.state)),
});
