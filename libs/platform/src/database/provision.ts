import { createHmac, randomBytes } from 'node:crypto';
import pg from 'pg';
import { BadConfiguration } from '../config.js';
import type { ContextAccess } from './context-database.js';

const INSUFFICIENT_PRIVILEGE = '42501';

/** Gives a role its password. */
export type PasswordOf = (role: string) => string;

/** A new one at each start, which never leaves the process: for the only process of a database. */
const freshPassword: PasswordOf = () => randomBytes(24).toString('hex');

/**
 * The same one in every process that has the same admin URL, so that several instances of a context share its role; it tells
 * nothing of the admin's password. Throws when the URL has none.
 */
export function derivedPassword(adminUrl: string): PasswordOf {
  const { password } = new URL(adminUrl);
  if (password === '')
    throw new Error(
      'DATABASE_URL has no password to derive those of the contexts from. Give it one, or set CONCORD_DATABASE_ROLE=own.',
    );
  return (role) => createHmac('sha256', decodeURIComponent(password)).update(`concord role ${role}`).digest('hex');
}

/**
 * Makes the database ready for its contexts: the trigram extension, and for each context a schema and a role of the same name
 * that sees nothing else. Needs a role that may create roles. Throws `BadConfiguration` where it may not.
 */
export async function provision(
  adminUrl: string,
  contexts: readonly string[],
  passwordOf: PasswordOf = freshPassword,
): Promise<Map<string, ContextAccess>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtextextended('concord provision', 0))`);
    const database = new URL(adminUrl).pathname.slice(1) || 'postgres';
    const wanted = contexts.map((context) => {
      const role = `${database}_${context}`;
      return { database, context, role, password: passwordOf(role) };
    });
    const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)', [
      wanted.map(({ role }) => role),
    ]);
    const there = new Set(rows.map(({ rolname }) => rolname));
    // One text is one round trip and one transaction, which a start waits for.
    await client.query(
      [
        'CREATE SCHEMA IF NOT EXISTS extensions',
        'CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions',
        'GRANT USAGE ON SCHEMA extensions TO PUBLIC',
        'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
        ...wanted.flatMap((one) => statementsFor(one, there.has(one.role))),
      ].join(';\n'),
    );
    return new Map(wanted.map((one) => [one.context, accessOf(adminUrl, one)]));
  } catch (error) {
    if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new BadConfiguration([
      `DATABASE_URL: its role may not create roles, schemas and the extension pg_trgm (${message}). Give it CREATEROLE and CREATE on the database.`,
    ]);
  } finally {
    await client.end();
  }
}

interface ContextRole {
  readonly database: string;
  readonly context: string;
  readonly role: string;
  readonly password: string;
}

function statementsFor({ database, context, role, password }: ContextRole, there: boolean): string[] {
  const [quotedRole, quotedSchema, quotedDatabase] = [role, context, database].map((name) => pg.escapeIdentifier(name));
  return [
    `${there ? 'ALTER' : 'CREATE'} ROLE ${quotedRole} LOGIN PASSWORD ${pg.escapeLiteral(password)}`,
    `CREATE SCHEMA IF NOT EXISTS ${quotedSchema}`,
    `GRANT USAGE, CREATE ON SCHEMA ${quotedSchema} TO ${quotedRole}`,
    `ALTER ROLE ${quotedRole} IN DATABASE ${quotedDatabase} SET search_path = ${quotedSchema}, extensions`,
  ];
}

function accessOf(adminUrl: string, { context, role, password }: ContextRole): ContextAccess {
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(role);
  url.password = password;
  return { url: url.toString(), schema: context };
}
