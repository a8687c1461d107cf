import { NeedStepInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { endorseNeed as decideEndorsement } from './domain/need-publication.js';
import { needs } from './needs.js';
import { focalPointApprover } from './policy.js';

/** POST /needs/{id}/endorse */
export const endorseNeed = defineCommand({
  name: 'endorseNeed',
  summary: 'A focal point endorses the need in its country’s name (R21); not a person who wrote it (R22)',
  on: needs,
  verb: 'endorse',
  input: NeedStepInput,
  allows: focalPointApprover,
  decide: ({ state, subject }) => decideEndorsement(state, { person: subject.person, organisation: subject.organisation ?? '' }),
});
