import { InvitationReference, MemberInput, MemberRolesInput, NoInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { endMembership, setRoles, withdrawInvitation } from './domain/membership.js';
import { organisations } from './organisations.js';
import { ownAdmin, ownMember } from './policy.js';

/** `POST /organisations/{id}/set-roles` */
export const setMemberRoles = defineCommand({
  name: 'setMemberRoles',
  summary: 'Give a member other roles; somebody stays admin (last_admin)',
  on: organisations,
  verb: 'set-roles',
  input: MemberRolesInput,
  allows: ownAdmin,
  decide: ({ state, input }) => setRoles(state, input.personId, input.roles),
});

/** `POST /organisations/{id}/remove-member` */
export const removeMember = defineCommand({
  name: 'removeMember',
  summary: 'End a membership; somebody stays admin (last_admin)',
  on: organisations,
  verb: 'remove-member',
  input: MemberInput,
  allows: ownAdmin,
  decide: ({ state, input }) => endMembership(state, input.personId),
});

/** `POST /organisations/{id}/leave` */
export const leaveOrganisation = defineCommand({
  name: 'leaveOrganisation',
  summary: 'Leave the organisation; its last admin cannot (last_admin)',
  on: organisations,
  verb: 'leave',
  input: NoInput,
  allows: ownMember,
  decide: ({ state, subject }) => endMembership(state, subject.person),
});

/** `POST /organisations/{id}/withdraw-invitation` */
export const withdrawAnInvitation = defineCommand({
  name: 'withdrawInvitation',
  summary: 'Take an invitation back that was not used',
  on: organisations,
  verb: 'withdraw-invitation',
  input: InvitationReference,
  allows: ownAdmin,
  decide: ({ state, input }) => withdrawInvitation(state, input.invitationId),
});
