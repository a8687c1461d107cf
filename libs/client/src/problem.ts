/** One fault of an input: where (JSON Pointer) and what. */
export interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** The API said no: `application/problem+json` (RFC 9457) as an error. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    /** Stable code: `line_full`, `stale_version`, `invalid` … */
    readonly code: string,
    message: string,
    readonly facts: {
      readonly type: string;
      readonly title: string;
      readonly errors: readonly Fault[];
      readonly details: Readonly<Record<string, unknown>>;
      readonly correlationId?: string | undefined;
      /** How long the server asked to wait, milliseconds. */
      readonly retryAfterMs?: number | undefined;
    },
  ) {
    super(message);
    this.name = 'ApiProblem';
  }
}

/** No answer came: what became of the request is unknown until it is repeated with the same key. */
export class NoAnswer extends Error {
  constructor(
    readonly method: string,
    readonly url: string,
    cause: unknown,
  ) {
    super(`${method} ${url}: no answer (${cause instanceof Error ? cause.message : String(cause)})`, { cause });
    this.name = 'NoAnswer';
  }
}

/** Reads a problem out of an answer, whatever its body is. */
export function problemOf(status: number, body: unknown, headers: Headers): ApiProblem {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  const title = text(given.title, `HTTP ${status}`);
  return new ApiProblem(status, text(given.code, `http_${status}`), text(given.detail, title), {
    type: text(given.type, 'about:blank'),
    title,
    errors: Array.isArray(given.errors) ? (given.errors as Fault[]) : [],
    details: (given.details ?? {}) as Record<string, unknown>,
    correlationId: typeof given.correlationId === 'string' ? given.correlationId : undefined,
    retryAfterMs: retryAfterMs(headers),
  });
}

/** `Retry-After` in seconds or as a date, in milliseconds from now. */
export function retryAfterMs(headers: Headers): number | undefined {
  const given = headers.get('retry-after');
  if (given === null) return undefined;
  const ms = /^\d{1,6}$/u.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
