import { Refused, type Aggregate } from '@concord/kernel';
import type { StoredRequest } from './statement.js';
import type { Done, Handled, Outcome, Work } from './work.js';

/** A unit of work on its way through the executor. */
export interface Pending {
  readonly work: Work;
  readonly resolve: (done: Done<unknown>) => void;
  readonly reject: (error: unknown) => void;
  /** Streams it is known to touch: what it said it reads, and what a run of its decision found. */
  readonly streams: Map<string, Aggregate>;
  /** Ids it has asked for: a decision that runs again gets the same ones, so that what it reads by them does not change under it. */
  readonly ids: string[];
}

/** How a decision ended. */
export type Settled = { readonly done: Done<unknown> } | { readonly error: unknown };

export const replay = (done: Done<unknown>): Done<unknown> =>
  'result' in done && done.outcome ? { replayed: done.outcome } : done;

export const handledId = ({ consumer, stream, sequence }: Handled): string => `${consumer}\n${stream}\n${sequence}`;

/** Answers and inbox rows that go into the statement: of decisions that went through, and refusals worth keeping. */
export function toStore(
  batch: readonly Pending[],
  settled: ReadonlyMap<Pending, Settled>,
): { requests: StoredRequest[]; handled: Handled[] } {
  const requests: StoredRequest[] = [];
  const handled: Handled[] = [];
  for (const pending of batch) {
    const { request, answer, handled: event } = pending.work;
    const end = settled.get(pending);
    if (!end) continue;
    const outcome = request && answer ? answered(answer, end) : undefined;
    if (request && outcome) requests.push({ ...request, outcome });
    if (event && 'done' in end) handled.push(event);
  }
  return { requests, handled };
}

/** A bug is no answer: it was rolled back, and the key runs afresh. */
function answered(answer: NonNullable<Work['answer']>, end: Settled): Outcome | undefined {
  if ('done' in end) return answer({ value: (end.done as { result: unknown }).result });
  return end.error instanceof Refused ? answer({ refused: end.error }) : undefined;
}

/**
 * Takes from the queue, in order, what shares no stream with a batch under way or with an earlier command that has to wait, and
 * holds its streams.
 */
export function takeBatch(queue: Pending[], held: Set<string>, max: number): Pending[] {
  const batch: Pending[] = [];
  const waiting = new Set<string>();
  let kept = 0;
  for (const pending of queue) {
    let free = batch.length < max;
    if (free) for (const id of pending.streams.keys()) if (held.has(id) || waiting.has(id)) free = false;
    if (free) batch.push(pending);
    else {
      for (const id of pending.streams.keys()) waiting.add(id);
      queue[kept++] = pending;
    }
  }
  queue.length = kept;
  for (const pending of batch) for (const id of pending.streams.keys()) held.add(id);
  return batch;
}
