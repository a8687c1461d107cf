import { BadConfiguration, provision, derivedPassword, type ContextAccess } from '@concord/platform';
import { z } from 'zod';
import { servicesOf } from './compose.js';

const postgres = z.url({ protocol: /^postgres(ql)?$/u });
const ownAddress = (context: string) =>
  postgres.optional().meta({
    description: `Address of the ${context} context’s own role, where CONCORD_DATABASE_ROLE=own; all contexts or none`,
  });

/** What the environment may say to the operators' programs that work on the database itself: migrate, backup, restore. */
export const OperatorSettings = z.object({
  DATABASE_URL: postgres
    .optional()
    .meta({ description: 'The database, with a role that may create roles; the embedded one of CONCORD_DATA_DIR when absent' }),
  CONCORD_DATA_DIR: z.string().min(1).default('.concord').meta({ description: 'Folder of the embedded database' }),
  CONCORD_FILES_DIR: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Folder of evidence files; `files` in CONCORD_DATA_DIR when absent' }),
  DIRECTORY_DATABASE_URL: ownAddress('directory'),
  PARTNERSHIPS_DATABASE_URL: ownAddress('partnerships'),
  PLEDGES_DATABASE_URL: ownAddress('pledges'),
  STEWARDSHIP_DATABASE_URL: ownAddress('stewardship'),
  NOTIFICATIONS_DATABASE_URL: ownAddress('notifications'),
  GATEWAY_DATABASE_URL: ownAddress('gateway'),
});
export type OperatorSettings = z.infer<typeof OperatorSettings>;

/** Names of all contexts, each the name of its schema. */
export const contextNames = (): readonly string[] => servicesOf('').map(({ name }) => name);

/** The addresses of the contexts' own roles; undefined when none is set. Throws when only some are. */
function ownAddresses(settings: OperatorSettings): ReadonlyMap<string, URL> | undefined {
  const given = contextNames().map((name) => {
    const address = settings[`${name.toUpperCase()}_DATABASE_URL` as keyof OperatorSettings];
    return [name, address === undefined ? undefined : new URL(address)] as const;
  });
  const missing = given.filter(([, address]) => !address).map(([name]) => `${name.toUpperCase()}_DATABASE_URL`);
  if (missing.length === given.length) return undefined;
  if (missing.length > 0)
    throw new BadConfiguration([`set the address of every context, or of none; missing: ${missing.join(', ')}`]);
  return new Map(given.map(([name, address]) => [name, address!]));
}

/**
 * Makes schemas and roles: with the names and passwords of the contexts' own addresses, or with passwords derived from that of the
 * administrator, as the services do. Throws when an address names another database or role than the context will have.
 */
export async function accessesFor(adminUrl: string, settings: OperatorSettings): Promise<ReadonlyMap<string, ContextAccess>> {
  const own = ownAddresses(settings);
  if (!own) return provision(adminUrl, contextNames(), derivedPassword(adminUrl));
  const admin = new URL(adminUrl);
  const passwords = new Map<string, string>();
  for (const [name, { username, password, pathname }] of own) {
    const role = `${admin.pathname.slice(1) || 'postgres'}_${name}`;
    if (pathname !== admin.pathname || decodeURIComponent(username) !== role || password === '')
      throw new BadConfiguration([
        `${name.toUpperCase()}_DATABASE_URL must name the role ${role} with its password, in the same database as DATABASE_URL`,
      ]);
    passwords.set(role, decodeURIComponent(password));
  }
  return provision(adminUrl, contextNames(), (role) => passwords.get(role)!);
}
