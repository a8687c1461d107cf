// A Concord to measure: the real standalone app as a child process over a PostgreSQL that this process starts, with organisations,
// needs and lines made through the public API.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@concord/platform';
import pg from 'pg';

const root = join(import.meta.dirname, '../..');
/** The first administrator of everything that is measured. */
export const ADMIN = { email: 'admin@bench.example', password: 'measure twice, cut once' };

/** Starts the database server; refuses to measure one that does not flush. */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'));
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), settings: { max_connections: '200' } });
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const settings = {};
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'server_version']) {
    settings[name] = (await client.query(`SHOW ${name}`)).rows[0][name];
  }
  for (const name of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    if (settings[name] !== 'on') throw new Error(`${name} is ${settings[name]}: such figures mean nothing`);
  }
  return {
    url: server.url,
    pid: server.pid,
    settings,
    folder,
    query: (sql, values) => client.query(sql, values),
    /** A fresh database; its address. */
    async database(name) {
      await client.query(`CREATE DATABASE ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async stop() {
      await client.end();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the standalone app on a database and waits until it is ready. */
export async function startApp(databaseUrl, dataDir, { execArgv = [], env = {} } = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, [...execArgv, join(root, 'dist/standalone/main.js')], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      CONCORD_DATA_DIR: dataDir,
      CONCORD_PORT: '0',
      CONCORD_DEMO: 'false',
      CONCORD_ADMIN_EMAIL: ADMIN.email,
      CONCORD_ADMIN_PASSWORD: ADMIN.password,
      CONCORD_REQUESTS_PER_SECOND: '1000000',
      CONCORD_REQUESTS_BURST: '1000000',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const match = /ready at (\S+)/u.exec(said);
      if (match) resolve(match[1]);
    });
    child.once('exit', (code) => reject(new Error(`the app ended with ${code} before it was ready: ${said}`)));
  });
  return {
    url,
    /** Undefined when the process is gone: its number may be another's by then. */
    get pid() {
      return child.exitCode === null && child.signalCode === null ? child.pid : undefined;
    },
    readyMs: performance.now() - started,
    /** Resolves when the process is gone. */
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** A caller of the API; throws what the server says when it refuses. */
const caller =
  (base, token, organisation) =>
  async (method, path, body, headers = {}) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(organisation ? { 'concord-organisation': organisation } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };

async function signIn(base, email, password) {
  const session = await caller(base)('POST', '/sessions', { email, password });
  return { person: session.personId, call: (organisation) => caller(base, session.accessToken, organisation) };
}

/** The first administrator's calls. */
export const administrator = async (base) => (await signIn(base, ADMIN.email, ADMIN.password)).call();

async function register(base, name) {
  const email = `${name}@bench.example`;
  await caller(base)('POST', '/people', { name, email, password: ADMIN.password });
  return signIn(base, email, ADMIN.password);
}

/** A verified organisation whose registrant is its approver; a token to act for it. */
async function organisation(base, name, type, registrars) {
  const founder = await register(base, name);
  const { id } = await founder.call()('POST', '/organisations', { name: `Bench ${name}`, type, country: 'MW' });
  const own = founder.call(id);
  await own('POST', `/organisations/${id}/set-roles`, { personId: founder.person, roles: ['admin', 'approver'] });
  await own('POST', `/organisations/${id}/request-verification`, {
    legalExistence: 'entry in the register',
    identifier: `XM-DAC-${name}`,
    contact: { name: 'Contact', email: `${name}@bench.example` },
    sanctions: { checkedOn: new Date().toISOString().slice(0, 10), source: 'list', result: 'clear' },
    signatories: ['Signatory'],
  });
  for (const registrar of registrars) await registrar.call()('POST', `/organisations/${id}/verify`, {});
  const { token } = await own('POST', '/tokens', { name: 'bench', organisationId: id, scopes: ['read', 'write'] });
  return { id, own, token };
}

/** Makes organisations and `count` lines of USD with room for everything; returns what the load needs. */
export async function populate(base, count, note = () => {}) {
  const admin = await signIn(base, ADMIN.email, ADMIN.password);
  const second = await register(base, 'registrar');
  await admin.call()('POST', `/people/${second.person}/set-platform-roles`, { roles: ['registrar'] });
  const registrars = [
    await signIn(base, ADMIN.email, ADMIN.password),
    await signIn(base, 'registrar@bench.example', ADMIN.password),
  ];
  const owner = await organisation(base, 'owner', '10', registrars);
  const pledger = await organisation(base, 'pledger', '60', registrars);
  const lines = [];
  const days = (n) => new Date(Date.now() + n * 86_400_000).toISOString();
  const need = async (n) => {
    const size = Math.min(30, count - n * 30);
    const drafted = await owner.own('POST', '/needs', {
      title: `Need ${n}`,
      summary: 'A need with many lines, to be measured with.',
      language: 'en',
      needType: 'technical_assistance',
      country: 'MW',
      sdgTargets: ['4.a'],
      useCase: 'Remote Learning',
      lines: Array.from({ length: size }, (_, i) => ({
        kind: 'funding',
        title: `Line ${i}`,
        unit: 'USD',
        target: 9_000_000_000_000_000,
        recipient: 'lead',
      })),
      criteria: [{ title: 'Relevance', weight: 100 }],
      intakeClosesAt: days(100),
      validUntil: days(300),
    });
    await owner.own('POST', `/needs/${drafted.id}/submit`, {});
    const published = await owner.own('POST', `/needs/${drafted.id}/publish`, {});
    for (const { lineId } of published.lines) lines.push(lineId);
    note(lines.length);
  };
  const needs = Math.ceil(count / 30);
  for (let n = 0; n < needs; n += 8) await Promise.all(Array.from({ length: Math.min(8, needs - n) }, (_, i) => need(n + i)));
  await opened(base, lines.at(-1), pledger);
  return { base, token: pledger.token, organisation: pledger.id, lines };
}

/** Waits until the last line has been opened by the pledges context. */
async function opened(base, line, pledger) {
  for (let tries = 0; ; tries += 1) {
    const found = await pledger.own('GET', `/lines/${line}`).catch((error) => error);
    if (!(found instanceof Error)) return;
    if (tries > 600) throw new Error(`line ${line} was not opened; last: ${found.message}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
