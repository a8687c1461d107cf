import { everyone } from '@concord/access';
import { PersonReference, PersonRegistered, PersonRegistration } from '@concord/contracts';
import { defineAction, uuidv7, type Decision } from '@concord/platform';
import { Person } from './domain/person.js';
import { hashPassword, requireStrongPassword } from './password.js';
import { SECRET_REQUEST } from './secret.js';
import { Credentials, People } from './tables.js';
import { countAttempt } from './throttle.js';

/** Registrations per address and quarter of an hour: enough for a training room behind one address. */
const REGISTRATIONS_MAX = 300;

/** Addresses are compared without regard to case. */
export const normalEmail = (email: string): string => email.normalize('NFKC').toLowerCase();

/** What a new person types, with the password hashed, under an id made before the decision: a decision may run again. */
export interface NewPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly passwordHash: string;
}

/** Writes a person: the opaque id into the log, name and address into tables. Refused `email_taken`. */
export function addPerson(decision: Decision, { id, name, email, passwordHash }: NewPerson): void {
  decision.append(Person, id, PersonRegistered({ personId: id }));
  decision.write(People, { id, name });
  decision.write(Credentials, { person_id: id, email: normalEmail(email), password_hash: passwordHash });
}

/** `POST /people` */
export const registerPerson = defineAction({
  name: 'registerPerson',
  summary:
    'Register yourself with e-mail address and password; common and short passwords are refused (weak_password, email_taken)',
  method: 'POST',
  path: '/people',
  input: PersonRegistration,
  output: PersonReference,
  allows: everyone,
  withoutKey: SECRET_REQUEST,
  run: async ({ input: { name, email, password }, db, address, realTimeMs, execute }) => {
    requireStrongPassword(password, [name, email, email.split('@')[0] ?? '']);
    await countAttempt(db, [{ name: 'register', whom: address, max: REGISTRATIONS_MAX }], realTimeMs);
    const passwordHash = await hashPassword(password);
    const id = uuidv7();
    await execute((decision) => addPerson(decision, { id, name, email, passwordHash }));
    return { status: 201, body: { id } };
  },
});
