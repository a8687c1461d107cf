import { pagesOf, type Listed } from './pages.js';
import { ApiProblem, NoAnswer, problemOf } from './problem.js';

/** A value, or how to get it now. */
export type Given<T> = T | (() => T | Promise<T>);

/** Evaluates a `Given`. */
export const current = async <T>(given: Given<T>): Promise<T> =>
  typeof given === 'function' ? (given as () => T | Promise<T>)() : given;

/** How a client reaches Concord, and as whom. */
export interface ClientOptions {
  /** Where Concord is, without `/api/v1`: `https://concord.example.org`. */
  readonly baseUrl: string;
  /** Access token or API token; none for what everybody may read. */
  readonly token?: Given<string | undefined>;
  /** Organisation the person acts for. */
  readonly organisation?: string;
  /** Gets a fresh token after a 401; the request is then sent once more. Several requests share one call. */
  readonly refresh?: () => Promise<string | undefined>;
  /** Sends of one request, the first included. 5 when absent. */
  readonly attemptsMax?: number;
  /** Pause before the n-th repetition (from 1) where the server names none, milliseconds. */
  readonly backOffMs?: (repetition: number) => number;
  /** How long one send may take, milliseconds. 30,000 when absent. */
  readonly timeoutMs?: number;
  /** How long the answer to a command may wait until lists and other contexts show its effect, seconds; not at all when absent. */
  readonly followS?: number;
  readonly fetch?: typeof globalThis.fetch;
}

/** What goes with a request. */
export interface Sending {
  /** JSON, or bytes with their content type. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** ETag that the object must still have. */
  readonly ifMatch?: string;
  /** Repeats of one intent use one key; made when absent. */
  readonly idempotencyKey?: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** An answer with success. */
export interface Answer<Body = unknown> {
  readonly status: number;
  readonly body: Body;
  readonly etag: string | undefined;
  readonly headers: Headers;
}

/** What shows who sends, and that it is the same request again. */
interface Proof {
  readonly token: string | undefined;
  readonly key: string | undefined;
}

const PAUSE_MS_MAX = 30_000;
const AGAIN: readonly number[] = [429, 502, 503, 504];

/** 0.2 s, doubled each time up to 5 s, and a random part of it, so that many clients do not come back at once. */
const jitter = (repetition: number): number => Math.random() * Math.min(5_000, 200 * 2 ** (repetition - 1));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A client of Concord's HTTP API: JSON, problems as errors, keys and bounded repeats, so that a repeated command has one effect. */
export class Client {
  private refreshing: Promise<string | undefined> | undefined;
  private refreshed: string | undefined;

  constructor(private readonly options: ClientOptions) {}

  /** As another organisation, or another person when a token is given. */
  as(who: Pick<ClientOptions, 'token' | 'organisation' | 'refresh'>): Client {
    return new Client({ ...this.options, ...who });
  }

  /** GET. Throws `ApiProblem`, or `NoAnswer` when every attempt was lost. */
  get<Body = unknown>(path: string, sending: Sending = {}): Promise<Answer<Body>> {
    return this.send('GET', path, sending);
  }

  /** POST, with an Idempotency-Key that every repeat carries. Throws as `get`. */
  post<Body = unknown>(path: string, sending: Sending = {}): Promise<Answer<Body>> {
    return this.send('POST', path, sending);
  }

  /** PATCH: needs `ifMatch`. Throws as `get`. */
  patch<Body = unknown>(path: string, sending: Sending): Promise<Answer<Body>> {
    return this.send('PATCH', path, sending);
  }

  /** PUT. Throws as `get`. */
  put<Body = unknown>(path: string, sending: Sending = {}): Promise<Answer<Body>> {
    return this.send('PUT', path, sending);
  }

  /** DELETE. Throws as `get`. */
  delete<Body = unknown>(path: string, sending: Sending = {}): Promise<Answer<Body>> {
    return this.send('DELETE', path, sending);
  }

  /** Every item of a list, page after page, in the list's order. */
  list<Item = unknown>(path: string, query: Sending['query'] = {}): AsyncGenerator<Item, void, undefined> {
    return pagesOf<Item>((cursor) => this.get<Listed<Item>>(path, { query: { ...query, cursor } }));
  }

  /** Sends, and repeats under the same key what was lost or put off. */
  async send<Body>(method: string, path: string, sending: Sending): Promise<Answer<Body>> {
    const key = method === 'GET' ? undefined : (sending.idempotencyKey ?? globalThis.crypto.randomUUID());
    const attemptsMax = this.options.attemptsMax ?? 5;
    let renewed = false;
    let used: { token: string | undefined } = { token: undefined };
    for (let attempt = 1; ; attempt += 1) {
      try {
        used = { token: this.refreshed ?? (await current(this.options.token)) };
        return await this.attempt<Body>(method, path, sending, { ...used, key });
      } catch (error) {
        if (sending.signal?.aborted) throw error;
        if (!renewed && error instanceof ApiProblem && error.status === 401 && (await this.renew(used.token))) {
          renewed = true;
          continue;
        }
        if (attempt >= attemptsMax || !isWorthRepeating(error)) throw error;
        const asked = error instanceof ApiProblem ? error.facts.retryAfterMs : undefined;
        await pause(Math.min(PAUSE_MS_MAX, asked ?? (this.options.backOffMs ?? jitter)(attempt)));
      }
    }
  }

  private async attempt<Body>(method: string, path: string, sending: Sending, proof: Proof): Promise<Answer<Body>> {
    const url = this.url(path, sending.query);
    const timeout = AbortSignal.timeout(this.options.timeoutMs ?? 30_000);
    const { body } = sending;
    const raw = body instanceof Uint8Array;
    let response: Response;
    let text: string;
    try {
      response = await (this.options.fetch ?? globalThis.fetch)(url, {
        method,
        headers: this.headers(
          sending,
          proof,
          body === undefined ? undefined : raw ? 'application/octet-stream' : 'application/json',
        ),
        signal: sending.signal ? AbortSignal.any([sending.signal, timeout]) : timeout,
        ...(body === undefined ? {} : { body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (cause) {
      throw new NoAnswer(method, url, cause);
    }
    const { status, headers } = response;
    const parsed = parse(text, headers);
    if (!response.ok) throw problemOf(status, parsed, headers);
    return { status, body: parsed as Body, etag: headers.get('etag') ?? undefined, headers };
  }

  private headers(sending: Sending, { token, key }: Proof, contentType: string | undefined): Record<string, string> {
    const { organisation, followS } = this.options;
    return {
      accept: 'application/json, application/problem+json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(organisation !== undefined && { 'concord-organisation': organisation }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...(key !== undefined && followS !== undefined && { prefer: `wait=${followS}` }),
      ...(sending.ifMatch !== undefined && { 'if-match': sending.ifMatch }),
      ...(contentType !== undefined && { 'content-type': sending.contentType ?? contentType }),
      ...sending.headers,
    };
  }

  /** Whether there is a token now that may do better than the one that was refused. */
  private async renew(refused: string | undefined): Promise<boolean> {
    const { refresh } = this.options;
    if (!refresh) return false;
    if (this.refreshed !== undefined && this.refreshed !== refused) return true;
    this.refreshing ??= refresh().finally(() => (this.refreshing = undefined));
    const token = await this.refreshing;
    this.refreshed = token ?? this.refreshed;
    return token !== undefined;
  }

  private url(path: string, query: Sending['query'] = {}): string {
    const url = new URL(`${this.options.baseUrl.replace(/\/+$/u, '')}/api/v1${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) url.searchParams.append(name, String(one));
    }
    return url.href;
  }
}

/** Lost on the way, or put off by the server. A 409 that says when to come back is a copy that is still running. */
function isWorthRepeating(error: unknown): boolean {
  if (error instanceof NoAnswer) return true;
  if (!(error instanceof ApiProblem)) return false;
  return AGAIN.includes(error.status) || (error.status === 409 && error.facts.retryAfterMs !== undefined);
}

function parse(text: string, headers: Headers): unknown {
  if (text === '' || !(headers.get('content-type') ?? '').includes('json')) return text === '' ? undefined : text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A proxy's page under our content type: the status still says what happened.
    return text;
  }
}

/** A client of Concord's HTTP API. */
export const createClient = (options: ClientOptions): Client => new Client(options);
