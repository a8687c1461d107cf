import { canonical, Id, Refused, type Subject } from '@concord/kernel';
import { hash } from 'node:crypto';
import type { RequestKey, Trace } from '../log/work.js';
import { EdgeProblem } from './problem.js';

/** What the edge has established about a request. */
export interface Visit {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** Parsed JSON, or the bytes for a route that takes them. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** W3C trace context of the caller, where it is well formed. */
  readonly traceparent: string | undefined;
  readonly subject: Subject | undefined;
  readonly correlation: string;
  readonly address: string;
}

const KEY = /^[\x21-\x7e]{1,255}$/u;

export function objectId(value: string | undefined): string {
  const id = Id.safeParse(value);
  if (!id.success) throw notFound();
  return id.data;
}

export function keyOf(visit: Visit): string {
  const key = visit.headers['idempotency-key'];
  if (key === undefined)
    throw new EdgeProblem(400, 'idempotency_key_missing', 'Send an Idempotency-Key, so that a repeated request has one effect.');
  if (!KEY.test(key))
    throw new EdgeProblem(400, 'idempotency_key_malformed', 'An Idempotency-Key is 1 to 255 visible ASCII characters.');
  return key;
}

/** The hash covers what was asked and by whom, so that a key cannot answer another request. */
export function requestKey(visit: Visit, subject: Subject | undefined, route: string): RequestKey {
  const key = keyOf(visit);
  const asked = `${route}\n${canonical(visit.params)}\n${subject?.person ?? ''}\n${visit.body instanceof Uint8Array ? hash('sha256', visit.body) : canonical(visit.body ?? {})}`;
  return { scope: subject?.organisation ?? subject?.person ?? 'anonymous', key, hash: hash('sha256', asked) };
}

export function precondition(header: string | undefined, required: boolean): number | undefined {
  if (header === undefined) {
    if (required)
      throw new EdgeProblem(
        428,
        'precondition_required',
        'Send If-Match with the ETag you read, so that nobody else’s change is overwritten.',
      );
    return undefined;
  }
  const match = /^"(\d{1,9})"$/u.exec(header);
  if (!match) throw new EdgeProblem(412, 'precondition_failed', 'If-Match is not an ETag of this object.');
  return Number(match[1]);
}

export const traceOf = (visit: Visit, subject: Subject | undefined): Trace => ({
  correlation: visit.correlation,
  ...(subject ? { person: subject.person } : {}),
  ...(subject?.organisation === undefined ? {} : { organisation: subject.organisation }),
  ...(visit.traceparent === undefined ? {} : { traceparent: visit.traceparent }),
});

export function requireScope(subject: Subject, scope: 'read' | 'write'): void {
  if (!subject.scopes || subject.scopes.includes(scope)) return;
  throw new EdgeProblem(403, 'scope_missing', `This API token does not have the scope "${scope}".`);
}

export const unauthenticated = (): EdgeProblem =>
  new EdgeProblem(401, 'unauthenticated', 'Sign in and send the access token as Authorization: Bearer.', [], {
    'www-authenticate': 'Bearer',
  });
export const notFound = (): Refused => new Refused('not_found', 'There is nothing at this address, or you may not see it.');
export const forbidden = (label: string): Refused => new Refused('forbidden', `You may see this, but the step is for: ${label}.`);
export const changed = (version: number): Refused =>
  new Refused(
    'precondition_failed',
    'The object has changed since you read it. Read it again and decide whether the step still applies.',
    { version },
  );
