import {
  FocalPointDesignated,
  MemberRoles,
  MembershipGranted,
  MembershipRevoked,
  OrganisationRegistered,
  OrganisationReinstated,
  OrganisationRevised,
  OrganisationSuspended,
  OrganisationVerified,
  VerificationExpired,
  VerificationInformationAsked,
  VerificationRejected,
  VerificationRequested,
  type OrganisationProfile,
} from '@concord/contracts';
import {
  defineAggregate,
  defineEvent,
  Id,
  Reason,
  type OrganisationRole,
  type PendingApproval,
  type Standing,
  z,
} from '@concord/kernel';

/** First of two approvals (R23). `of` names the step and the round of verification it belongs to. Private. */
export const OrganisationApprovalGiven = defineEvent(
  'OrganisationApprovalGiven',
  z.strictObject({ of: z.string().max(60), reason: Reason.optional() }),
);
/** Somebody was invited with these roles; the address and the token's digest are in a table. Private. */
export const MemberInvited = defineEvent('MemberInvited', z.strictObject({ invitationId: Id, roles: MemberRoles }));
/** An invitation was taken back before it was used. Private. */
export const InvitationWithdrawn = defineEvent('InvitationWithdrawn', z.strictObject({ invitationId: Id }));
/** An invitation was used; MembershipGranted follows. Private. */
export const InvitationAccepted = defineEvent('InvitationAccepted', z.strictObject({ invitationId: Id, personId: Id }));

/** An organisation, as its events tell. */
export interface OrganisationState {
  /** Its own id, so that policies can compare it with the organisation a person acts for. Empty before it is registered. */
  readonly organisationId: string;
  readonly registeredAt: string;
  readonly profile: OrganisationProfile;
  readonly standing: Standing;
  /** How often verification was requested: an approval belongs to one round. */
  readonly round: number;
  readonly validUntil?: string;
  /** Last reason a registrar gave, while it explains the standing. */
  readonly reason?: Reason;
  readonly focalCountries: readonly string[];
  /** Roles by opaque person id. */
  readonly members: Readonly<Record<string, readonly OrganisationRole[]>>;
  /** Roles by id of an open invitation. */
  readonly invitations: Readonly<Record<string, readonly OrganisationRole[]>>;
  readonly pendingApproval?: PendingApproval;
}

type Entries<Value> = Readonly<Record<string, Value>>;

const without = <Value>(entries: Entries<Value>, key: string): Entries<Value> =>
  Object.fromEntries(Object.entries(entries).filter(([other]) => other !== key));

/** A change of standing by the registrars or the clock: what waited for a second approval waits no longer. */
function stand(
  state: OrganisationState,
  standing: Standing,
  facts: { reason?: Reason; validUntil?: string } = {},
): OrganisationState {
  const { reason: _reason, pendingApproval: _pending, ...kept } = state;
  return { ...kept, standing, ...facts };
}

/** Everything an organisation is and everybody who belongs to it. */
export const Organisation = defineAggregate({
  kind: 'organisation',
  initial: {
    organisationId: '',
    registeredAt: '',
    profile: { name: '', type: '90' },
    standing: 'unverified',
    round: 0,
    focalCountries: [],
    members: {},
    invitations: {},
  } as OrganisationState,
  events: [
    OrganisationRegistered,
    OrganisationRevised,
    VerificationRequested,
    VerificationInformationAsked,
    OrganisationApprovalGiven,
    OrganisationVerified,
    VerificationRejected,
    OrganisationSuspended,
    OrganisationReinstated,
    VerificationExpired,
    FocalPointDesignated,
    MembershipGranted,
    MembershipRevoked,
    MemberInvited,
    InvitationWithdrawn,
    InvitationAccepted,
  ],
  evolve: {
    OrganisationRegistered: (state, { organisationId, ...profile }, { at }) => ({
      ...state,
      organisationId,
      registeredAt: at,
      profile,
    }),
    OrganisationRevised: (state, profile) => ({ ...state, profile }),
    VerificationRequested: (state) => stand({ ...state, round: state.round + 1 }, 'pending'),
    VerificationInformationAsked: (state, { reason }) => stand(state, 'unverified', { reason }),
    OrganisationApprovalGiven: (state, { of }, { at, person = '' }) => ({ ...state, pendingApproval: { of, person, at } }),
    OrganisationVerified: (state, { validUntil }) => stand(state, 'verified', { validUntil }),
    VerificationRejected: (state, { reason }) => stand(state, 'rejected', { reason }),
    OrganisationSuspended: (state, { reason }) => stand(state, 'suspended', { reason }),
    OrganisationReinstated: (state) => stand(state, 'verified'),
    VerificationExpired: (state) => stand(state, 'expired'),
    FocalPointDesignated: (state, { countries }) => ({ ...state, focalCountries: countries }),
    MembershipGranted: (state, { personId, roles }) => ({ ...state, members: { ...state.members, [personId]: roles } }),
    MembershipRevoked: (state, { personId }) => ({ ...state, members: without(state.members, personId) }),
    MemberInvited: (state, { invitationId, roles }) => ({ ...state, invitations: { ...state.invitations, [invitationId]: roles } }),
    InvitationWithdrawn: (state, { invitationId }) => ({ ...state, invitations: without(state.invitations, invitationId) }),
    InvitationAccepted: (state, { invitationId }) => ({ ...state, invitations: without(state.invitations, invitationId) }),
  },
});
