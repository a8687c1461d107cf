import { OrganisationRevision } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { reviseOrganisation } from './domain/profile.js';
import { organisations } from './organisations.js';
import { ownEditor } from './policy.js';

/** `PATCH /organisations/{id}` */
export const reviseAnOrganisation = defineCommand({
  name: 'reviseOrganisation',
  summary: 'Change the profile; name, type, country and identifier are fixed from the request for verification on (identity_fixed)',
  on: organisations,
  verb: 'revise',
  input: OrganisationRevision,
  allows: ownEditor,
  decide: ({ state, input }) => reviseOrganisation(state, input),
});
