/** Roles of a person in an organisation (domain.md section 2). Approvers are editors too. */
export const ORGANISATION_ROLES = ['admin', 'approver', 'editor', 'field', 'viewer'] as const;
export type OrganisationRole = (typeof ORGANISATION_ROLES)[number];

/** Roles on the platform itself. */
export const PLATFORM_ROLES = ['registrar', 'trust_officer', 'catalogue_editor'] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

/** Where an organisation stands with the registrars. */
export const STANDINGS = ['unverified', 'pending', 'verified', 'rejected', 'suspended', 'expired'] as const;
export type Standing = (typeof STANDINGS)[number];

/** Who asks, as the edge established it from the token and the memberships; never from a body. */
export interface Subject {
  /** Opaque id of the signed-in person. */
  readonly person: string;
  readonly platformRoles: readonly PlatformRole[];
  /** The organisation the person acts for, with the person's roles there and that organisation's standing. */
  readonly organisation?: string;
  readonly roles: readonly OrganisationRole[];
  readonly standing?: Standing;
  /** Scopes of an API token; absent for a session, which may do all that the person may. */
  readonly scopes?: readonly string[];
}

/**
 * Who may take a step: a pure function of the subject (absent for an anonymous reader) and the object's state. The label is
 * shown in the API document, so that a reader of the contract sees who may call a route.
 */
export interface Policy<Object = unknown> {
  readonly label: string;
  permits(subject: Subject | undefined, object: Object): boolean;
}
