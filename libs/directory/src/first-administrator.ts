import { PlatformRolesSet } from '@concord/contracts';
import { PLATFORM_ROLES } from '@concord/kernel';
import { uuidv7, type StartTools } from '@concord/platform';
import { Person } from './domain/person.js';
import { hashPassword, requireStrongPassword } from './password.js';
import { addPerson, normalEmail } from './register-person.js';

/** Who may give others their platform roles on a platform where nobody is yet. */
export interface Administrator {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/**
 * Makes the first administrator at a start, with every platform role; nothing when there is an account with that address, whatever
 * has become of it since. Resolves to whether it was made. Refused `weak_password` stops the start: a weak first account is worse than none.
 */
export async function ensureAdministrator({ db, execute }: StartTools, { name, email, password }: Administrator): Promise<boolean> {
  const known = await db.query('SELECT 1 FROM credentials WHERE email = $1', [normalEmail(email)]);
  if (known.length > 0) return false;
  requireStrongPassword(password, [email, email.split('@')[0] ?? '']);
  const passwordHash = await hashPassword(password);
  const id = uuidv7();
  await execute((decision) => {
    addPerson(decision, { id, name, email, passwordHash });
    decision.append(Person, id, PlatformRolesSet({ roles: [...PLATFORM_ROLES] }));
  });
  return true;
}
