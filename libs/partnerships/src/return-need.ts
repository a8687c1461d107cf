import { NeedReasonInput } from '@concord/contracts';
import { anyOf } from '@concord/access';
import { defineCommand } from '@concord/platform';
import { returnNeed as decideReturn } from './domain/need-publication.js';
import { needs } from './needs.js';
import { focalPointApprover, needApprover } from './policy.js';

/** POST /needs/{id}/return */
export const returnNeed = defineCommand({
  name: 'returnNeed',
  summary: 'Sends a submitted need back to draft, with the reason',
  on: needs,
  verb: 'return',
  input: NeedReasonInput,
  allows: anyOf(focalPointApprover, needApprover),
  decide: ({ state, input }) => decideReturn(state, input.reason),
});
