import { ExtendNeedInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { extendNeed as decideExtension } from './domain/need-publication.js';
import { needs } from './needs.js';
import { needApprover } from './policy.js';

/** POST /needs/{id}/extend */
export const extendNeed = defineCommand({
  name: 'extendNeed',
  summary: 'Opens intake again until a new date; proposals in review stay there',
  on: needs,
  verb: 'extend',
  input: ExtendNeedInput,
  allows: needApprover,
  decide: ({ state, input, at }) => decideExtension(state, input, at),
});
