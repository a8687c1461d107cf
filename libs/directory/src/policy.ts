import { anyOf, draftOf, memberOf, platform, signedIn } from '@concord/access';
import { Refused, type Policy, type Subject } from '@concord/kernel';
import type { OrganisationState } from './domain/organisation.js';

const itself = (organisation: OrganisationState): string => organisation.organisationId;

/**
 * Only with a session of the person: who belongs where, who may sign in and what tokens exist is never changed with an API token,
 * so that a leaked token cannot make itself more powerful or longer-lived.
 */
export const inSession = <Object>(policy: Policy<Object>): Policy<Object> => ({
  label: `${policy.label}, in a session`,
  permits: (subject, object) => subject?.scopes === undefined && policy.permits(subject, object),
});

/** A signed-in person, not a token. */
export const person = inSession(signedIn);

/** A registrar, in a session. */
export const registrar: Policy<OrganisationState> = inSession(platform('registrar'));

/** Runs the membership: an admin of the organisation that is shown. */
export const ownAdmin = inSession(draftOf<OrganisationState>('admin', 'the organisation', itself));

/** Looks after the membership: as `ownAdmin`, but reading goes on while the organisation is suspended (R20). */
export const ownAdminReads: Policy<OrganisationState> = inSession({
  label: 'admin of the organisation',
  permits: (subject, organisation) => subject?.organisation === itself(organisation) && subject.roles.includes('admin'),
});

/** Keeps the profile: an admin or editor of the organisation that is shown. */
export const ownEditor = anyOf(
  draftOf<OrganisationState>('admin', 'the organisation', itself),
  draftOf<OrganisationState>('editor', 'the organisation', itself),
);

/** Belongs to the organisation that is shown, suspended or not. */
export const ownMember = inSession(memberOf<OrganisationState>('the organisation', itself));

/**
 * Checks a policy against an object that an action loaded itself. Refused `not_found` when there is no such organisation and
 * `forbidden` when the step is not this person's.
 */
export function requirePermit(
  policy: Policy<OrganisationState>,
  subject: Subject | undefined,
  organisation: OrganisationState,
): asserts subject is Subject {
  if (organisation.organisationId === '') throw new Refused('not_found', 'There is no such organisation.');
  if (!subject || !policy.permits(subject, organisation)) throw new Refused('forbidden', `This step belongs to: ${policy.label}.`);
}
