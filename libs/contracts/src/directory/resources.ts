import { Day, Id, Instant, ORGANISATION_ROLES, Reason, STANDINGS, text } from '@concord/kernel';
import { z } from 'zod';
import { MemberRoles, PlatformRoles, PublicJwk, TokenScopes } from './events.js';
import { DirectoryCodes, OrgIdentifier, profileFields } from './profile.js';

/** E-mail address as people type it; compared without regard to case. */
export const EmailAddress = z.email().max(254).meta({ id: 'EmailAddress' });

/** A password as typed: no rule but a length, so that a pass phrase in any script fits. The strength is checked by the directory. */
const password = z
  .string()
  .min(1)
  .max(256)
  .meta({ description: 'At least 10 characters; common ones are refused', format: 'password' });

/** A step that a first approver took and that waits for a different second one (R23). */
export const PendingStep = z.object({ of: z.string(), at: Instant }).meta({ id: 'PendingStep' });

/** An organisation as everybody sees it. */
export const PublicOrganisation = z
  .object({
    id: Id,
    version: z.int(),
    ...profileFields,
    standing: z.enum(STANDINGS),
    /** Business time at which the verification ends; only when there is one. */
    validUntil: Instant.optional(),
    /** Why the registrars asked for more, rejected or suspended. */
    reason: Reason.optional(),
    /** Countries it endorses needs for. */
    focalCountries: z.array(DirectoryCodes.country),
    registeredAt: Instant,
    pendingApproval: PendingStep.optional(),
  })
  .meta({ id: 'PublicOrganisation' });

/** `POST /organisations`: the person who registers it becomes its admin. */
export const OrganisationRegistration = z
  .strictObject({ id: Id.optional(), ...profileFields })
  .meta({ id: 'OrganisationRegistration' });

/** What the registrars look at. Kept in a table, never in events: it names people. */
export const VerificationChecklist = z
  .strictObject({
    /** What proves that the organisation exists in law: an entry, a statute, a decree. */
    legalExistence: text(1000),
    /** Its identifier in the register it belongs to. */
    identifier: OrgIdentifier,
    contact: z.strictObject({ name: text(200), email: EmailAddress }),
    sanctions: z.strictObject({ checkedOn: Day, source: text(200), result: z.enum(['clear', 'possible_match', 'match']) }),
    /** Who may sign for it. */
    signatories: z.array(text(200)).min(1).max(20),
  })
  .meta({ id: 'VerificationChecklist' });
export type VerificationChecklist = z.infer<typeof VerificationChecklist>;

/** `GET /organisations/{id}/verification`: the latest request, for its admins and the registrars. */
export const VerificationRequest = z
  .object({ organisationId: Id, checklist: VerificationChecklist, requestedAt: Instant })
  .meta({ id: 'VerificationRequest' });

/** A command that needs nothing but its object. */
export const NoInput = z.strictObject({}).meta({ id: 'NoInput' });
/** A command that needs a reason. */
export const WithReason = z.strictObject({ reason: Reason }).meta({ id: 'WithReason' });

/** `POST /organisations/{id}/designate-focal-point` */
export const FocalPointDesignation = z
  .strictObject({ countries: z.array(DirectoryCodes.country).max(260) })
  .meta({ id: 'FocalPointDesignation' });

/** `POST /organisations/{id}/set-roles` */
export const MemberRolesInput = z.strictObject({ personId: Id, roles: MemberRoles }).meta({ id: 'MemberRolesInput' });
/** `POST /organisations/{id}/remove-member` */
export const MemberInput = z.strictObject({ personId: Id }).meta({ id: 'MemberInput' });

/** `GET /organisations/{id}/members`, for its members and the registrars. */
export const MemberList = z
  .object({ items: z.array(z.object({ personId: Id, name: z.string(), roles: z.array(z.enum(ORGANISATION_ROLES)) })) })
  .meta({ id: 'MemberList' });

/** `POST /organisations/{id}/invite` */
export const InvitationInput = z.strictObject({ email: EmailAddress, roles: MemberRoles }).meta({ id: 'InvitationInput' });
/** The answer is the only place that shows the token: pass it to the person who is meant. */
export const InvitationMade = z
  .object({ id: Id, organisationId: Id, token: z.string(), expiresAt: Instant })
  .meta({ id: 'InvitationMade' });
/** `POST /organisations/{id}/withdraw-invitation` */
export const InvitationReference = z.strictObject({ invitationId: Id }).meta({ id: 'InvitationReference' });
/** `POST /invitations/{id}/accept` */
export const InvitationAcceptance = z.strictObject({ token: z.string().min(20).max(100) }).meta({ id: 'InvitationAcceptance' });
/** What the person is in the organisation now. */
export const MembershipAnswer = z
  .object({ organisationId: Id, personId: Id, roles: z.array(z.enum(ORGANISATION_ROLES)) })
  .meta({ id: 'MembershipAnswer' });
/** `GET /organisations/{id}/invitations`, for its admins. */
export const InvitationList = z
  .object({ items: z.array(z.object({ id: Id, email: z.string(), roles: MemberRoles, expiresAt: Instant })) })
  .meta({ id: 'InvitationList' });

/** `POST /people` */
export const PersonRegistration = z
  .strictObject({ name: text(200), email: EmailAddress, password })
  .meta({ id: 'PersonRegistration' });
/** The new person's opaque id. */
export const PersonReference = z.object({ id: Id }).meta({ id: 'PersonReference' });
/** A person as fellow members and registrars see them; `email` and `platformRoles` are shown to the person and to registrars. */
export const PersonCard = z
  .object({ id: Id, name: z.string(), email: z.string().optional(), platformRoles: PlatformRoles.optional() })
  .meta({ id: 'PersonCard' });
/** `GET /people?id=…&id=…`: those of the named people whom the reader may see. */
export const PersonList = z.object({ items: z.array(PersonCard) }).meta({ id: 'PersonList' });
/** `POST /people/{id}/set-platform-roles` */
export const PlatformRolesInput = z.strictObject({ roles: PlatformRoles }).meta({ id: 'PlatformRolesInput' });
/** The roles the person has now. */
export const PlatformRolesAnswer = z.object({ id: Id, platformRoles: PlatformRoles }).meta({ id: 'PlatformRolesAnswer' });
/** `POST /me/change-password`: ends every session of the person. */
export const PasswordChange = z.strictObject({ current: password, next: password }).meta({ id: 'PasswordChange' });

/** `GET /me` */
export const Me = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string(),
    platformRoles: PlatformRoles,
    memberships: z.array(
      z.object({
        organisation: z.object({
          id: Id,
          name: z.string(),
          type: z.string(),
          standing: z.enum(STANDINGS),
          focalCountries: z.array(DirectoryCodes.country),
        }),
        roles: z.array(z.enum(ORGANISATION_ROLES)),
      }),
    ),
  })
  .meta({ id: 'Me' });

/** `POST /sessions` */
export const SignIn = z.strictObject({ email: EmailAddress, password }).meta({ id: 'SignIn' });
/** `POST /sessions/refresh` */
export const SessionRefresh = z.strictObject({ refreshToken: z.string().min(20).max(100) }).meta({ id: 'SessionRefresh' });
/** A session with its tokens: the access token for at most ten minutes, the refresh token for one use. */
export const SessionTokens = z
  .object({
    sessionId: Id,
    personId: Id,
    accessToken: z.string(),
    accessExpiresAt: Instant,
    refreshToken: z.string(),
    refreshExpiresAt: Instant,
  })
  .meta({ id: 'SessionTokens' });
/** `GET /sessions`: the reader's own live sessions. */
export const SessionList = z
  .object({ items: z.array(z.object({ id: Id, createdAt: Instant, lastUsedAt: Instant })) })
  .meta({ id: 'SessionList' });
/** `POST /sessions/{id}/end` */
export const SessionEnd = z.object({ id: Id }).meta({ id: 'SessionEnd' });

/** `POST /tokens`; days are real days. */
export const TokenIssue = z
  .strictObject({ name: text(80), organisationId: Id, scopes: TokenScopes, expiresInDays: z.int().min(1).max(365).optional() })
  .meta({ id: 'TokenIssue' });
/** The answer is the only place that shows the token. */
export const TokenIssued = z
  .object({ id: Id, token: z.string(), lastFour: z.string(), expiresAt: Instant })
  .meta({ id: 'TokenIssued' });
/** `GET /tokens`: the reader's own. */
export const TokenList = z
  .object({
    items: z.array(
      z.object({
        id: Id,
        name: z.string(),
        organisationId: Id,
        scopes: TokenScopes,
        lastFour: z.string(),
        createdAt: Instant,
        expiresAt: Instant,
        revoked: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'TokenList' });
/** `POST /tokens/{id}/revoke` */
export const TokenReference = z.object({ id: Id }).meta({ id: 'TokenReference' });

/** `GET /jwks`, also at /.well-known/jwks.json */
export const JwkSet = z.object({ keys: z.array(PublicJwk) }).meta({ id: 'JwkSet' });
