import {
  FocalPointDesignated,
  OrganisationReinstated,
  OrganisationRevised,
  OrganisationSuspended,
  OrganisationVerified,
  VerificationExpired,
  VerificationInformationAsked,
  VerificationRejected,
  VerificationRequested,
} from '@concord/contracts';
import { Refused, requireState, twoPerson, type DomainEvent, type Reason } from '@concord/kernel';
import { OrganisationApprovalGiven, type OrganisationState } from './organisation.js';

/** Who decides, and when. */
export interface Registrar {
  readonly person: string;
  readonly at: string;
}

/** The same moment two calendar years (24 months) later; 29 February becomes the 28th. */
export function twoYearsAfter(at: string): string {
  const rest = at.slice(4);
  return `${String(Number(at.slice(0, 4)) + 2).padStart(4, '0')}${rest.startsWith('-02-29') ? `-02-28${rest.slice(6)}` : rest}`;
}

/** Asks the registrars to verify; takes the identifier of the checklist into the profile where it differs. */
export function requestVerification(state: OrganisationState, identifier: string): DomainEvent[] {
  requireState('organisation', state.standing, 'unverified', 'rejected', 'expired');
  const revised = state.profile.identifier === identifier ? [] : [OrganisationRevised({ ...state.profile, identifier })];
  return [...revised, VerificationRequested({})];
}

/** Nobody decides about an organisation they belong to (R22). */
function requireOutsider(state: OrganisationState, person: string): void {
  if (!Object.hasOwn(state.members, person)) return;
  throw new Refused('conflict_of_interest', 'You belong to this organisation; another registrar has to decide.');
}

/** Two different registrars (R23): the first call is recorded as an approval, the second takes the step. */
function twoRegistrars(
  state: OrganisationState,
  of: string,
  { person }: Registrar,
  step: () => DomainEvent,
  reason?: Reason,
): DomainEvent {
  requireOutsider(state, person);
  if (twoPerson(state.pendingApproval, of, person) === 'second') return step();
  return OrganisationApprovalGiven(reason ? { of, reason } : { of });
}

/** Sends the request back with what is missing. */
export function askInformation(state: OrganisationState, reason: Reason, { person }: Registrar): DomainEvent {
  requireState('organisation', state.standing, 'pending');
  requireOutsider(state, person);
  return VerificationInformationAsked({ reason });
}

/** Verifies for 24 months: two registrars (R23), neither of whom belongs to the organisation (R22). */
export function verifyOrganisation(state: OrganisationState, registrar: Registrar): DomainEvent {
  requireState('organisation', state.standing, 'pending');
  return twoRegistrars(state, `verify:${state.round}`, registrar, () =>
    OrganisationVerified({ validUntil: twoYearsAfter(registrar.at) }),
  );
}

/** Ends the request with a no; the organisation may ask again. */
export function rejectVerification(state: OrganisationState, reason: Reason, { person }: Registrar): DomainEvent {
  requireState('organisation', state.standing, 'pending');
  requireOutsider(state, person);
  return VerificationRejected({ reason });
}

/** Suspends a verified organisation: two registrars (R23); from then on it only reads (R20). */
export function suspendOrganisation(state: OrganisationState, reason: Reason, registrar: Registrar): DomainEvent {
  requireState('organisation', state.standing, 'verified');
  return twoRegistrars(state, `suspend:${state.round}`, registrar, () => OrganisationSuspended({ reason }), reason);
}

/** Ends a suspension: two registrars (R23). The verification's end does not move. */
export function reinstateOrganisation(state: OrganisationState, reason: Reason, registrar: Registrar): DomainEvent {
  requireState('organisation', state.standing, 'suspended');
  return twoRegistrars(state, `reinstate:${state.round}`, registrar, () => OrganisationReinstated({ reason }), reason);
}

/** Ends a verification whose 24 months are over; nothing when it was renewed, suspended or is still valid. */
export function expireVerification(state: OrganisationState, at: string): DomainEvent[] {
  const over = state.standing === 'verified' && state.validUntil !== undefined && state.validUntil <= at;
  return over ? [VerificationExpired({})] : [];
}

/** Lets a verified organisation endorse needs in the name of these countries, instead of those named before; none ends it. */
export function designateFocalPoint(state: OrganisationState, countries: readonly string[]): DomainEvent[] {
  if (countries.length > 0) requireState('organisation', state.standing, 'verified');
  const chosen = [...new Set(countries)].sort();
  return chosen.join() === state.focalCountries.join() ? [] : [FocalPointDesignated({ countries: chosen })];
}
