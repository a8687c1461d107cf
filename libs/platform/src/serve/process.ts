import type { z } from 'zod';
import { BadConfiguration, readConfiguration } from '../config.js';
import { createLogger, type Logger, type LogLevel } from '../telemetry/logger.js';
import { startTracing } from '../telemetry/start-tracing.js';
import { VERSION } from '../version.js';

/** Everything ends within this time after a signal; orchestrators usually give thirty seconds. */
const STOP_MS_MAX = 20_000;
/** A terminal and a supervisor may both deliver one Ctrl-C; a second one later means "now". */
const SAME_SIGNAL_MS = 1_000;

/** What runs in a process. */
export interface Running {
  /** Where it serves. */
  readonly url: string;
  /** Stops accepting, lets what is under way end, leaves the bus, closes the databases. */
  stop(): Promise<void>;
}

/** What the environment says to every process. */
interface ProcessSettings {
  readonly CONCORD_LOG_LEVEL: LogLevel;
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
}

/**
 * The life of a service's process: reads its settings once, logs JSON with the service's name on standard error, starts, says where
 * it serves, and stops in order on SIGTERM or SIGINT. A second signal or the deadline ends it at once. Exit codes: 0 stopped, 1 failed,
 * 2 the settings have faults.
 */
export async function runProcess<S extends z.ZodObject>(
  name: string,
  settings: S,
  start: (settings: z.output<S>, log: Logger) => Promise<Running>,
): Promise<void> {
  const config = settingsOrExit(settings);
  const { CONCORD_LOG_LEVEL: level, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = config as ProcessSettings;
  const log = createLogger(name, level);
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise was rejected and nobody looked'));
  const stop = stopper(log);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop.now(signal));
  try {
    const tracing = await startTracing({ service: name, version: VERSION, endpoint });
    const running = await start(config, log);
    stop.releases.push(
      () => running.stop(),
      () => tracing.stop(),
    );
    log.info({ url: running.url }, 'ready');
  } catch (error) {
    if (error instanceof BadConfiguration) refuse(error);
    log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

function refuse({ message }: BadConfiguration): never {
  process.stderr.write(`${message}\n`);
  return process.exit(2);
}

function settingsOrExit<S extends z.ZodObject>(settings: S): z.output<S> {
  try {
    return readConfiguration(settings);
  } catch (error) {
    if (!(error instanceof BadConfiguration)) throw error;
    return refuse(error);
  }
}

function stopper(log: Logger) {
  const releases: (() => Promise<void>)[] = [];
  let since: number | undefined;
  const now = async (signal: string): Promise<void> => {
    if (since !== undefined) {
      if (Date.now() - since > SAME_SIGNAL_MS) process.exit(1);
      return;
    }
    since = Date.now();
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('could not stop in time');
      process.exit(1);
    }, STOP_MS_MAX).unref();
    let code = 0;
    for (const release of releases) {
      await release().catch((error: unknown) => {
        code = 1;
        log.error({ err: error }, 'could not stop in order');
      });
    }
    process.exit(code);
  };
  return { releases, now };
}
