import { NoInput, WithReason } from '@concord/contracts';
import { defineCommand, defineSchedule } from '@concord/platform';
import { Organisation } from './domain/organisation.js';
import { askInformation, expireVerification, rejectVerification, verifyOrganisation } from './domain/verification.js';
import { organisations } from './organisations.js';
import { registrar } from './policy.js';

/** `POST /organisations/{id}/ask-information` */
export const askForInformation = defineCommand({
  name: 'askInformation',
  summary: 'Send a request for verification back with what is missing',
  on: organisations,
  verb: 'ask-information',
  input: WithReason,
  allows: registrar,
  decide: ({ state, input, subject, at }) => askInformation(state, input.reason, { person: subject.person, at }),
});

/** `POST /organisations/{id}/verify` */
export const verifyAnOrganisation = defineCommand({
  name: 'verifyOrganisation',
  summary: 'Verify an organisation for 24 months; two registrars who do not belong to it (R22, R23)',
  on: organisations,
  verb: 'verify',
  input: NoInput,
  allows: registrar,
  decide: ({ state, subject, at }) => verifyOrganisation(state, { person: subject.person, at }),
});

/** `POST /organisations/{id}/reject` */
export const rejectAnOrganisation = defineCommand({
  name: 'rejectOrganisation',
  summary: 'Refuse the verification; the organisation may ask again',
  on: organisations,
  verb: 'reject',
  input: WithReason,
  allows: registrar,
  decide: ({ state, input, subject, at }) => rejectVerification(state, input.reason, { person: subject.person, at }),
});

/** Ends verifications after 24 months. */
export const expireVerifications = defineSchedule({
  name: 'expire-verifications',
  aggregate: Organisation,
  due: async (db, at, limit) => {
    const rows = await db.query<{ id: string }>('SELECT id FROM organisations WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2', [
      at,
      limit,
    ]);
    return rows.map(({ id }) => id);
  },
  decide: ({ state, at }) => expireVerification(state, at),
});
