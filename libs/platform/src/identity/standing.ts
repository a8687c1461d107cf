import type { OrganisationRole, PlatformRole, Standing } from '@concord/kernel';
import type { MigrationDefinition } from '../service/definitions.js';
import type { ConsumerDefinition } from '../service/listening.js';
import type { PublicEvent } from '../service/public-event.js';
import type { Database } from '../database/table.js';

/** What an event of the directory changes in who may do what. The composition root supplies the pure function that tells. */
export type StandingChange =
  | { readonly table: 'organisation'; readonly id: string; readonly standing: Standing }
  | {
      readonly table: 'membership';
      readonly organisation: string;
      readonly person: string;
      readonly roles: readonly OrganisationRole[];
    }
  | { readonly table: 'person'; readonly person: string; readonly platformRoles: readonly PlatformRole[] }
  | {
      readonly table: 'token';
      readonly digest: string;
      readonly person: string;
      readonly organisation?: string | undefined;
      readonly scopes: readonly string[];
      readonly expiresAt: string;
    }
  | { readonly table: 'token_revoked'; readonly digest: string }
  | { readonly table: 'session_ended'; readonly sessionId: string }
  | { readonly table: 'key'; readonly kid: string; readonly publicJwk: Readonly<Record<string, unknown>> }
  | { readonly table: 'key_retired'; readonly kid: string };

/** Reads a public event of the directory. */
export type StandingChanges = (event: PublicEvent) => readonly StandingChange[];

/** Every context keeps its own copy of who may do what, filled by the directory's events: a request asks nobody else. */
export const standingTables: MigrationDefinition = {
  name: '0000-standing',
  sql: `
    CREATE TABLE standing_organisations (id uuid PRIMARY KEY, standing text NOT NULL);
    CREATE TABLE standing_memberships (organisation uuid, person uuid, roles text[] NOT NULL, PRIMARY KEY (person, organisation));
    CREATE TABLE standing_people (person uuid PRIMARY KEY, platform_roles text[] NOT NULL);
    CREATE TABLE standing_tokens (digest text PRIMARY KEY, person uuid NOT NULL, organisation uuid, scopes text[] NOT NULL, expires_at timestamptz NOT NULL, revoked boolean NOT NULL DEFAULT false);
    CREATE TABLE standing_sessions_ended (session uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE standing_keys (kid text PRIMARY KEY, jwk jsonb NOT NULL, retired boolean NOT NULL DEFAULT false);`,
};

/** The consumer that keeps the copy. `changed` runs after each commit, so that what is cached in memory is dropped. */
export function standingConsumer(changes: StandingChanges, changed: (change: StandingChange) => void): ConsumerDefinition {
  return {
    name: 'standing',
    from: ['directory'],
    async apply(events, db) {
      for (const event of events) for (const change of changes(event)) await write(change, db);
    },
    after(events) {
      for (const event of events) for (const change of changes(event)) changed(change);
    },
  };
}

async function write(change: StandingChange, db: Database): Promise<void> {
  switch (change.table) {
    case 'organisation':
      await db.query(
        'INSERT INTO standing_organisations VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET standing = excluded.standing',
        [change.id, change.standing],
      );
      return;
    case 'membership':
      await db.query(
        `INSERT INTO standing_memberships (organisation, person, roles) VALUES ($1, $2, $3)
         ON CONFLICT (person, organisation) DO UPDATE SET roles = excluded.roles`,
        [change.organisation, change.person, change.roles],
      );
      return;
    case 'person':
      await db.query(
        'INSERT INTO standing_people VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET platform_roles = excluded.platform_roles',
        [change.person, change.platformRoles],
      );
      return;
    case 'token':
      await db.query(
        'INSERT INTO standing_tokens (digest, person, organisation, scopes, expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO NOTHING',
        [change.digest, change.person, change.organisation ?? null, change.scopes, change.expiresAt],
      );
      return;
    case 'token_revoked':
      await db.query('UPDATE standing_tokens SET revoked = true WHERE digest = $1', [change.digest]);
      return;
    case 'session_ended':
      await db.query('INSERT INTO standing_sessions_ended (session) VALUES ($1) ON CONFLICT DO NOTHING', [change.sessionId]);
      return;
    case 'key':
      await db.query('INSERT INTO standing_keys (kid, jwk) VALUES ($1, $2) ON CONFLICT (kid) DO NOTHING', [
        change.kid,
        JSON.stringify(change.publicJwk),
      ]);
      return;
    case 'key_retired':
      await db.query('UPDATE standing_keys SET retired = true WHERE kid = $1', [change.kid]);
  }
}
