import { ApiProblem, type Client } from '@concord/client';
import type { Me, SessionTokens } from '@concord/contracts';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Acting } from '../facts.js';

/** What the session cookie holds, encrypted: the API's tokens never reach the browser. */
export interface Session {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly platformRoles: readonly string[];
  readonly accessToken: string;
  readonly accessExpiresAt: string;
  readonly refreshToken: string;
  readonly refreshExpiresAt: string;
}

type Tokens = z.output<typeof SessionTokens>;

/** Name of the cookie with the session. */
export const SESSION_COOKIE = 'concord_session';
/** Name of the cookie with the organisation somebody acts for; apart, so that a refresh of the session never undoes a choice. */
export const ACTING_COOKIE = 'concord_acting';
/** Name of the cookie with the chosen language. */
export const LOCALE_COOKIE = 'concord_locale';

const REFRESH_BEFORE_MS = 60_000;
/** As long as an access token lives: a browser that missed the answer with the new cookie goes on with the old one. */
const REMEMBER_MS = 10 * 60_000;
const REMEMBERED_MAX = 10_000;

/** Puts values into cookies that only this tier can read, and change (A256GCM). */
export class Seal {
  private readonly key: Uint8Array;

  constructor(secret: string) {
    this.key = createHash('sha256').update(`concord web cookie\n${secret}`).digest();
  }

  /** Encrypts a value for a cookie of this name. */
  close(name: string, value: unknown): Promise<string> {
    const text = new TextEncoder().encode(JSON.stringify({ name, value }));
    return new CompactEncrypt(text).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(this.key);
  }

  /** The value, or undefined when the cookie is foreign, changed, or of another secret. */
  async open<T>(name: string, sealed: string | undefined): Promise<T | undefined> {
    if (!sealed) return undefined;
    try {
      const { plaintext } = await compactDecrypt(sealed, this.key, { contentEncryptionAlgorithms: ['A256GCM'] });
      const held = JSON.parse(new TextDecoder().decode(plaintext)) as { name: string; value: T };
      return held.name === name ? held.value : undefined;
    } catch {
      // After a change of the secret everybody signs in again; nothing else is lost.
      return undefined;
    }
  }
}

/**
 * Refreshes sessions. A refresh token is for one use and using it twice ends the session, so requests that carry the same one
 * share one refresh, and those that still carry it a little later get the same outcome.
 */
export class Refreshing {
  private readonly known = new Map<string, { readonly outcome: Promise<Session | undefined>; readonly atMs: number }>();

  /** The session with a token that is good for a while; undefined when the session is over. Real time. */
  async fresh(session: Session, api: Client, nowMs = Date.now()): Promise<Session | undefined> {
    if (Date.parse(session.accessExpiresAt) - nowMs > REFRESH_BEFORE_MS) return session;
    const key = createHash('sha256').update(session.refreshToken).digest('base64');
    const known = this.known.get(key);
    if (known && nowMs - known.atMs < REMEMBER_MS) return known.outcome;
    this.forgetOld(nowMs);
    const outcome = this.refresh(session, api);
    this.known.set(key, { outcome, atMs: nowMs });
    // An answer that never came may come at the next try.
    outcome.catch(() => this.known.delete(key));
    return outcome;
  }

  private async refresh(session: Session, api: Client): Promise<Session | undefined> {
    try {
      const { body } = await api.post<Tokens>('/sessions/refresh', { body: { refreshToken: session.refreshToken } });
      return { ...session, ...tokensOf(body) };
    } catch (error) {
      if (error instanceof ApiProblem && (error.status === 401 || error.status === 400)) return undefined;
      throw error;
    }
  }

  private forgetOld(nowMs: number): void {
    for (const [key, { atMs }] of this.known) {
      if (nowMs - atMs < REMEMBER_MS && this.known.size < REMEMBERED_MAX) return;
      this.known.delete(key);
    }
  }
}

const tokensOf = (tokens: Tokens) => ({
  accessToken: tokens.accessToken,
  accessExpiresAt: tokens.accessExpiresAt,
  refreshToken: tokens.refreshToken,
  refreshExpiresAt: tokens.refreshExpiresAt,
});

/** Signs in. Throws `ApiProblem` invalid_credentials or throttled. */
export async function openSession(
  api: Client,
  credentials: { readonly email: string; readonly password: string },
): Promise<{ readonly session: Session; readonly memberships: readonly Acting[] }> {
  const { body: tokens } = await api.post<Tokens>('/sessions', { body: credentials });
  const { body: me } = await api.as({ token: tokens.accessToken }).get<z.output<typeof Me>>('/me');
  const session: Session = {
    id: tokens.sessionId,
    personId: me.id,
    name: me.name,
    platformRoles: me.platformRoles,
    ...tokensOf(tokens),
  };
  return { session, memberships: actingOf(me) };
}

/** What somebody may act for. */
export const actingOf = (me: z.output<typeof Me>): Acting[] =>
  me.memberships.map(({ organisation, roles }) => ({
    id: organisation.id,
    name: organisation.name,
    type: organisation.type,
    standing: organisation.standing,
    roles,
  }));
