import { SessionsEnded } from '@concord/contracts';
import { uuidv7, type Database, type Decision } from '@concord/platform';
import { signAccessToken } from './access-token.js';
import { Person } from './domain/person.js';
import { DAY_MS, instant } from './instant.js';
import { digestOf, newSecret } from './secret.js';
import { EndedSessions } from './tables.js';

/** A session ends after 90 days whatever happens, and after 30 days without use. Real time. */
const SESSION_MS = 90 * DAY_MS;
const IDLE_MS = 30 * DAY_MS;
/** Sessions one event may name. */
const ENDED_MAX = 200;

/** What a client gets when a session opens or goes on. */
async function tokens(
  db: Database,
  session: { id: string; personId: string; expiresAtMs: number },
  refreshToken: string,
  realTimeMs: number,
) {
  const access = await signAccessToken(db, session, realTimeMs);
  const refreshExpiresAt = instant(Math.min(realTimeMs + IDLE_MS, session.expiresAtMs));
  return { sessionId: session.id, personId: session.personId, ...access, refreshToken, refreshExpiresAt };
}

/** Opens a session: one statement, off the log. Sessions long over are removed a few at a time. */
export async function openSession(db: Database, personId: string, realTimeMs: number) {
  const session = { id: uuidv7(), personId, expiresAtMs: realTimeMs + SESSION_MS };
  const refreshToken = newSecret();
  await db.query(
    `WITH old AS (SELECT id FROM sessions WHERE expires_at < $3 LIMIT 20 FOR UPDATE SKIP LOCKED),
          gone AS (DELETE FROM sessions s USING old WHERE s.id = old.id),
          forgotten AS (DELETE FROM ended_sessions e USING old WHERE e.session_id = old.id),
          opened AS (INSERT INTO sessions (id, person_id, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $3, $4) RETURNING id)
     INSERT INTO refresh_tokens (digest, session_id, expires_at) SELECT $5, id, $6 FROM opened`,
    [
      session.id,
      personId,
      instant(realTimeMs),
      instant(session.expiresAtMs),
      digestOf(refreshToken),
      instant(realTimeMs + IDLE_MS),
    ],
  );
  return tokens(db, session, refreshToken, realTimeMs);
}

/** What became of a refresh token. */
export type Rotation =
  | { readonly kind: 'rotated'; readonly tokens: Awaited<ReturnType<typeof tokens>> }
  /** The token was used before: somebody has a copy of it. */
  | { readonly kind: 'reused'; readonly sessionId: string; readonly personId: string }
  | { readonly kind: 'unknown' };

/**
 * Uses up a refresh token and puts its successor in its place, in one statement: of two uses at the same time one finds the
 * token used. An ended or expired session rotates no more.
 */
export async function rotateRefreshToken(db: Database, refreshToken: string, realTimeMs: number): Promise<Rotation> {
  const next = newSecret();
  const [used] = await db.query<{ session_id: string; person_id: string; expires_at: Date }>(
    `WITH used AS (
       UPDATE refresh_tokens r SET used_at = $3 FROM sessions s
        WHERE r.digest = $1 AND r.used_at IS NULL AND r.expires_at > $3 AND s.id = r.session_id AND s.expires_at > $3
          AND NOT EXISTS (SELECT 1 FROM ended_sessions e WHERE e.session_id = s.id)
       RETURNING r.session_id, s.person_id, s.expires_at),
     added AS (INSERT INTO refresh_tokens (digest, session_id, expires_at) SELECT $2, session_id, least($4, expires_at) FROM used),
     touched AS (UPDATE sessions s SET last_used_at = $3 FROM used WHERE s.id = used.session_id)
     SELECT session_id, person_id, expires_at FROM used`,
    [digestOf(refreshToken), digestOf(next), instant(realTimeMs), instant(realTimeMs + IDLE_MS)],
  );
  if (used) {
    const session = { id: used.session_id, personId: used.person_id, expiresAtMs: new Date(used.expires_at).getTime() };
    return { kind: 'rotated', tokens: await tokens(db, session, next, realTimeMs) };
  }
  const [copy] = await db.query<{ session_id: string; person_id: string }>(
    `SELECT r.session_id, s.person_id FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id
      WHERE r.digest = $1 AND r.used_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ended_sessions e WHERE e.session_id = s.id)`,
    [digestOf(refreshToken)],
  );
  return copy ? { kind: 'reused', sessionId: copy.session_id, personId: copy.person_id } : { kind: 'unknown' };
}

/** Ids of a person's sessions that are alive. */
export async function liveSessions(db: Database, personId: string, realTimeMs: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `SELECT s.id FROM sessions s WHERE s.person_id = $1 AND s.expires_at > $2
        AND NOT EXISTS (SELECT 1 FROM ended_sessions e WHERE e.session_id = s.id) ORDER BY s.created_at DESC, s.id`,
    [personId, instant(realTimeMs)],
  );
  return rows.map(({ id }) => id);
}

/** Ends sessions: the event voids their access tokens everywhere, the rows stop their refresh tokens; both or neither. */
export function endSessions(decision: Decision, personId: string, sessionIds: readonly string[], realTimeMs: number): void {
  for (let start = 0; start < sessionIds.length; start += ENDED_MAX) {
    decision.append(Person, personId, SessionsEnded({ sessionIds: sessionIds.slice(start, start + ENDED_MAX) }));
  }
  for (const id of sessionIds) decision.write(EndedSessions, { session_id: id, ended_at: instant(realTimeMs) });
}
