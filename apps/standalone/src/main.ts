import { BadConfiguration, readConfiguration } from '@concord/platform';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pino, type Logger } from 'pino';
import { compose, type Administrator, type Running } from './compose.js';
import { Configuration } from './configuration.js';
import { keepDatabase, type DatabaseServer } from './database.js';

const STOP_MS_MAX = 15_000;
/** npm and the terminal may both deliver one Ctrl-C; a second one later means "now". */
const SAME_SIGNAL_MS = 1_000;

/** The first account: the demo's registrar, the configured one, or a made one whose password is printed once. */
function administratorOf(config: Configuration): Administrator {
  if (config.CONCORD_DEMO) return { name: 'Registrar One', email: 'registrar@concord.example', password: 'a demo password for everyone' };
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
  const log = pino({ level: config.CONCORD_LOG_LEVEL }, pino.destination(2));
  let running: Running | undefined;
  let database: DatabaseServer | undefined;
  const stop = stopper(log, async () => {
    await running?.stop();
    await database?.stop();
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(0));
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise was rejected and nobody looked'));
  if (!config.DATABASE_URL) {
    database = await keepDatabase(
      resolve(config.CONCORD_DATA_DIR, 'postgres'),
      (line) => log.warn(line),
      (error) => {
        log.error({ err: error }, 'stopping');
        void stop(1);
      },
    );
  }
  const administrator = administratorOf(config);
  running = await compose(config, config.DATABASE_URL ?? database!.adminUrl, log, administrator);
  announce(config, running, administrator);
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

function announce(config: Configuration, { url }: Running, administrator: Administrator): void {
  const lines = [
    '',
    `  Concord is ready at ${url}`,
    '',
    `    API        ${url}/api/v1   (documents: ${url}/openapi.json, ${url}/asyncapi.json)`,
    `    sockets    ${url}/realtime`,
    `    health     ${url}/readyz   metrics: ${url}/metrics`,
    `    data       ${config.DATABASE_URL ? 'your PostgreSQL, files in ' : ''}${config.CONCORD_DATA_DIR}`,
    `    account    ${administrator.email} / ${administrator.password}`,
    '',
    '  Ctrl-C stops everything.',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof BadConfiguration ? `${error.message}\n` : `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
