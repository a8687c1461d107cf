import { InvitationAcceptance, InvitationInput, InvitationList, InvitationMade, MembershipAnswer } from '@concord/contracts';
import { Id, Refused, type OrganisationRole } from '@concord/kernel';
import { defineAction, defineQuery } from '@concord/platform';
import { z } from 'zod';
import { acceptInvitation, inviteMember } from './domain/membership.js';
import { Organisation } from './domain/organisation.js';
import { DAY_MS, instant } from './instant.js';
import { readableOrganisation } from './members.js';
import { ownAdmin, ownAdminReads, person, requirePermit } from './policy.js';
import { normalEmail } from './register-person.js';
import { digestOf, newSecret, sameDigest, SECRET_ANSWER } from './secret.js';
import { Invitations } from './tables.js';

/** An invitation can be used for two weeks of real time. */
const INVITATION_MS = 14 * DAY_MS;

/** `POST /organisations/{id}/invite` */
export const invite = defineAction({
  name: 'inviteMember',
  summary: 'Invite a person by e-mail address with roles; the answer shows the token once, to be passed on',
  method: 'POST',
  path: '/organisations/:id/invite',
  input: InvitationInput,
  output: InvitationMade,
  allows: person,
  withoutKey: SECRET_ANSWER,
  run: async ({ params, input, subject, realTimeMs, execute }) => {
    const organisationId = Id.safeParse(params['id']).data;
    if (organisationId === undefined) return { body: undefined };
    const token = newSecret();
    const expiresAt = instant(realTimeMs + INVITATION_MS);
    const id = await execute((decision) => {
      const { state } = decision.read(Organisation, organisationId);
      requirePermit(ownAdmin, subject, state);
      const invitationId = decision.newId();
      decision.append(Organisation, organisationId, inviteMember(state, invitationId, input.roles));
      decision.write(Invitations, {
        id: invitationId,
        organisation_id: organisationId,
        email: normalEmail(input.email),
        digest: digestOf(token),
        roles: input.roles,
        expires_at: expiresAt,
      });
      return invitationId;
    });
    return { status: 201, body: { id, organisationId, token, expiresAt } };
  },
});

/** `POST /invitations/{id}/accept` */
export const accept = defineAction({
  name: 'acceptInvitation',
  summary:
    'Accept an invitation with its token, once; you become a member with the roles it names (invitation_used, invitation_expired)',
  method: 'POST',
  path: '/invitations/:id/accept',
  input: InvitationAcceptance,
  output: MembershipAnswer,
  allows: person,
  run: async ({ params, input, subject, db, realTimeMs, execute }) => {
    const id = Id.safeParse(params['id']).data;
    if (!subject || id === undefined) return { body: undefined };
    const [row] = await db.query<{ organisation_id: string; digest: string; expires_at: Date }>(
      'SELECT organisation_id, digest, expires_at FROM invitations WHERE id = $1',
      [id],
    );
    // Who does not hold the token learns nothing, not even that there is an invitation.
    if (!row || !sameDigest(row.digest, digestOf(input.token))) return { body: undefined };
    if (new Date(row.expires_at).getTime() <= realTimeMs) {
      throw new Refused('invitation_expired', 'This invitation is too old. Ask an admin of the organisation for a new one.');
    }
    const organisationId = row.organisation_id;
    const body = await execute(
      (decision) => {
        const { state } = decision.read(Organisation, organisationId);
        decision.append(Organisation, organisationId, ...acceptInvitation(state, id, subject.person));
        const roles = decision.read(Organisation, organisationId).state.members[subject.person] ?? [];
        return { organisationId, personId: subject.person, roles: [...roles] };
      },
      [],
      (answer) => ({ body: answer }),
    );
    return { body };
  },
});

/** `GET /organisations/{id}/invitations` */
export const listInvitations = defineQuery({
  name: 'listInvitations',
  summary: 'Open invitations, for admins of the organisation',
  path: '/organisations/:id/invitations',
  query: z.strictObject({}),
  output: InvitationList,
  allows: person,
  run: async ({ params, subject, db }) => {
    const state = await readableOrganisation(db, params['id'], subject, ownAdminReads);
    if (!state) return { body: undefined };
    const rows = await db.query<{ id: string; email: string; roles: OrganisationRole[]; expires_at: Date }>(
      'SELECT id, email, roles, expires_at FROM invitations WHERE id = ANY ($1::uuid[]) ORDER BY expires_at DESC, id',
      [Object.keys(state.invitations)],
    );
    return {
      body: { items: rows.map(({ id, email, roles, expires_at }) => ({ id, email, roles, expiresAt: instant(expires_at) })) },
    };
  },
});
