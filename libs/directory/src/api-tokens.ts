import { NoInput, TokenIssue, TokenIssued, TokenList, TokenReference, type TOKEN_SCOPES } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { API_TOKEN_PREFIX, defineAction, defineQuery } from '@concord/platform';
import { z } from 'zod';
import { Organisation } from './domain/organisation.js';
import { issueToken, Person, revokeToken, type PersonState } from './domain/person.js';
import { DAY_MS, instant } from './instant.js';
import { person } from './policy.js';
import { digestOf, newSecret, SECRET_ANSWER } from './secret.js';
import { ApiTokens } from './tables.js';

const DAYS_DEFAULT = 90;

/** `POST /tokens` */
export const issueApiToken = defineAction({
  name: 'issueToken',
  summary: 'Make an API token to act for one of your organisations; the answer shows it once. It never may more than you may',
  method: 'POST',
  path: '/tokens',
  input: TokenIssue,
  output: TokenIssued,
  allows: person,
  withoutKey: SECRET_ANSWER,
  run: async ({ input, subject, realTimeMs, execute }) => {
    if (!subject) return { body: undefined };
    const token = newSecret(API_TOKEN_PREFIX);
    const expiresAt = instant(realTimeMs + (input.expiresInDays ?? DAYS_DEFAULT) * DAY_MS);
    const lastFour = token.slice(-4);
    const id = await execute((decision) => {
      const { state } = decision.read(Person, subject.person);
      const organisation = decision.read(Organisation, input.organisationId).state;
      const tokenId = decision.newId();
      const { organisationId, scopes } = input;
      decision.append(
        Person,
        subject.person,
        issueToken(state, organisation, { tokenId, digest: digestOf(token), organisationId, scopes, expiresAt }),
      );
      decision.write(ApiTokens, {
        id: tokenId,
        person_id: subject.person,
        organisation_id: organisationId,
        name: input.name,
        scopes,
        last_four: lastFour,
        created_at: instant(realTimeMs),
        expires_at: expiresAt,
      });
      return tokenId;
    });
    return { status: 201, body: { id, token, lastFour, expiresAt } };
  },
});

/** `POST /tokens/{id}/revoke` */
export const revokeApiToken = defineAction({
  name: 'revokeToken',
  summary: 'Revoke one of your API tokens, at once',
  method: 'POST',
  path: '/tokens/:id/revoke',
  input: NoInput,
  output: TokenReference,
  allows: person,
  run: async ({ params, subject, db, execute }) => {
    const id = Id.safeParse(params['id']).data;
    if (!subject || id === undefined) return { body: undefined };
    const [row] = await db.query('SELECT 1 FROM api_tokens WHERE id = $1 AND person_id = $2', [id, subject.person]);
    if (!row) return { body: undefined };
    const body = { id };
    await execute(
      (decision) => decision.append(Person, subject.person, ...revokeToken(decision.read(Person, subject.person).state, id)),
      [],
      () => ({ body }),
    );
    return { body };
  },
});

interface TokenRow {
  readonly id: string;
  readonly name: string;
  readonly organisation_id: string;
  readonly scopes: (typeof TOKEN_SCOPES)[number][];
  readonly last_four: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly state: PersonState;
}

/** `GET /tokens` */
export const listTokens = defineQuery({
  name: 'listTokens',
  summary: 'Your API tokens, by their last four characters; newest first',
  path: '/tokens',
  query: z.strictObject({}),
  output: TokenList,
  allows: person,
  run: async ({ subject, db }) => {
    const rows = await db.query<TokenRow>(
      `SELECT t.id, t.name, t.organisation_id, t.scopes, t.last_four, t.created_at, t.expires_at, s.state
         FROM api_tokens t JOIN streams s ON s.id = t.person_id WHERE t.person_id = $1 ORDER BY t.created_at DESC, t.id LIMIT 200`,
      [subject?.person],
    );
    const items = rows.map((row) => ({
      id: row.id,
      name: row.name,
      organisationId: row.organisation_id,
      scopes: row.scopes,
      lastFour: row.last_four,
      createdAt: instant(row.created_at),
      expiresAt: instant(row.expires_at),
      revoked: !Object.hasOwn(row.state.tokens, row.id),
    }));
    return { body: { items } };
  },
});
