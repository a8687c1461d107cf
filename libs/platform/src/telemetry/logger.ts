import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { redacted, scrubbed } from './redaction.js';

export type { Logger } from 'pino';

/** Least level that is logged. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** A correlation id as the edge takes it: harmless in a log. */
const CORRELATION = /^[\w.:/-]{1,100}$/u;

/**
 * The log of a process: JSON lines on standard error, or where `destination` says. Every field and every message passes the redaction
 * (redaction.ts), so a caller need not remember it.
 */
export function createLogger(service: string, level: LogLevel, destination: DestinationStream = pino.destination(2)): Logger {
  const options: LoggerOptions = {
    level,
    base: { service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => redacted(fields) as Record<string, unknown>,
    },
    // Errors are taken apart by the formatter above; pino's own serialiser would add all their properties.
    serializers: { err: (error: unknown) => redacted(error) },
    hooks: {
      logMethod(given, method) {
        const clean = given.map((one) => (typeof one === 'string' ? scrubbed(one) : one)) as typeof given;
        return method.apply(this, clean);
      },
    },
  };
  return pino(options, destination);
}

/** Reports what failed, with the id by which the caller can ask about it. */
export type FaultReport = (where: string, error: unknown, correlation?: string) => void;

/** A `failed` for the platform over a log: one line a failure, and none is lost to a fault of logging. */
export const reporter =
  (log: Logger): FaultReport =>
  (where, error, correlation) => {
    const id = correlation !== undefined && CORRELATION.test(correlation) ? { correlation } : {};
    log.error({ at: where, ...id, err: error }, 'failed');
  };
