// Makes a database ready for the services, and brings it to this build's version: `node dist/standalone/migrate.js`. Runs as a
// job before they start; it may run several times, also at once, because every schema is migrated under a lock.
import { BadConfiguration, createLogger, openDatabase, readConfiguration } from '@concord/platform';
import { servicesOf } from './compose.js';
import { accessesFor, OperatorSettings } from './operator-settings.js';

const log = createLogger('migrate', 'info');
try {
  const settings = readConfiguration(OperatorSettings);
  if (settings.DATABASE_URL === undefined)
    throw new BadConfiguration(['DATABASE_URL is needed: the embedded database migrates itself']);
  const accesses = await accessesFor(settings.DATABASE_URL, settings);
  for (const service of servicesOf('')) {
    const started = performance.now();
    const database = await openDatabase(service, { ...accesses.get(service.name)!, connections: 2 });
    await database.close();
    log.info({ context: service.name, ms: Math.round(performance.now() - started) }, 'up to date');
  }
} catch (error) {
  if (error instanceof BadConfiguration) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, 'the database could not be made ready');
  process.exitCode = error instanceof BadConfiguration ? 2 : 1;
}
