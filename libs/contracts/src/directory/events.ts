import { defineEvent, Id, Instant, ORGANISATION_ROLES, PLATFORM_ROLES, Reason, Sha256 } from '@concord/kernel';
import { z } from 'zod';
import { DirectoryCodes, OrganisationProfile, profileFields } from './profile.js';

// The directory speaks of people by opaque ids only: names and addresses live in its own tables (R48).

/** Roles in an organisation, each once. */
export const MemberRoles = z
  .array(z.enum(ORGANISATION_ROLES))
  .min(1)
  .max(ORGANISATION_ROLES.length)
  .refine((roles) => new Set(roles).size === roles.length, 'must not name a role twice')
  .meta({ id: 'MemberRoles', description: 'Roles of a person in an organisation' });

/** Roles on the platform; none takes them away. */
export const PlatformRoles = z
  .array(z.enum(PLATFORM_ROLES))
  .max(PLATFORM_ROLES.length)
  .refine((roles) => new Set(roles).size === roles.length, 'must not name a role twice')
  .meta({ id: 'PlatformRoles', description: 'Roles of a person on the platform' });

/** What an API token may do: `write` needs `read` beside it, because every answer of a command is a reading. */
export const TOKEN_SCOPES = ['read', 'write'] as const;
export const TokenScopes = z
  .array(z.enum(TOKEN_SCOPES))
  .min(1)
  .max(TOKEN_SCOPES.length)
  .refine((scopes) => scopes.includes('read'), 'must include read')
  .refine((scopes) => new Set(scopes).size === scopes.length, 'must not name a scope twice')
  .meta({ id: 'TokenScopes', description: 'read, or read and write' });

/** Public half of an Ed25519 signing key as RFC 8037 writes it. */
export const PublicJwk = z
  .strictObject({
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string().regex(/^[A-Za-z0-9_-]{43}$/u),
    kid: Id,
    alg: z.literal('EdDSA'),
    use: z.literal('sig'),
  })
  .meta({ id: 'PublicJwk' });
export type PublicJwk = z.infer<typeof PublicJwk>;

// Stream: the organisation.
export const OrganisationRegistered = defineEvent(
  'OrganisationRegistered',
  z.strictObject({ organisationId: Id, ...profileFields }),
);
export const OrganisationRevised = defineEvent('OrganisationRevised', OrganisationProfile);
export const VerificationRequested = defineEvent('VerificationRequested', z.strictObject({}));
export const VerificationInformationAsked = defineEvent('VerificationInformationAsked', z.strictObject({ reason: Reason }));
export const OrganisationVerified = defineEvent('OrganisationVerified', z.strictObject({ validUntil: Instant }));
export const VerificationRejected = defineEvent('VerificationRejected', z.strictObject({ reason: Reason }));
export const OrganisationSuspended = defineEvent('OrganisationSuspended', z.strictObject({ reason: Reason }));
export const OrganisationReinstated = defineEvent('OrganisationReinstated', z.strictObject({ reason: Reason }));
export const VerificationExpired = defineEvent('VerificationExpired', z.strictObject({}));
/** The countries an organisation endorses for from now on; replaces the earlier list, none ends the office. */
export const FocalPointDesignated = defineEvent(
  'FocalPointDesignated',
  z.strictObject({ countries: z.array(DirectoryCodes.country).max(260) }),
);
/** The roles a person has in the organisation from now on; replaces the earlier ones. */
export const MembershipGranted = defineEvent('MembershipGranted', z.strictObject({ personId: Id, roles: MemberRoles }));
export const MembershipRevoked = defineEvent('MembershipRevoked', z.strictObject({ personId: Id }));

// Stream: the person.
export const PersonRegistered = defineEvent('PersonRegistered', z.strictObject({ personId: Id }));
export const PlatformRolesSet = defineEvent('PlatformRolesSet', z.strictObject({ roles: PlatformRoles }));
/** Access tokens of these sessions are void from now on, although they have not expired. */
export const SessionsEnded = defineEvent('SessionsEnded', z.strictObject({ sessionIds: z.array(Id).min(1).max(200) }));
/** `digest` is the SHA-256 of the token, which is never stored; `expiresAt` is real time. */
export const ApiTokenIssued = defineEvent(
  'ApiTokenIssued',
  z.strictObject({ tokenId: Id, digest: Sha256, organisationId: Id, scopes: TokenScopes, expiresAt: Instant }),
);
export const ApiTokenRevoked = defineEvent('ApiTokenRevoked', z.strictObject({ tokenId: Id, digest: Sha256 }));

// Stream: the signing key.
export const SigningKeyPublished = defineEvent('SigningKeyPublished', z.strictObject({ kid: Id, publicJwk: PublicJwk }));
export const SigningKeyRetired = defineEvent('SigningKeyRetired', z.strictObject({ kid: Id }));

/** Every public event of the directory. */
export const DIRECTORY_EVENTS = [
  OrganisationRegistered,
  OrganisationRevised,
  VerificationRequested,
  VerificationInformationAsked,
  OrganisationVerified,
  VerificationRejected,
  OrganisationSuspended,
  OrganisationReinstated,
  VerificationExpired,
  FocalPointDesignated,
  MembershipGranted,
  MembershipRevoked,
  PersonRegistered,
  PlatformRolesSet,
  SessionsEnded,
  ApiTokenIssued,
  ApiTokenRevoked,
  SigningKeyPublished,
  SigningKeyRetired,
] as const;
