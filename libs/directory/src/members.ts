import { MemberList, VerificationRequest, type VerificationChecklist } from '@concord/contracts';
import { signedIn } from '@concord/access';
import { Id, type OrganisationRole, type Policy, type Subject } from '@concord/kernel';
import { defineQuery, type Database } from '@concord/platform';
import { z } from 'zod';
import type { OrganisationState } from './domain/organisation.js';
import { instant } from './instant.js';
import { ownAdminReads, ownMember, person, registrar } from './policy.js';

/** State of the organisation an address names, when one of the policies lets this reader see what is not public; else undefined. */
export async function readableOrganisation(
  db: Database,
  id: string | undefined,
  subject: Subject | undefined,
  ...policies: readonly Policy<OrganisationState>[]
): Promise<OrganisationState | undefined> {
  const organisationId = Id.safeParse(id).data;
  if (organisationId === undefined) return undefined;
  const [row] = await db.query<{ state: OrganisationState }>(`SELECT state FROM streams WHERE id = $1 AND kind = 'organisation'`, [
    organisationId,
  ]);
  return row && policies.some((policy) => policy.permits(subject, row.state)) ? row.state : undefined;
}

/** Anybody who belongs to it, whatever they act for: members know each other. */
const belongs: Policy<OrganisationState> = {
  label: 'member of the organisation',
  permits: (subject, { members }) => subject !== undefined && Object.hasOwn(members, subject.person),
};

/** `GET /organisations/{id}/members` */
export const listMembers = defineQuery({
  name: 'listMembers',
  summary: 'Members and their roles, for members and registrars',
  path: '/organisations/:id/members',
  query: z.strictObject({}),
  output: MemberList,
  allows: signedIn,
  run: async ({ params, subject, db }) => {
    const state = await readableOrganisation(db, params['id'], subject, belongs, ownMember, registrar);
    if (!state) return { body: undefined };
    const rows = await db.query<{ id: string; name: string }>(
      'SELECT id, name FROM people WHERE id = ANY ($1::uuid[]) ORDER BY name, id',
      [Object.keys(state.members)],
    );
    const items = rows.map(({ id, name }) => ({ personId: id, name, roles: [...(state.members[id] ?? [])] as OrganisationRole[] }));
    return { body: { items } };
  },
});

/** `GET /organisations/{id}/verification` */
export const getVerification = defineQuery({
  name: 'getVerification',
  summary: 'The latest request for verification with its checklist, for admins of the organisation and registrars',
  path: '/organisations/:id/verification',
  query: z.strictObject({}),
  output: VerificationRequest,
  allows: person,
  run: async ({ params, subject, db }) => {
    const state = await readableOrganisation(db, params['id'], subject, ownAdminReads, registrar);
    if (!state) return { body: undefined };
    const [row] = await db.query<{ checklist: VerificationChecklist; requested_at: Date }>(
      'SELECT checklist, requested_at FROM verification_requests WHERE organisation_id = $1',
      [state.organisationId],
    );
    return {
      body: row && { organisationId: state.organisationId, checklist: row.checklist, requestedAt: instant(row.requested_at) },
    };
  },
});
