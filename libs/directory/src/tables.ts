import { defineTable } from '@concord/platform';

// Personal data and secrets live in these tables and nowhere else: events and states speak of opaque ids, so that a person can be
// blanked later without touching the log (R48). Times ending in `_at` are real time where they guard security.

/** Names of people. */
export const People = defineTable<{ id: string; name: string }>({
  name: 'people',
  key: ['id'],
  columns: { id: 'uuid', name: 'text' },
});

/** What somebody signs in with: the address in lower case, the argon2id hash of the password. */
export const Credentials = defineTable<{ person_id: string; email: string; password_hash: string }>({
  name: 'credentials',
  key: ['person_id'],
  columns: { person_id: 'uuid', email: 'text', password_hash: 'text' },
  unique: {
    credentials_email: {
      code: 'email_taken',
      message: 'There is an account with this e-mail address. Sign in, or use another address.',
    },
  },
});

/** Whom an invitation is meant for; the token is known by its SHA-256 only. */
export const Invitations = defineTable<{
  id: string;
  organisation_id: string;
  email: string;
  digest: string;
  roles: readonly string[];
  expires_at: string;
}>({
  name: 'invitations',
  key: ['id'],
  columns: { id: 'uuid', organisation_id: 'uuid', email: 'text', digest: 'text', roles: 'text[]', expires_at: 'timestamptz' },
});

/** The latest request for verification of an organisation; its checklist names people. */
export const VerificationRequests = defineTable<{
  organisation_id: string;
  checklist: { readonly [key: string]: unknown };
  requested_at: string;
}>({
  name: 'verification_requests',
  key: ['organisation_id'],
  columns: { organisation_id: 'uuid', checklist: 'jsonb', requested_at: 'timestamptz' },
});

/** What a person may see of their tokens. */
export const ApiTokens = defineTable<{
  id: string;
  person_id: string;
  organisation_id: string;
  name: string;
  scopes: readonly string[];
  last_four: string;
  created_at: string;
  expires_at: string;
}>({
  name: 'api_tokens',
  key: ['id'],
  columns: {
    id: 'uuid',
    person_id: 'uuid',
    organisation_id: 'uuid',
    name: 'text',
    scopes: 'text[]',
    last_four: 'text',
    created_at: 'timestamptz',
    expires_at: 'timestamptz',
  },
});

/** Sessions that ended before their time; written with the event, so that neither is there without the other. */
export const EndedSessions = defineTable<{ session_id: string; ended_at: string }>({
  name: 'ended_sessions',
  key: ['session_id'],
  columns: { session_id: 'uuid', ended_at: 'timestamptz' },
});

/** Both halves of the keys that sign access tokens. */
export const SigningKeys = defineTable<{
  kid: string;
  private_jwk: { readonly [key: string]: unknown };
  public_jwk: { readonly [key: string]: unknown };
  created_at: string;
  retired_at: string | null;
}>({
  name: 'signing_keys',
  key: ['kid'],
  columns: { kid: 'uuid', private_jwk: 'jsonb', public_jwk: 'jsonb', created_at: 'timestamptz', retired_at: 'timestamptz' },
});

/** Every table a decision of the directory writes. */
export const directoryTables = [
  People,
  Credentials,
  Invitations,
  VerificationRequests,
  ApiTokens,
  EndedSessions,
  SigningKeys,
] as const;
