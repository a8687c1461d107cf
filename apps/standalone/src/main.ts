import { BadConfiguration, createLogger, readConfiguration, startTracing, VERSION, type Logger } from '@concord/platform/process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Administrator, Running } from './compose.js';
import { Configuration } from './configuration.js';
import { keepDatabase, type DatabaseServer } from './database.js';

/** Everything else, which takes a second to load: the database starts meanwhile. */
const loadRest = async () => ({ ...(await import('./compose.js')), ...(await import('./seed.js')) });
type Rest = Awaited<ReturnType<typeof loadRest>>;

const STOP_MS_MAX = 15_000;
/** npm and the terminal may both deliver one Ctrl-C; a second one later means "now". */
const SAME_SIGNAL_MS = 1_000;

/** The first account: the demo's registrar, the configured one, or a made one whose password is printed once. */
function administratorOf(config: Configuration, { DEMO_ADMINISTRATOR }: Rest): Administrator {
  if (config.CONCORD_DEMO) return DEMO_ADMINISTRATOR;
  return {
    name: 'Administrator',
    email: config.CONCORD_ADMIN_EMAIL ?? 'admin@concord.example',
    password: config.CONCORD_ADMIN_PASSWORD ?? randomBytes(12).toString('base64url'),
  };
}

async function main(): Promise<void> {
  const config = { ...readConfiguration(Configuration) };
  config.CONCORD_DATA_DIR = resolve(config.CONCORD_DATA_DIR);
  mkdirSync(config.CONCORD_DATA_DIR, { recursive: true, mode: 0o755 });
  const log = createLogger('standalone', config.CONCORD_LOG_LEVEL);
  const releases: (() => Promise<void>)[] = [];
  const stop = stopper(log, async () => {
    for (const release of releases.reverse()) await release();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise was rejected and nobody looked'));
  const tracing = await startTracing({ service: 'standalone', version: VERSION, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  releases.push(() => tracing.stop());
  const loading = loadRest();
  loading.catch(() => undefined); // heard below, or the database has failed before
  let adminUrl = config.DATABASE_URL;
  if (adminUrl === undefined) {
    const database: DatabaseServer = await keepDatabase(
      resolve(config.CONCORD_DATA_DIR, 'postgres'),
      (line) => log.warn(line),
      (error) => {
        log.error({ err: error }, 'stopping');
        void stop(1);
      },
    );
    releases.push(() => database.stop());
    ({ adminUrl } = database);
  }
  const rest = await loading;
  const administrator = administratorOf(config, rest);
  let made = false;
  const running = await rest.compose(config, adminUrl, log, { ...administrator, made: () => (made = true) });
  releases.push(() => running.stop());
  if (config.CONCORD_DEMO) await seedOnce(rest, running, log);
  announce(config, running, accountLines(config, administrator, made, rest));
}

/** A platform without its demo still serves, so a seed that fails is told and no more. */
async function seedOnce({ seed }: Rest, running: Running, log: Logger): Promise<void> {
  const watched = process.stderr.isTTY;
  try {
    await seed(running, (line) => void (watched && process.stderr.write(`\r\u001b[K${line}`)));
  } catch (error) {
    log.error({ err: error }, 'the demo could not be seeded whole; start with another CONCORD_DATA_DIR for a fresh one');
  } finally {
    if (watched) process.stderr.write('\r\u001b[K');
  }
}

/** Stops everything once, in order; exits anyway after a deadline, or at once on a second signal. */
function stopper(log: Logger, release: () => Promise<void>): (code: number) => Promise<void> {
  let since: number | undefined;
  return async (code) => {
    if (since !== undefined) {
      if (Date.now() - since > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    since = Date.now();
    setTimeout(() => process.exit(1), STOP_MS_MAX).unref();
    await release().catch((error: unknown) => log.error({ err: error }, 'could not stop in order'));
    process.exit(code);
  };
}

function announce(config: Configuration, { url }: Running, accounts: readonly string[]): void {
  const lines = [
    '',
    `  Concord is ready at ${url}`,
    '',
    `    API        ${url}/api/v1   (documents: ${url}/openapi.json, ${url}/asyncapi.json)`,
    `    sockets    ${url}/realtime`,
    `    health     ${url}/readyz   metrics: ${url}/metrics`,
    `    data       ${config.DATABASE_URL ? 'your PostgreSQL, files in ' : ''}${config.CONCORD_DATA_DIR}`,
    ...accounts,
    '',
    '  Ctrl-C stops everything.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The first account, or every account of the demo with the password they share. A password that was made here is shown at the start that made it, and never again. */
function accountLines(
  { CONCORD_DEMO, CONCORD_ADMIN_PASSWORD }: Configuration,
  { email, password }: Administrator,
  made: boolean,
  { DEMO_ACCOUNTS }: Rest,
): string[] {
  const shown = made && CONCORD_ADMIN_PASSWORD === undefined;
  if (!CONCORD_DEMO) return [`    account    ${email}${shown ? ` / ${password}   (shown this once)` : ''}`];
  const width = Math.max(...DEMO_ACCOUNTS.map((account) => account.email.length));
  return [
    `    accounts   of the demo, all with the password: ${password}`,
    ...DEMO_ACCOUNTS.map((account) => `               ${account.email.padEnd(width)}  ${account.who}`),
  ];
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof BadConfiguration
      ? `${error.message}\n`
      : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
