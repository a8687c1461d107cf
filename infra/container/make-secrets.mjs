// Makes the secrets that compose.yaml reads: `node infra/container/make-secrets.mjs [folder]` (default: infra/secrets, which git
// ignores). What exists is kept, so that a second run changes nothing. Delete the folder only together with the database.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../secrets'));
const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'];
const password = () => randomBytes(24).toString('base64url');
const address = (role, secret) => `postgresql://${role}:${secret}@postgres:5432/concord`;

// Nobody else on this machine can enter the folder; in a container, the process that a file is given to reads it as another user.
mkdirSync(folder, { recursive: true, mode: 0o700 });
chmodSync(folder, 0o700);
const made = [];
const put = (name, text) => {
  const file = join(folder, name);
  if (existsSync(file)) return;
  writeFileSync(file, text, { mode: 0o444 });
  made.push(name);
};

const root = password();
if (!existsSync(join(folder, 'postgres_password'))) {
  put('postgres_password', root);
  put('database_url_admin', address('concord', root));
}
for (const context of CONTEXTS) put(`database_url_${context}`, address(`concord_${context}`, password()));
put('administrator_password', password());
put('web_secret', randomBytes(32).toString('base64url'));
put('grafana_password', password());
put('keycloak_password', password());
process.stdout.write(made.length > 0 ? `Made in ${folder}: ${made.join(', ')}\n` : `Nothing to do: ${folder} has every secret.\n`);
