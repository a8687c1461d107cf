import { Kafka, logLevel, type SASLOptions } from 'kafkajs';

/** Between kafkajs's own tries, milliseconds. */
const RETRY_FIRST_MS = 100;
const RETRY_MS_MAX = 2_000;
/** Kafkajs's own tries: about 9 s in all. After that we report, throw the client away and begin again with a new one. */
const RETRIES = 8;
/** Tries of what is only asked: 1 s in all. */
export const FEW_RETRIES = 3;

/** How to get in, for brokers that do not trust everybody. */
export interface KafkaSecurity {
  /** Encrypt, and check the brokers' certificates: against the authorities that Node knows, or these, as PEM text. */
  readonly tls: boolean | { readonly ca: string };
  readonly login?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** A client of these brokers. Quiet: what goes wrong reaches us as errors, and is reported once, by us. */
export function kafkaClient(brokers: readonly string[], clientId: string, security?: KafkaSecurity, retries = RETRIES): Kafka {
  return new Kafka({
    clientId,
    brokers: [...brokers],
    logLevel: logLevel.NOTHING,
    ...(security?.tls ? { ssl: security.tls } : {}),
    ...(security?.login ? { sasl: security.login as SASLOptions } : {}),
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: RETRY_FIRST_MS, maxRetryTime: RETRY_MS_MAX, retries },
  });
}

/** Time until the next try, milliseconds: doubled each time up to 5 s, spread so that not all processes come at once. */
export const backOffMs = (tries: number): number => Math.min(5_000, 100 * 2 ** Math.min(tries, 10)) * (0.75 + Math.random() / 2);

/** kafkajs tells about several topics at once, with a general message over their own. */
const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  const { errors = [] } = cause as { errors?: readonly Error[] };
  return [cause.message, ...errors.map(({ message }) => message)].join(': ');
};

/** Says which brokers failed us, and at what. The cause keeps kafkajs's own error. */
export class KafkaTrouble extends Error {
  constructor(what: string, brokers: readonly string[], cause: unknown) {
    super(
      `${what} failed on Kafka at ${brokers.join(', ')}: ${reasonOf(cause)}; trying again (are the brokers up, and is KAFKA_BROKERS right?)`,
      { cause },
    );
    this.name = 'KafkaTrouble';
  }
}

/** From when on nobody wants to wait long any more, and how long then. */
export interface Hurry {
  readonly signal: AbortSignal;
  readonly ms: number;
}

/**
 * Resolves with what `work` resolves with. Throws after `ms`, or `hurry.ms` after its signal, naming `what`; the work itself goes on and
 * its end is ignored.
 */
export async function within<T>(ms: number, what: string, work: Promise<T>, hurry?: Hurry): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let faster = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUpAfter = (limit: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(new Error(`${what} took longer than ${limit} ms`)), limit);
    };
    giveUpAfter(hurry?.signal.aborted ? hurry.ms : ms);
    if (hurry) faster = () => giveUpAfter(hurry.ms);
  });
  hurry?.signal.addEventListener('abort', faster);
  try {
    return await Promise.race([work, late]);
  } finally {
    hurry?.signal.removeEventListener('abort', faster);
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

const fromKafkajs = (error: unknown): boolean => error instanceof Error && (error.stack?.includes('kafkajs') ?? false);
/** Who is told of a rejection that nobody handled, one for each running bus. */
const reporters = new Set<(error: unknown) => void>();

/** Reports a rejection that kafkajs left behind: its client is rebuilt by its supervisor. Any other is as fatal as without us. */
export function onRejection(reason: unknown): void {
  if (!fromKafkajs(reason)) throw reason;
  for (const report of reporters) report(reason);
}

/** Drops the warning that kafkajs provokes by a negative time-out on Node 22 and later; passes all others on. */
export function quietly(emit: typeof process.emitWarning): typeof process.emitWarning {
  const filtered = (warning: string | Error, ...rest: unknown[]): void => {
    const [first] = rest;
    const type = typeof first === 'string' ? first : (first as { type?: string } | undefined)?.type;
    const name = warning instanceof Error ? warning.name : type;
    if (name === 'TimeoutNegativeWarning' && (new Error().stack?.includes('kafkajs') ?? false)) return;
    (emit as (...all: unknown[]) => void).call(process, warning, ...rest);
  };
  return filtered as typeof process.emitWarning;
}

let emitWarning: typeof process.emitWarning | undefined;

/** Guards the process against what kafkajs leaves lying about, while any bus runs. Returns how to end it. */
export function guardProcess(report: (error: unknown) => void): () => void {
  // A function of its own, so that two buses with one reporter stay two.
  const reporter = (error: unknown): void => report(error);
  if (reporters.size === 0) {
    process.on('unhandledRejection', onRejection);
    emitWarning = process.emitWarning;
    process.emitWarning = quietly(emitWarning);
  }
  reporters.add(reporter);
  return () => {
    if (!reporters.delete(reporter) || reporters.size > 0) return;
    process.removeListener('unhandledRejection', onRejection);
    if (emitWarning) process.emitWarning = emitWarning;
  };
}
