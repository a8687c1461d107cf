import { MembershipGranted, MembershipRevoked } from '@concord/contracts';
import { ORGANISATION_ROLES, Refused, type DomainEvent, type OrganisationRole } from '@concord/kernel';
import { InvitationAccepted, InvitationWithdrawn, MemberInvited, type OrganisationState } from './organisation.js';

/** Most members of an organisation, and most invitations open at a time: the whole membership is part of one state. */
export const MEMBERS_MAX = 1_000;
export const INVITATIONS_MAX = 100;

const rolesOf = (state: OrganisationState, personId: string): readonly OrganisationRole[] => {
  const roles = Object.hasOwn(state.members, personId) ? state.members[personId] : undefined;
  if (!roles) throw new Refused('not_found', 'This person is not a member of the organisation.', { personId });
  return roles;
};

/** In the fixed order of the roles, each once: equal sets are equal lists. */
const ordered = (roles: readonly OrganisationRole[]): OrganisationRole[] =>
  ORGANISATION_ROLES.filter((role) => roles.includes(role));

/** Somebody must be able to run the membership, always: refused `last_admin`. */
function requireOtherAdmin(state: OrganisationState, personId: string): void {
  const others = Object.entries(state.members).some(([other, roles]) => other !== personId && roles.includes('admin'));
  if (!others)
    throw new Refused('last_admin', 'This is the last admin of the organisation. Make another member admin first.', { personId });
}

/** Gives a member other roles than before. */
export function setRoles(state: OrganisationState, personId: string, roles: readonly OrganisationRole[]): DomainEvent[] {
  const before = rolesOf(state, personId);
  if (before.includes('admin') && !roles.includes('admin')) requireOtherAdmin(state, personId);
  return ordered(before).join() === ordered(roles).join() ? [] : [MembershipGranted({ personId, roles: ordered(roles) })];
}

/** Ends a membership: an admin removes somebody, or a person leaves. */
export function endMembership(state: OrganisationState, personId: string): DomainEvent {
  if (rolesOf(state, personId).includes('admin')) requireOtherAdmin(state, personId);
  return MembershipRevoked({ personId });
}

/** Opens an invitation; who is meant and the token's digest are kept outside the log. */
export function inviteMember(state: OrganisationState, invitationId: string, roles: readonly OrganisationRole[]): DomainEvent {
  if (Object.keys(state.invitations).length >= INVITATIONS_MAX) {
    throw new Refused('too_many', `At most ${INVITATIONS_MAX} invitations may be open. Withdraw one that is not needed.`, {
      max: INVITATIONS_MAX,
    });
  }
  return MemberInvited({ invitationId, roles: ordered(roles) });
}

/** Takes an open invitation back. */
export function withdrawInvitation(state: OrganisationState, invitationId: string): DomainEvent {
  if (!Object.hasOwn(state.invitations, invitationId)) {
    throw new Refused('not_found', 'This invitation is not open: it was used or withdrawn.', { invitationId });
  }
  return InvitationWithdrawn({ invitationId });
}

/** Makes the person a member, once per invitation; a member keeps the roles they had and gets the new ones too. */
export function acceptInvitation(state: OrganisationState, invitationId: string, personId: string): DomainEvent[] {
  const roles = Object.hasOwn(state.invitations, invitationId) ? state.invitations[invitationId] : undefined;
  const held = Object.hasOwn(state.members, personId) ? (state.members[personId] ?? []) : [];
  // Who is a member already is so by this invitation when its answer was lost: saying it again changes nothing.
  if (!roles && held.length > 0) return [];
  if (!roles)
    throw new Refused('invitation_used', 'This invitation was used or withdrawn. Ask an admin for a new one.', { invitationId });
  if (held.length === 0 && Object.keys(state.members).length >= MEMBERS_MAX) {
    throw new Refused('too_many', `An organisation has at most ${MEMBERS_MAX} members here.`, { max: MEMBERS_MAX });
  }
  return [InvitationAccepted({ invitationId, personId }), MembershipGranted({ personId, roles: ordered([...held, ...roles]) })];
}
