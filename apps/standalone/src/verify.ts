// `node dist/standalone/verify.js`, which `concord verify --database` calls: verifies every context in one process over the database
// itself, so that each listener can be compared with the logs it follows, wherever the services run. Changes nothing but roles that are missing.
import { AdjustableClock, BadConfiguration, Context, readConfiguration, verifyContext, type Report } from '@concord/platform';
import { standingChanges } from '@concord/access';
import { servicesOf } from './compose.js';
import { holdDatabase } from './held-database.js';
import { accessesFor, OperatorSettings } from './operator-settings.js';

const CONNECTIONS = 2;

async function reportsOf(settings: OperatorSettings): Promise<Report[]> {
  const { url, release } = await holdDatabase(settings, true);
  const contexts = new Map<string, Context>();
  try {
    const accesses = await accessesFor(url, settings);
    const surroundings = {
      clock: new AdjustableClock(),
      contexts,
      standingChanges,
      committed: () => undefined,
      busy: () => false,
      catchUp: () => Promise.resolve(),
      failed: () => undefined,
    };
    for (const service of servicesOf(''))
      contexts.set(
        service.name,
        await Context.open(service, { ...accesses.get(service.name)!, connections: CONNECTIONS }, surroundings),
      );
    const reports: Report[] = [];
    for (const context of contexts.values()) reports.push(await verifyContext(context));
    return reports;
  } finally {
    for (const context of contexts.values()) await context.close();
    await release();
  }
}

try {
  process.stdout.write(`${JSON.stringify(await reportsOf(readConfiguration(OperatorSettings)))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof BadConfiguration ? 2 : 1;
}
