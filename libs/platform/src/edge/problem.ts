import { Refused } from '@concord/kernel';
import type { z } from 'zod';
import { isConnectionLoss } from '../log/storage.js';
import { KeyReused, Overloaded, type Outcome } from '../log/work.js';
import { Unauthenticated } from '../identity/authenticator.js';
import { BadJson } from './json.js';

/** One fault of an input: where (JSON Pointer into the body, or the name of a parameter) and what. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** The edge says no before any decision; `status` and `code` are public. */
export class EdgeProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly faults: readonly Fault[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'EdgeProblem';
  }
}

/** HTTP status by refusal code; everything else the domain refuses is a conflict with the present state: 409. */
const STATUS: Readonly<Record<string, number>> = {
  not_found: 404,
  forbidden: 403,
  precondition_failed: 412,
  precondition_required: 428,
  invalid_cursor: 400,
  invalid_credentials: 401,
  invalid_token: 401,
  throttled: 429,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid: 400,
};

/** Refusals that say something about who asks or what was sent, not about the object: they are not kept under the key. */
export const isKept = (error: unknown): boolean => error instanceof Refused && !(error.code in STATUS);

/** All faults of an input that does not fit its schema. */
export function invalid(error: z.ZodError, prefix = ''): EdgeProblem {
  const faults = error.issues.flatMap((issue) => {
    const at = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return at.map((path) => ({
      pointer: prefix + path.map((part) => `/${String(part).replace(/~/gu, '~0').replace(/\//gu, '~1')}`).join(''),
      message: issue.message,
    }));
  });
  return new EdgeProblem(
    400,
    'invalid',
    'Some of what was sent does not fit. Each fault is listed with its place.',
    faults.slice(0, 100),
  );
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request does not fit',
  401: 'Sign-in needed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Refused',
  412: 'Changed in the meantime',
  413: 'Too large',
  414: 'Address too long',
  415: 'Media type not supported',
  422: 'Key used for another request',
  428: 'If-Match needed',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Try again',
  504: 'No answer in time',
};

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an error says to the caller; a bug says nothing of its inside. */
function describe(error: unknown): Problem {
  if (error instanceof Refused) {
    const status = STATUS[error.code] ?? 409;
    return {
      status,
      code: error.code,
      detail: error.message,
      details: error.details,
      ...(status === 429 ? { headers: { 'retry-after': String(error.details['retryAfterSeconds'] ?? 60) } } : {}),
    };
  }
  if (error instanceof EdgeProblem)
    return { status: error.status, code: error.code, detail: error.message, faults: error.faults, headers: error.headers };
  if (error instanceof BadJson) return { status: 400, code: 'invalid_json', detail: error.message };
  if (error instanceof Unauthenticated) {
    return {
      status: 401,
      code: 'unauthenticated',
      detail: error.reason,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    };
  }
  if (error instanceof KeyReused) return { status: 422, code: 'idempotency_key_reused', detail: error.message };
  if (error instanceof Overloaded)
    return { status: 503, code: 'overloaded', detail: error.message, headers: { 'retry-after': '1' } };
  if (isConnectionLoss(error)) {
    const detail = 'The database cannot be reached right now. Try again, a command with the same key.';
    return { status: 503, code: 'unavailable', detail, headers: { 'retry-after': '1' } };
  }
  return (
    fromFramework(error) ?? {
      status: 500,
      code: 'internal',
      detail: 'Something went wrong here. It was recorded under this correlation id; nothing was changed.',
    }
  );
}

/** Faults that Fastify or Nest found before any of our code ran. */
function fromFramework(error: unknown): Problem | undefined {
  const { statusCode, status, code } = error as { statusCode?: number; status?: number; code?: string };
  const http = statusCode ?? status;
  if (typeof http !== 'number' || http < 400 || http > 499) return undefined;
  const known: Readonly<Record<number, readonly [string, string]>> = {
    400: ['malformed_request', 'The request cannot be read: its address or its headers are malformed.'],
    404: ['not_found', 'There is nothing at this address, or you may not see it.'],
    405: ['method_not_allowed', 'This address does not take this method.'],
    413: ['payload_too_large', 'The body is too large.'],
    414: ['address_too_long', 'A part of the address is too long to name anything.'],
    415: ['unsupported_media_type', 'Send JSON as application/json, or the media type the route names.'],
  };
  const [publicCode, detail] = known[http] ?? [(code ?? 'bad_request').toLowerCase(), 'The request cannot be read.'];
  return { status: http, code: publicCode, detail };
}

/** Whether an error is a fault of ours, to be logged. */
export const isBug = (error: unknown): boolean => describe(error).status === 500;

/** Any error as application/problem+json (RFC 9457). */
export function problem(error: unknown, correlationId: string): Outcome {
  const { status, code, detail, details, faults, headers } = describe(error);
  const body = {
    type: `/problems/${code}`,
    title: TITLES[status] ?? 'Refused',
    status,
    detail,
    code,
    correlationId,
    ...(faults && faults.length > 0 ? { errors: faults } : {}),
    ...(details && Object.keys(details).length > 0 ? { details } : {}),
  };
  return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body: JSON.stringify(body) };
}
