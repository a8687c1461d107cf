import {
  IDENTITY_FIELDS,
  MembershipGranted,
  OrganisationRegistered,
  OrganisationRevised,
  type OrganisationProfile,
  type OrganisationRevision,
} from '@concord/contracts';
import { canonical, Refused, type DomainEvent, type Standing } from '@concord/kernel';
import type { OrganisationState } from './organisation.js';

const IDENTITY_OPEN: readonly Standing[] = ['unverified', 'rejected', 'expired'];

function requireConsistent(profile: OrganisationProfile): void {
  if (profile.orgKind === undefined || profile.type === '90') return;
  throw new Refused('kind_without_type', 'orgKind belongs to type 90 (other) only. Leave it out or choose type 90.', {
    type: profile.type,
  });
}

/** Registers an organisation; the person who does becomes its admin, and gives out the other roles. */
export function registerOrganisation(organisationId: string, profile: OrganisationProfile, personId: string): DomainEvent[] {
  requireConsistent(profile);
  return [OrganisationRegistered({ organisationId, ...profile }), MembershipGranted({ personId, roles: ['admin'] })];
}

/** The profile after a revision: an absent field stays, null empties it. */
function revised(profile: OrganisationProfile, revision: OrganisationRevision): OrganisationProfile {
  const entries = Object.entries({ ...profile, ...revision }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as OrganisationProfile;
}

/**
 * Changes what an organisation says of itself. Who it is (name, type, country, identifier) is what the registrars look at, so
 * it is refused `identity_fixed` from the request for verification on, until that is rejected, sent back or has expired.
 */
export function reviseOrganisation(state: OrganisationState, revision: OrganisationRevision): DomainEvent[] {
  const next = revised(state.profile, revision);
  requireConsistent(next);
  const changed = IDENTITY_FIELDS.filter((field) => next[field] !== state.profile[field]);
  if (changed.length > 0 && !IDENTITY_OPEN.includes(state.standing)) {
    throw new Refused(
      'identity_fixed',
      `The organisation is ${state.standing}, so ${changed.join(', ')} cannot change. Change the other fields only.`,
      { fields: changed, standing: state.standing },
    );
  }
  return canonical(next) === canonical(state.profile) ? [] : [OrganisationRevised(next)];
}
