import { DraftNeedInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { draftNeed as decideDraft } from './domain/need-drafting.js';
import { needs } from './needs.js';
import { mayDraft } from './policy.js';

/** POST /needs */
export const draftNeed = defineCommand({
  name: 'draftNeed',
  summary: 'Begins a need of the acting organisation; an unverified one may draft (R20)',
  on: needs,
  verb: 'create',
  input: DraftNeedInput,
  allows: mayDraft,
  // The policy lets only somebody through who acts for an organisation.
  decide: ({ input, subject, newId }) => decideDraft(input, subject.organisation ?? '', newId),
});
