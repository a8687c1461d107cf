import { VerificationChecklist } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { requestVerification } from './domain/verification.js';
import { organisations } from './organisations.js';
import { ownAdmin } from './policy.js';
import { VerificationRequests } from './tables.js';

/** `POST /organisations/{id}/request-verification` */
export const requestVerificationOfOrganisation = defineCommand({
  name: 'requestVerification',
  summary:
    'Ask the registrars to verify the organisation, with the checklist they go through; it is shown to admins and registrars only',
  on: organisations,
  verb: 'request-verification',
  input: VerificationChecklist,
  allows: ownAdmin,
  decide: ({ id, state, input, at, write }) => {
    const events = requestVerification(state, input.identifier);
    write(VerificationRequests, { organisation_id: id, checklist: input, requested_at: at });
    return events;
  },
});
