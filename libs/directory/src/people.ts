import { Me, PersonCard, PersonList } from '@concord/contracts';
import { Id, PLATFORM_ROLES, type PlatformRole, type Standing, type OrganisationRole, type Subject } from '@concord/kernel';
import { defineQuery, type Database } from '@concord/platform';
import { z } from 'zod';
import { signedIn } from '@concord/access';
import type { OrganisationState } from './domain/organisation.js';
import { person } from './policy.js';

const LIST_MAX = 100;

interface CardRow {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly platform_roles: readonly PlatformRole[] | null;
}

/** Which of these people the reader may see: oneself, people of one's own organisations; a registrar everybody (R48). */
async function visiblePeople(db: Database, subject: Subject, ids: readonly string[]): Promise<z.input<typeof PersonCard>[]> {
  const registrar = subject.platformRoles.includes('registrar');
  const rows = await db.query<CardRow>(
    `SELECT p.id, p.name, c.email, s.state -> 'platformRoles' AS platform_roles
       FROM people p LEFT JOIN credentials c ON c.person_id = p.id LEFT JOIN streams s ON s.id = p.id
      WHERE p.id = ANY ($1::uuid[]) AND ($2 OR p.id = $3::uuid
         OR EXISTS (SELECT 1 FROM organisations o WHERE o.members @> ARRAY[$3::text, p.id::text]))
      ORDER BY p.name, p.id`,
    [ids, registrar, subject.person],
  );
  return rows.map((row) => {
    const card = { id: row.id, name: row.name };
    if (!registrar && row.id !== subject.person) return card;
    return { ...card, ...(row.email === null ? {} : { email: row.email }), platformRoles: [...(row.platform_roles ?? [])] };
  });
}

/** `GET /people/{id}` */
export const getPerson = defineQuery({
  name: 'getPerson',
  summary: 'A person: yourself, somebody of your organisations, or anybody for a registrar',
  path: '/people/:id',
  query: z.strictObject({}),
  output: PersonCard,
  allows: signedIn,
  run: async ({ params, subject, db }) => {
    const id = Id.safeParse(params['id']).data;
    if (!subject || id === undefined) return { body: undefined };
    const [card] = await visiblePeople(db, subject, [id]);
    return { body: card };
  },
});

/** `GET /people?id=…` */
export const listPeople = defineQuery({
  name: 'listPeople',
  summary: 'Names for opaque ids, for those you may see: yourself and people of your organisations',
  path: '/people',
  query: z.strictObject({
    id: z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(Id).min(1).max(LIST_MAX)),
  }),
  output: PersonList,
  allows: signedIn,
  run: async ({ query, subject, db }) => ({ body: subject && { items: await visiblePeople(db, subject, query.id) } }),
});

interface MembershipRow {
  readonly id: string;
  readonly state: OrganisationState;
}

/** Organisations a person belongs to, from the state itself: what one did is seen at once. */
async function membershipsOf(db: Database, personId: string) {
  const rows = await db.query<MembershipRow>(
    `SELECT o.id, s.state FROM organisations o JOIN streams s ON s.id = o.id WHERE o.members @> ARRAY[$1::text] ORDER BY o.name, o.id LIMIT 500`,
    [personId],
  );
  return rows.map(({ id, state }) => ({
    organisation: {
      id,
      name: state.profile.name,
      type: state.profile.type as string,
      standing: state.standing as Standing,
      focalCountries: [...state.focalCountries],
    },
    roles: [...(state.members[personId] ?? [])] as OrganisationRole[],
  }));
}

/** `GET /me` */
export const getMe = defineQuery({
  name: 'getMe',
  summary: 'Who you are, and for which organisations you may act in which roles',
  path: '/me',
  query: z.strictObject({}),
  output: Me,
  allows: person,
  run: async ({ subject, db }) => {
    if (!subject) return { body: undefined };
    const [row] = await db.query<CardRow>(
      `SELECT p.id, p.name, c.email, s.state -> 'platformRoles' AS platform_roles
         FROM people p JOIN streams s ON s.id = p.id LEFT JOIN credentials c ON c.person_id = p.id WHERE p.id = $1`,
      [subject.person],
    );
    if (!row) return { body: undefined };
    const held = row.platform_roles ?? [];
    const platformRoles = PLATFORM_ROLES.filter((role) => held.includes(role));
    const memberships = await membershipsOf(db, row.id);
    return { body: { id: row.id, name: row.name, email: row.email ?? '', platformRoles, memberships } };
  },
});
