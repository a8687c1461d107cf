import type { OrganisationRole, PlatformRole, Policy, Standing, Subject } from '@concord/kernel';

const SETTLED: readonly Standing[] = ['verified'];
const NOT_SUSPENDED: readonly Standing[] = ['unverified', 'pending', 'verified', 'rejected', 'expired'];

/** Approvers are editors too, everybody with a role may look; admin runs the membership and is not an approver by itself. */
const IMPLIED: Readonly<Record<OrganisationRole, readonly OrganisationRole[]>> = {
  admin: ['admin'],
  approver: ['approver'],
  editor: ['editor', 'approver'],
  field: ['field', 'editor', 'approver'],
  viewer: ['viewer', 'field', 'editor', 'approver', 'admin'],
};

const holds = (subject: Subject | undefined, role: OrganisationRole): boolean =>
  subject !== undefined && subject.roles.some((held) => IMPLIED[role].includes(held));

/** Anyone, signed in or not. */
export const everyone: Policy = { label: 'everyone', permits: () => true };

/** Anyone signed in. */
export const signedIn: Policy = { label: 'signed in', permits: (subject) => subject !== undefined };

/** Nobody through the API: the step belongs to the clock or to a reaction. */
export const nobody: Policy = { label: 'nobody', permits: () => false };

/** A person with a platform role. */
export const platform = (role: PlatformRole): Policy => ({
  label: role,
  permits: (subject) => subject?.platformRoles.includes(role) ?? false,
});

/** A person acting with a role for any verified organisation (R20). */
export const acting = (role: OrganisationRole): Policy => ({
  label: `${role} of a verified organisation`,
  permits: (subject) => holds(subject, role) && SETTLED.includes(subject?.standing ?? 'unverified'),
});

/** A person acting with a role for any organisation that is not suspended: enough to draft (R20). */
export const drafting = (role: OrganisationRole): Policy => ({
  label: `${role} of an organisation that is not suspended`,
  permits: (subject) => holds(subject, role) && NOT_SUSPENDED.includes(subject?.standing ?? 'suspended'),
});

/** The organisations of an object that a rule speaks of. */
export type Organisations<Object> = (object: Object) => string | undefined | readonly (string | undefined)[];

const actsFor = <Object>(subject: Subject | undefined, organisations: Organisations<Object>, object: Object): boolean => {
  if (subject?.organisation === undefined) return false;
  const named = organisations(object);
  return Array.isArray(named) ? named.includes(subject.organisation) : named === subject.organisation;
};

/** A person acting with a role for one of the object's organisations, which is verified (R20). `whose` names them in the label. */
export const of = <Object>(role: OrganisationRole, whose: string, organisations: Organisations<Object>): Policy<Object> => ({
  label: `${role} of ${whose}`,
  permits: (subject, object) => actsFor(subject, organisations, object) && acting(role).permits(subject, object),
});

/** As `of`, for steps that an unverified organisation may take too: drafting and its own upkeep (R20). */
export const draftOf = <Object>(role: OrganisationRole, whose: string, organisations: Organisations<Object>): Policy<Object> => ({
  label: `${role} of ${whose}, verified or not`,
  permits: (subject, object) => actsFor(subject, organisations, object) && drafting(role).permits(subject, object),
});

/** Any member of one of the object's organisations, to read what is not public. */
export const memberOf = <Object>(whose: string, organisations: Organisations<Object>): Policy<Object> => ({
  label: `member of ${whose}`,
  permits: (subject, object) => actsFor(subject, organisations, object) && holds(subject, 'viewer'),
});

/** Holds when one of the policies does. */
export const anyOf = <Object>(...policies: readonly Policy<Object>[]): Policy<Object> => ({
  label: policies.map((policy) => policy.label).join(', or '),
  permits: (subject, object) => policies.some((policy) => policy.permits(subject, object)),
});

/** A condition on the object itself, such as "published". */
export const when = <Object>(label: string, holdsFor: (object: Object) => boolean): Policy<Object> => ({
  label,
  permits: (_subject, object) => holdsFor(object),
});
