import type { MigrationDefinition } from '@concord/platform';

/** Tables of the directory, beside those every context has. Forward only. */
export const migrations: readonly MigrationDefinition[] = [
  {
    name: '0001-organisations',
    sql: `
      CREATE TABLE organisations (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        search text NOT NULL,
        type text NOT NULL,
        org_kind text,
        country text,
        identifier text,
        standing text NOT NULL,
        capabilities text[] NOT NULL,
        sectors text[] NOT NULL,
        sdgs text[] NOT NULL,
        countries_served text[] NOT NULL,
        focal_countries text[] NOT NULL,
        members text[] NOT NULL,
        registered_at timestamptz NOT NULL,
        due_at timestamptz
      );
      CREATE INDEX organisations_name ON organisations (name, id);
      CREATE INDEX organisations_registered ON organisations (registered_at, id);
      CREATE INDEX organisations_search ON organisations USING gin (search extensions.gin_trgm_ops);
      CREATE INDEX organisations_members ON organisations USING gin (members);
      CREATE INDEX organisations_due ON organisations (due_at) WHERE due_at IS NOT NULL;
      CREATE UNIQUE INDEX organisations_identifier ON organisations (identifier) WHERE standing IN ('verified', 'suspended');
      CREATE TABLE verification_requests (
        organisation_id uuid PRIMARY KEY,
        checklist jsonb NOT NULL,
        requested_at timestamptz NOT NULL
      );`,
  },
  {
    name: '0002-people',
    sql: `
      CREATE TABLE people (id uuid PRIMARY KEY, name text NOT NULL);
      CREATE TABLE credentials (person_id uuid PRIMARY KEY, email text NOT NULL, password_hash text NOT NULL);
      CREATE UNIQUE INDEX credentials_email ON credentials (email);
      CREATE TABLE invitations (
        id uuid PRIMARY KEY,
        organisation_id uuid NOT NULL,
        email text NOT NULL,
        digest text NOT NULL,
        roles text[] NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX invitations_organisation ON invitations (organisation_id);
      CREATE TABLE api_tokens (
        id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        name text NOT NULL,
        scopes text[] NOT NULL,
        last_four text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX api_tokens_person ON api_tokens (person_id);`,
  },
  {
    name: '0003-sessions',
    sql: `
      CREATE TABLE signing_keys (
        kid uuid PRIMARY KEY,
        private_jwk jsonb NOT NULL,
        public_jwk jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        retired_at timestamptz
      );
      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        person_id uuid NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX sessions_person ON sessions (person_id);
      CREATE INDEX sessions_expiry ON sessions (expires_at);
      CREATE TABLE refresh_tokens (
        digest text PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      );
      CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
      CREATE TABLE ended_sessions (session_id uuid PRIMARY KEY, ended_at timestamptz NOT NULL);
      CREATE INDEX ended_sessions_age ON ended_sessions (ended_at);
      CREATE TABLE throttles (key text PRIMARY KEY, attempts int NOT NULL, since timestamptz NOT NULL);
      CREATE INDEX throttles_age ON throttles (since);`,
  },
];
