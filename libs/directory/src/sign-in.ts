import { everyone } from '@concord/access';
import { NoInput, SessionEnd, SessionList, SessionRefresh, SessionTokens, SignIn } from '@concord/contracts';
import { Id, Refused } from '@concord/kernel';
import { defineAction, defineQuery } from '@concord/platform';
import { z } from 'zod';
import { instant } from './instant.js';
import { passwordMatches } from './password.js';
import { person } from './policy.js';
import { normalEmail } from './register-person.js';
import { SECRET_ANSWER } from './secret.js';
import { endSessions, liveSessions, openSession, rotateRefreshToken } from './sessions.js';
import { countAttempt, forgiveAttempt, type Limit } from './throttle.js';

/** Failures per quarter of an hour: of one account from anywhere, and from one address for any account. */
const FAILURES_ACCOUNT_MAX = 20;
const FAILURES_ADDRESS_MAX = 200;

/** The limits of guessing a password. */
export const guessing = (email: string, address: string): Limit[] => [
  { name: 'sign-in-account', whom: email, max: FAILURES_ACCOUNT_MAX },
  { name: 'sign-in-address', whom: address, max: FAILURES_ADDRESS_MAX },
];

/** `POST /sessions` */
export const signIn = defineAction({
  name: 'signIn',
  summary: 'Sign in: an access token for ten minutes and a refresh token for one use (invalid_credentials, throttled)',
  method: 'POST',
  path: '/sessions',
  input: SignIn,
  output: SessionTokens,
  allows: everyone,
  withoutKey: SECRET_ANSWER,
  run: async ({ input, db, address, realTimeMs }) => {
    const email = normalEmail(input.email);
    const limits = guessing(email, address);
    await countAttempt(db, limits, realTimeMs);
    const [known] = await db.query<{ person_id: string; password_hash: string }>(
      'SELECT person_id, password_hash FROM credentials WHERE email = $1',
      [email],
    );
    // An unknown account costs the same time and gets the same answer as a wrong password.
    const matches = await passwordMatches(known?.password_hash, input.password);
    if (!known || !matches)
      throw new Refused('invalid_credentials', 'E-mail address or password is wrong. Check both and try again.');
    await forgiveAttempt(db, limits);
    return { status: 201, body: await openSession(db, known.person_id, realTimeMs) };
  },
});

/** `POST /sessions/refresh` */
export const refreshSession = defineAction({
  name: 'refreshSession',
  summary: 'Go on with a session; the refresh token is used up. Using one twice ends the session (invalid_token)',
  method: 'POST',
  path: '/sessions/refresh',
  input: SessionRefresh,
  output: SessionTokens,
  allows: everyone,
  withoutKey: SECRET_ANSWER,
  run: async ({ input, db, realTimeMs, execute }) => {
    const rotation = await rotateRefreshToken(db, input.refreshToken, realTimeMs);
    if (rotation.kind === 'rotated') return { body: rotation.tokens };
    if (rotation.kind === 'reused') {
      await execute((decision) => endSessions(decision, rotation.personId, [rotation.sessionId], realTimeMs));
    }
    throw new Refused('invalid_token', 'This session has ended. Sign in again.');
  },
});

/** `POST /sessions/{id}/end` */
export const endSession = defineAction({
  name: 'endSession',
  summary: 'Sign out: end one of your sessions, at once',
  method: 'POST',
  path: '/sessions/:id/end',
  input: NoInput,
  output: SessionEnd,
  allows: person,
  run: async ({ params, subject, db, realTimeMs, execute }) => {
    const id = Id.safeParse(params['id']).data;
    if (!subject || id === undefined) return { body: undefined };
    const [session] = await db.query<{ id: string; ended: boolean }>(
      `SELECT s.id, EXISTS (SELECT 1 FROM ended_sessions e WHERE e.session_id = s.id) AS ended FROM sessions s WHERE s.id = $1 AND s.person_id = $2`,
      [id, subject.person],
    );
    if (!session) return { body: undefined };
    const body = { id };
    await execute(
      (decision) => endSessions(decision, subject.person, session.ended ? [] : [id], realTimeMs),
      [],
      () => ({ body }),
    );
    return { body };
  },
});

/** `GET /sessions` */
export const listSessions = defineQuery({
  name: 'listSessions',
  summary: 'Your live sessions',
  path: '/sessions',
  query: z.strictObject({}),
  output: SessionList,
  allows: person,
  run: async ({ subject, db, realTimeMs }) => {
    if (!subject) return { body: undefined };
    const ids = await liveSessions(db, subject.person, realTimeMs);
    const rows = await db.query<{ id: string; created_at: Date; last_used_at: Date }>(
      'SELECT id, created_at, last_used_at FROM sessions WHERE id = ANY ($1::uuid[]) ORDER BY last_used_at DESC, id LIMIT 100',
      [ids],
    );
    const items = rows.map((row) => ({ id: row.id, createdAt: instant(row.created_at), lastUsedAt: instant(row.last_used_at) }));
    return { body: { items } };
  },
});
