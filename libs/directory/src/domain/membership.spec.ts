import { MembershipGranted, MembershipRevoked, OrganisationRegistered } from '@concord/contracts';
import { ORGANISATION_ROLES, Refused, type DomainEvent, type OrganisationRole } from '@concord/kernel';
import { fold, given, SPEC_META } from '@concord/testing';
import fc from 'fast-check';
import { acceptInvitation, endMembership, inviteMember, INVITATIONS_MAX, setRoles, withdrawInvitation } from './membership.js';
import { InvitationAccepted, InvitationWithdrawn, MemberInvited, Organisation, type OrganisationState } from './organisation.js';
import { registerOrganisation } from './profile.js';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const founder = id(1);
const other = id(2);
const invitationId = id(90);

const registered = OrganisationRegistered({
  organisationId: id(100),
  name: 'Open Meadow',
  type: '90',
  orgKind: 'open_source_community',
});
const founded = [registered, MembershipGranted({ personId: founder, roles: ['admin'] })];
const invited = [...founded, MemberInvited({ invitationId, roles: ['editor', 'approver'] })];

describe('invitations', () => {
  it('open with roles in their fixed order', () => {
    given(Organisation, founded)
      .when((organisation) => inviteMember(organisation, invitationId, ['viewer', 'approver']))
      .then(MemberInvited({ invitationId, roles: ['approver', 'viewer'] }));
  });

  it('make a member, once', () => {
    const accepted = [
      InvitationAccepted({ invitationId, personId: other }),
      MembershipGranted({ personId: other, roles: ['approver', 'editor'] }),
    ];
    given(Organisation, invited)
      .when((organisation) => acceptInvitation(organisation, invitationId, other))
      .then(...accepted);
    given(Organisation, [...invited, ...accepted])
      .when((organisation) => acceptInvitation(organisation, invitationId, id(3)))
      .refused('invitation_used');
    given(Organisation, [...invited, ...accepted])
      .when((organisation) => acceptInvitation(organisation, invitationId, other))
      .then();
  });

  it('add to the roles a member has', () => {
    given(Organisation, invited)
      .when((organisation) => acceptInvitation(organisation, invitationId, founder))
      .then(
        InvitationAccepted({ invitationId, personId: founder }),
        MembershipGranted({ personId: founder, roles: ['admin', 'approver', 'editor'] }),
      );
  });

  it('can be withdrawn while open', () => {
    given(Organisation, invited)
      .when((organisation) => withdrawInvitation(organisation, invitationId))
      .then(InvitationWithdrawn({ invitationId }));
    given(Organisation, [...invited, InvitationWithdrawn({ invitationId })])
      .when((organisation) => withdrawInvitation(organisation, invitationId))
      .refused('not_found');
    given(Organisation, [...invited, InvitationWithdrawn({ invitationId })])
      .when((organisation) => acceptInvitation(organisation, invitationId, other))
      .refused('invitation_used');
  });

  it('are limited in number', () => {
    const many = Array.from({ length: INVITATIONS_MAX }, (_, n) => MemberInvited({ invitationId: id(200 + n), roles: ['viewer'] }));
    given(Organisation, [...founded, ...many])
      .when((organisation) => inviteMember(organisation, invitationId, ['viewer']))
      .refused('too_many');
  });
});

describe('roles', () => {
  it('change, and an unchanged set is no event', () => {
    given(Organisation, founded)
      .when((organisation) => setRoles(organisation, founder, ['approver', 'admin']))
      .then(MembershipGranted({ personId: founder, roles: ['admin', 'approver'] }));
    given(Organisation, founded)
      .when((organisation) => setRoles(organisation, founder, ['admin']))
      .then();
  });

  it('belong to members only', () => {
    given(Organisation, founded)
      .when((organisation) => setRoles(organisation, other, ['viewer']))
      .refused('not_found');
  });

  it('never leave an organisation without an admin', () => {
    const withViewer = [...founded, MembershipGranted({ personId: other, roles: ['viewer'] })];
    given(Organisation, withViewer)
      .when((organisation) => setRoles(organisation, founder, ['approver']))
      .refused('last_admin');
    given(Organisation, withViewer)
      .when((organisation) => endMembership(organisation, founder))
      .refused('last_admin');
    given(Organisation, withViewer)
      .when((organisation) => endMembership(organisation, other))
      .then(MembershipRevoked({ personId: other }));
  });
});

describe('any sequence of membership commands', () => {
  type Step = (state: OrganisationState) => DomainEvent | readonly DomainEvent[];
  const person = fc.integer({ min: 1, max: 4 }).map(id);
  const invitation = fc.integer({ min: 90, max: 93 }).map(id);
  const roles = fc.uniqueArray(fc.constantFrom<OrganisationRole>(...ORGANISATION_ROLES), { minLength: 1 });
  const attempt = (decide: () => readonly DomainEvent[]): readonly DomainEvent[] => {
    try {
      return decide();
    } catch (error) {
      if (error instanceof Refused) return [];
      throw error;
    }
  };
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.tuple(invitation, roles).map(
      ([invite, given]): Step =>
        (state) =>
          inviteMember(state, invite, given),
    ),
    fc.tuple(invitation, person).map(
      ([invite, who]): Step =>
        (state) =>
          acceptInvitation(state, invite, who),
    ),
    invitation.map(
      (invite): Step =>
        (state) =>
          withdrawInvitation(state, invite),
    ),
    fc.tuple(person, roles).map(
      ([who, given]): Step =>
        (state) =>
          setRoles(state, who, given),
    ),
    person.map(
      (who): Step =>
        (state) =>
          endMembership(state, who),
    ),
  );

  it('keeps at least one admin, no empty roles, and folds the same from JSON', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const past: DomainEvent[] = registerOrganisation(id(100), { name: 'Open Meadow', type: '22' }, founder);
        let state = fold(Organisation, past);
        for (const decide of steps) {
          const events = attempt(() => [decide(state)].flat());
          state = events.reduce((folded, event) => Organisation.evolve(folded, event, SPEC_META), state);
          past.push(...events);
          const held = Object.values(state.members);
          expect(held.some((given) => given.includes('admin'))).toBe(true);
          expect(held.every((given) => given.length > 0)).toBe(true);
        }
        expect(fold(Organisation, JSON.parse(JSON.stringify(past)) as DomainEvent[])).toEqual(state);
      }),
      { numRuns: 60 },
    );
  });
});
