import type { OrganisationRole, PlatformRole, Standing, Subject } from '@concord/kernel';
import { errors, importJWK, jwtVerify, type CryptoKey, type JWTVerifyGetKey } from 'jose';
import { hash } from 'node:crypto';
import type { Database } from '../database/table.js';
import { HeadCache } from '../log/head-cache.js';
import type { StandingChange } from './standing.js';

/** Claims of every access token; both are checked. */
export const TOKEN_ISSUER = 'concord';
export const TOKEN_AUDIENCE = 'concord-api';
/** API tokens start like this, so that people and scanners recognise one. */
export const API_TOKEN_PREFIX = 'concord_';

/** What a key may be called. Anybody can write a `kid`, so nothing else reaches the database. */
const KID = /^[\w-]{1,100}$/u;
const TOKENS_MAX = 20_000;
const MEMBERS_MAX = 50_000;

interface Bearer {
  readonly person: string;
  readonly expiresAtMs: number;
  readonly session?: string;
  readonly digest: string;
  /** An API token acts for one organisation only. */
  readonly organisation?: string;
  readonly scopes?: readonly string[];
}

interface Member {
  readonly roles: readonly OrganisationRole[];
  readonly standing?: Standing;
}

/** Who asks could not be established; `reason` is safe to show. */
export class Unauthenticated extends Error {
  constructor(readonly reason: string) {
    super(reason);
    this.name = 'Unauthenticated';
  }
}

/** Who asks, with the real time at which that has to be established again. */
export interface Authenticated {
  readonly subject: Subject;
  readonly expiresAtMs: number;
  readonly session?: string;
}

/**
 * Establishes who asks from the token and the context's copy of the directory. A verified token is looked up by digest until it
 * expires or is revoked; memberships are cached until an event changes them. Real time throughout: moving business time
 * neither lengthens nor shortens a token.
 */
export class Authenticator {
  private readonly bearers = new HeadCache<Bearer>(TOKENS_MAX);
  private readonly members = new HeadCache<Member>(MEMBERS_MAX);
  private readonly people = new HeadCache<readonly PlatformRole[]>(MEMBERS_MAX);
  private readonly keys = new Map<string, CryptoKey>();
  /** Counts changes: what was read before one is not cached after it. */
  private generation = 0;

  /** `catchUp` resolves when the directory's events up to now have arrived: what is missing may just be on its way. */
  constructor(
    private readonly db: Database,
    private readonly catchUp: () => Promise<void>,
  ) {}

  /** Throws `Unauthenticated` for a token that is malformed, forged, expired or revoked, or a foreign organisation. */
  async authenticate(token: string, organisation: string | undefined): Promise<Authenticated> {
    const bearer = await this.bearer(token);
    if (bearer.expiresAtMs <= Date.now()) throw new Unauthenticated('The access token has expired. Get a new one.');
    if (bearer.organisation !== undefined && organisation !== undefined && organisation !== bearer.organisation) {
      throw new Unauthenticated('This API token acts for another organisation than the one named by Concord-Organisation.');
    }
    const actingFor = organisation ?? bearer.organisation;
    const platformRoles = bearer.scopes ? [] : await this.platformRoles(bearer.person);
    const member = actingFor === undefined ? { roles: [] } : await this.member(bearer.person, actingFor);
    if (actingFor !== undefined && member.roles.length === 0) {
      throw new Unauthenticated('You are not a member of the organisation named by Concord-Organisation.');
    }
    const subject: Subject = {
      person: bearer.person,
      platformRoles,
      roles: member.roles,
      ...(actingFor === undefined ? {} : { organisation: actingFor }),
      ...(member.standing === undefined ? {} : { standing: member.standing }),
      ...(bearer.scopes === undefined ? {} : { scopes: bearer.scopes }),
    };
    return { subject, expiresAtMs: bearer.expiresAtMs, ...(bearer.session === undefined ? {} : { session: bearer.session }) };
  }

  /** Roles of a person in an organisation now; empty when not a member. */
  async roles(person: string, organisation: string): Promise<readonly OrganisationRole[]> {
    return (await this.member(person, organisation)).roles;
  }

  /** Drops what an event of the directory made stale. */
  changed(change: StandingChange): void {
    this.generation += 1;
    if (
      change.table === 'organisation' ||
      change.table === 'session_ended' ||
      change.table === 'token_revoked' ||
      change.table === 'key_retired'
    ) {
      // Rare, and the entries it concerns are not indexed by it: everything is read again once.
      if (change.table === 'organisation') this.members.clear();
      else this.bearers.clear();
      if (change.table === 'key_retired') this.keys.delete(change.kid);
    } else if (change.table === 'membership') this.members.delete(`${change.person}/${change.organisation}`);
    else if (change.table === 'person') this.people.delete(change.person);
  }

  /** Drops everything that is remembered: a change may have been missed. */
  forget(): void {
    this.generation += 1;
    for (const remembered of [this.bearers, this.members, this.people, this.keys]) remembered.clear();
  }

  private async bearer(token: string): Promise<Bearer> {
    const digest = hash('sha256', token);
    const known = this.bearers.get(digest);
    if (known) return known;
    const { generation } = this;
    const bearer = token.startsWith(API_TOKEN_PREFIX) ? await this.apiToken(digest) : await this.session(token, digest);
    if (generation === this.generation) this.bearers.set(digest, bearer);
    return bearer;
  }

  private async apiToken(digest: string): Promise<Bearer> {
    const [row] = await this.db.query<{
      person: string;
      organisation: string | null;
      scopes: string[];
      expires_at: Date;
      revoked: boolean;
    }>('SELECT person, organisation, scopes, expires_at, revoked FROM standing_tokens WHERE digest = $1', [digest]);
    if (!row || row.revoked) throw new Unauthenticated('This API token is unknown or was revoked.');
    const { person, organisation, scopes } = row;
    return { person, scopes, digest, expiresAtMs: row.expires_at.getTime(), ...(organisation === null ? {} : { organisation }) };
  }

  private async session(token: string, digest: string): Promise<Bearer> {
    const { payload } = await jwtVerify(token, this.key, {
      algorithms: ['EdDSA'],
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
    }).catch((cause: unknown) => {
      if (cause instanceof errors.JOSEError) throw new Unauthenticated('The access token is not valid or has expired.');
      throw cause;
    });
    const { sub, sid, exp } = payload;
    if (typeof sub !== 'string' || typeof sid !== 'string' || typeof exp !== 'number')
      throw new Unauthenticated('The access token lacks a claim.');
    const ended = await this.db.query('SELECT 1 FROM standing_sessions_ended WHERE session::text = $1', [sid]);
    if (ended.length > 0) throw new Unauthenticated('This session has ended. Sign in again.');
    return { person: sub, session: sid, digest, expiresAtMs: exp * 1000 };
  }

  private readonly key: JWTVerifyGetKey = async ({ kid }) => {
    if (typeof kid !== 'string' || !KID.test(kid)) throw new Unauthenticated('The access token names no key.');
    const known = this.keys.get(kid);
    if (known) return known;
    const [row] = await this.db.query<{ jwk: Record<string, unknown> }>(
      'SELECT jwk FROM standing_keys WHERE kid = $1 AND NOT retired',
      [kid],
    );
    if (!row) throw new Unauthenticated('The access token is signed with an unknown key.');
    const key = (await importJWK(row.jwk as never, 'EdDSA')) as CryptoKey;
    this.keys.set(kid, key);
    return key;
  };

  private async platformRoles(person: string): Promise<readonly PlatformRole[]> {
    const known = this.people.get(person);
    if (known) return known;
    const { generation } = this;
    const [row] = await this.db.query<{ platform_roles: PlatformRole[] }>(
      'SELECT platform_roles FROM standing_people WHERE person = $1',
      [person],
    );
    if (generation === this.generation) this.people.set(person, row?.platform_roles ?? []);
    return row?.platform_roles ?? [];
  }

  private async member(person: string, organisation: string): Promise<Member> {
    const key = `${person}/${organisation}`;
    const known = this.members.get(key);
    if (known) return known;
    const { generation } = this;
    const row =
      (await this.memberRow(person, organisation)) ?? (await this.catchUp().then(() => this.memberRow(person, organisation)));
    const member: Member = { roles: row?.roles ?? [], ...(row?.standing ? { standing: row.standing } : {}) };
    if (generation === this.generation) this.members.set(key, member);
    return member;
  }

  private async memberRow(person: string, organisation: string) {
    const [row] = await this.db.query<{ roles: OrganisationRole[]; standing: Standing | null }>(
      `SELECT m.roles, o.standing FROM standing_memberships m LEFT JOIN standing_organisations o ON o.id = m.organisation
        WHERE m.person = $1 AND m.organisation::text = $2`,
      [person, organisation],
    );
    return row;
  }
}
