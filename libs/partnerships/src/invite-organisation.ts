import { InviteOrganisationInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { inviteOrganisation as decideInvitation } from './domain/invitation.js';
import { needs } from './needs.js';
import { needEditor } from './policy.js';

/** POST /needs/{id}/invite */
export const inviteOrganisation = defineCommand({
  name: 'inviteOrganisation',
  summary: 'Asks an organisation to propose; asking twice is asking once',
  on: needs,
  verb: 'invite',
  input: InviteOrganisationInput,
  allows: needEditor,
  decide: ({ state, input }) => decideInvitation(state, input.organisationId),
});
