import { NeedStepInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { publishNeed as decidePublication } from './domain/need-publication.js';
import { needs } from './needs.js';
import { needApprover } from './policy.js';
import { focalPointsOf } from './submit-need.js';

/** POST /needs/{id}/publish */
export const publishNeed = defineCommand({
  name: 'publishNeed',
  summary:
    'Makes the need public and fixes its lines and criteria (R24); refused endorsement_required where the country asks (R21)',
  on: needs,
  verb: 'publish',
  input: NeedStepInput,
  allows: needApprover,
  decide: (decision) => decidePublication(decision.state, decision.at, focalPointsOf(decision, decision.state)),
});
