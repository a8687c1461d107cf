import type { EventMeta, Refused } from '@concord/kernel';
import type { Decision, StreamRef } from '../service/decision.js';

/** What is recorded beside an event, except its business time. */
export interface Trace {
  readonly person?: string;
  readonly organisation?: string;
  readonly correlation: string;
  /** Id of the event that caused this one. */
  readonly causation?: string;
  readonly traceparent?: string;
}

/** Meta of a stored event. */
export type StoredMeta = EventMeta & Trace;

/** An answer, as it is stored and replayed: the body is text, so that a replay is the same byte for byte. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The idempotency of a request: keys are compared per scope; `hash` covers what was asked. */
export interface RequestKey {
  readonly scope: string;
  readonly key: string;
  readonly hash: string;
}

/** A public event whose effect a work is, for the inbox. */
export interface Handled {
  readonly consumer: string;
  readonly stream: string;
  readonly sequence: number;
}

/** One unit of work for the log: a decision with what must be stored in the same statement. */
export interface Work<Result = unknown> {
  readonly request?: RequestKey;
  readonly handled?: Handled;
  readonly trace: Trace;
  readonly reads: readonly StreamRef[];
  /** An id made for this work: nothing is stored under it yet, so nothing is looked up. */
  readonly fresh?: string;
  /** Pure and synchronous; may run several times. Throws `Refused` to say no. */
  decide(decision: Decision): Result;
  /** Renders the result, or the refusal, as the answer to keep under the request's key; undefined for a refusal that is not kept. Needed with `request`. */
  answer?(result: { readonly value: Result } | { readonly refused: Refused }): Outcome | undefined;
}

/** What `execute` resolves to: the decision's result, or the answer an earlier run of the same request stored. */
export type Done<Result> = { readonly result: Result; readonly outcome?: Outcome } | { readonly replayed: Outcome };

/** The same key came with another request: 422. */
export class KeyReused extends Error {
  constructor() {
    super('This Idempotency-Key was used for another request. Use a new key for a new request.');
    this.name = 'KeyReused';
  }
}

/** The log cannot take the work now: 503 with Retry-After. Nothing was written. */
export class Overloaded extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Overloaded';
  }
}

/** A public event was handled before: the work did nothing. */
export class AlreadyHandled extends Error {
  constructor(readonly handled: Handled) {
    super(`${handled.consumer} handled ${handled.stream}/${handled.sequence} before`);
    this.name = 'AlreadyHandled';
  }
}
