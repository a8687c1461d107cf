import { PasswordChange, PersonReference } from '@concord/contracts';
import { Refused } from '@concord/kernel';
import { defineAction } from '@concord/platform';
import { hashPassword, passwordMatches, requireStrongPassword } from './password.js';
import { person } from './policy.js';
import { SECRET_REQUEST } from './secret.js';
import { endSessions, liveSessions } from './sessions.js';
import { guessing } from './sign-in.js';
import { Credentials } from './tables.js';
import { countAttempt, forgiveAttempt } from './throttle.js';

/** `POST /me/change-password` */
export const changePassword = defineAction({
  name: 'changePassword',
  summary: 'Change your password; every session ends, so that a stolen one ends too (invalid_credentials, weak_password)',
  method: 'POST',
  path: '/me/change-password',
  input: PasswordChange,
  output: PersonReference,
  allows: person,
  withoutKey: SECRET_REQUEST,
  run: async ({ input, subject, db, address, realTimeMs, execute }) => {
    const [known] = await db.query<{ id: string; name: string; email: string; password_hash: string }>(
      'SELECT p.id, p.name, c.email, c.password_hash FROM people p JOIN credentials c ON c.person_id = p.id WHERE p.id = $1',
      [subject?.person],
    );
    if (!known) return { body: undefined };
    requireStrongPassword(input.next, [known.name, known.email, known.email.split('@')[0] ?? '']);
    const limits = guessing(known.email, address);
    await countAttempt(db, limits, realTimeMs);
    if (!(await passwordMatches(known.password_hash, input.current))) {
      throw new Refused('invalid_credentials', 'The current password is wrong. Check it and try again.');
    }
    await forgiveAttempt(db, limits);
    const passwordHash = await hashPassword(input.next);
    const sessionIds = await liveSessions(db, known.id, realTimeMs);
    await execute((decision) => {
      decision.write(Credentials, { person_id: known.id, email: known.email, password_hash: passwordHash });
      endSessions(decision, known.id, sessionIds, realTimeMs);
    });
    return { body: { id: known.id } };
  },
});
