import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { ContextAccess } from './context-database.js';

/**
 * Makes the database ready for its contexts: the trigram extension, and for each context a schema and a role of the same name
 * that sees nothing else. Passwords are new at each start and never leave the process. Needs a role that may create roles.
 * Throws with the missing right in its message.
 */
export async function provision(adminUrl: string, contexts: readonly string[]): Promise<Map<string, ContextAccess>> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtextextended('concord provision', 0))`);
    const database = new URL(adminUrl).pathname.slice(1) || 'postgres';
    await client.query('CREATE SCHEMA IF NOT EXISTS extensions');
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA extensions');
    await client.query('GRANT USAGE ON SCHEMA extensions TO PUBLIC');
    await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    const accesses = new Map<string, ContextAccess>();
    for (const context of contexts) accesses.set(context, await provisionContext(client, adminUrl, database, context));
    return accesses;
  } finally {
    await client.end();
  }
}

async function provisionContext(client: pg.Client, adminUrl: string, database: string, context: string): Promise<ContextAccess> {
  const role = `${database}_${context}`;
  const password = randomBytes(24).toString('hex');
  const [quotedRole, quotedSchema, quotedDatabase] = [role, context, database].map((name) => client.escapeIdentifier(name));
  const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  await client.query(`${rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${quotedRole} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${quotedSchema}`);
  await client.query(`GRANT USAGE, CREATE ON SCHEMA ${quotedSchema} TO ${quotedRole}`);
  await client.query(`ALTER ROLE ${quotedRole} IN DATABASE ${quotedDatabase} SET search_path = ${quotedSchema}, extensions`);
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(role);
  url.password = password;
  return { url: url.toString(), schema: context };
}
