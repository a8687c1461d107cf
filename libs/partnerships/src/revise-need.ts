import { ReviseNeedInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { reviseNeed as decideRevision } from './domain/need-drafting.js';
import { needs } from './needs.js';
import { needDrafter } from './policy.js';

/** PATCH /needs/{id} */
export const reviseNeed = defineCommand({
  name: 'reviseNeed',
  summary: 'Changes a draft; lists are replaced whole. A published need is amended instead',
  on: needs,
  verb: 'revise',
  input: ReviseNeedInput,
  allows: needDrafter,
  decide: ({ state, input, newId }) => decideRevision(state, input, newId),
});
