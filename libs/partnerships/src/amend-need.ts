import { AmendNeedInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { amendNeed as decideAmendment } from './domain/need-publication.js';
import { needs } from './needs.js';
import { needApprover } from './policy.js';

/** POST /needs/{id}/amend */
export const amendNeed = defineCommand({
  name: 'amendNeed',
  summary: 'Changes a published need, with the reason: targets grow, lines are added, dates move; criteria stay (R24)',
  on: needs,
  verb: 'amend',
  input: AmendNeedInput,
  allows: needApprover,
  decide: ({ state, input, at, newId }) => decideAmendment(state, input, at, newId),
});
