import { EdgeProblem } from '@concord/platform';

const RETRY_AFTER = { 'retry-after': '1' };

/** A service that does not answer: nothing may have happened, or everything; the same request again is answered once. */
export const unavailable = (service: string): EdgeProblem =>
  new EdgeProblem(
    503,
    'unavailable',
    `The service ${service} cannot be reached right now. Try again, a command with the same key.`,
    [],
    RETRY_AFTER,
  );

const late = (service: string): EdgeProblem =>
  new EdgeProblem(
    504,
    'no_answer_in_time',
    `The service ${service} took too long. Whether the step was taken is unknown: repeat it with the same key.`,
    [],
    RETRY_AFTER,
  );

const unreadable = (): EdgeProblem =>
  new EdgeProblem(400, 'malformed_request', 'The request cannot be passed on: its address, a header or its body is malformed.');

/** Faults of the forwarding itself that only what the caller sent can cause. */
const BAD_INPUT = /^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/u;

/** What the caller is told when forwarding failed. */
export function forwardingProblem(service: string, error: unknown): EdgeProblem {
  const chain: unknown[] = [];
  for (let link = error; link !== undefined && chain.length < 5; link = (link as { cause?: unknown } | null)?.cause)
    chain.push(link);
  for (const link of chain) {
    const { code, statusCode } = (link ?? {}) as { code?: string; statusCode?: number };
    if (link instanceof EdgeProblem) return link;
    if (BAD_INPUT.test(code ?? '')) return unreadable();
    if (statusCode === 504) return late(service);
  }
  return unavailable(service);
}
