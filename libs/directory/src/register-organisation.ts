import { OrganisationRegistration } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { registerOrganisation } from './domain/profile.js';
import { organisations } from './organisations.js';
import { person } from './policy.js';

/** `POST /organisations` */
export const registerAnOrganisation = defineCommand({
  name: 'registerOrganisation',
  summary: 'Register an organisation of any type; you become its admin. It may draft until the registrars verified it (R20)',
  on: organisations,
  verb: 'create',
  input: OrganisationRegistration,
  allows: person,
  decide: ({ id, subject, input: { id: _id, ...profile } }) => registerOrganisation(id, profile, subject.person),
});
