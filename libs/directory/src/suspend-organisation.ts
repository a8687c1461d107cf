import { WithReason } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { reinstateOrganisation, suspendOrganisation } from './domain/verification.js';
import { organisations } from './organisations.js';
import { registrar } from './policy.js';

/** `POST /organisations/{id}/suspend` */
export const suspendAnOrganisation = defineCommand({
  name: 'suspendOrganisation',
  summary: 'Suspend a verified organisation, which then only reads (R20); two registrars (R23)',
  on: organisations,
  verb: 'suspend',
  input: WithReason,
  allows: registrar,
  decide: ({ state, input, subject, at }) => suspendOrganisation(state, input.reason, { person: subject.person, at }),
});

/** `POST /organisations/{id}/reinstate` */
export const reinstateAnOrganisation = defineCommand({
  name: 'reinstateOrganisation',
  summary: 'End a suspension; two registrars (R23)',
  on: organisations,
  verb: 'reinstate',
  input: WithReason,
  allows: registrar,
  decide: ({ state, input, subject, at }) => reinstateOrganisation(state, input.reason, { person: subject.person, at }),
});
