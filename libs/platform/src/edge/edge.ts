import type { Subject } from '@concord/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ServerResponse } from 'node:http';
import type { Counter, Histogram } from 'prom-client';
import { uuidv7 } from '../clock.js';
import type { Context } from '../context/context.js';
import { Unauthenticated } from '../identity/authenticator.js';
import type { Reply } from './door.js';
import type { Visit } from './visit.js';
import { parseJson } from './json.js';
import { secondsToWait, type Following } from './following.js';
import { EdgeProblem, isBug, problem } from './problem.js';
import type { Route } from './routes.js';
import type { Allowance } from './allowance.js';
import type { Load } from '../load.js';
import { requestSpan } from '../telemetry/tracing.js';

/** What the edge reports of each request. */
export interface EdgeMetrics {
  readonly requests: Counter<'route' | 'status'>;
  readonly seconds: Histogram<'route'>;
}

const ORGANISATION = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/u;
const CORRELATION = /^[\w.:/-]{1,100}$/u;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/u;

/** Stands between HTTP and the doors: who asks, what was sent, how much may be asked, and how every answer and error looks. */
export class Edge {
  constructor(
    private readonly allowance: Allowance | undefined,
    private readonly metrics: EdgeMetrics,
    private readonly load: Load,
    private readonly following: Following,
    private readonly failed: (where: string, error: unknown, correlation: string) => void,
  ) {}

  /** Serves one request of a route. */
  async serve(
    route: Route,
    context: Context,
    request: FastifyRequest,
    reply: FastifyReply,
    run: (visit: Visit) => Promise<Reply>,
  ): Promise<void> {
    const started = performance.now();
    const correlation = correlationOf(request);
    const { traceparent } = request.headers as { traceparent?: string };
    const span = requestSpan(route.method, route.name, route.path, traceparent);
    let answer: Reply;
    let subject: Subject | undefined;
    this.load.enter();
    try {
      subject = await this.subject(request, context);
      answer = await run(visitOf(route, request, subject, { correlation, traceparent: span?.traceparent ?? traceparent }));
    } catch (error) {
      if (isBug(error)) this.failed(`${route.method} ${route.path} ${correlation}`, error, correlation);
      answer = problem(error, correlation);
    } finally {
      // Whatever happens: requests that never leave would fill the process for good.
      this.load.leave();
    }
    span?.end({ 'http.response.status_code': answer.status }, answer.status >= 500);
    this.metrics.requests.inc({ route: route.name, status: String(answer.status) });
    this.metrics.seconds.observe({ route: route.name }, (performance.now() - started) / 1000);
    const changed = (route.kind === 'command' || route.kind === 'action') && answer.status < 300;
    if (changed && subject) await this.following.wait(secondsToWait(header(request, 'prefer')));
    send(reply, answer, correlation);
  }

  private async subject(request: FastifyRequest, context: Context): Promise<Subject | undefined> {
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const match = /^Bearer ([\w.~+/=-]{1,4096})$/u.exec(authorization);
    if (!match) throw new Unauthenticated('Authorization must be "Bearer" and a token.');
    const organisation = header(request, 'concord-organisation');
    if (organisation !== undefined && !ORGANISATION.test(organisation))
      throw new Unauthenticated('Concord-Organisation is not an id.');
    const { subject } = await context.authenticator.authenticate(match[1]!, organisation);
    this.allowance?.prove(authorization);
    return subject;
  }
}

function header(request: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The caller's correlation id where it is harmless, else a new one. */
export function correlationOf(request: Pick<FastifyRequest, 'headers'>): string {
  const given = header(request, 'x-correlation-id');
  return given !== undefined && CORRELATION.test(given) ? given : uuidv7();
}

function visitOf(
  route: Route,
  request: FastifyRequest,
  subject: Subject | undefined,
  { correlation, traceparent }: Pick<Visit, 'correlation' | 'traceparent'>,
): Visit {
  return {
    params: request.params as Record<string, string>,
    query: queryOf(request),
    body: route.body ? bodyOf(route, request) : undefined,
    // Node joins what was sent twice with commas; only set-cookie, which no caller sends, would be a list.
    headers: request.headers as Record<string, string | undefined>,
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    subject,
    correlation,
    address: request.ip,
  };
}

/** PostgreSQL cannot hold NUL in a text, and nothing is named by one: it is refused here, whatever the parameter. */
function queryOf(request: FastifyRequest): Record<string, unknown> {
  const query = request.query as Record<string, unknown>;
  const faults = Object.entries(query)
    .filter((entry) => JSON.stringify(entry).includes('\\u0000'))
    .map(([name]) => ({ pointer: `/${name.replaceAll('\u0000', '')}`, message: 'must not contain NUL' }));
  if (faults.length > 0) throw new EdgeProblem(400, 'invalid', 'A parameter contains a character that nothing can hold.', faults);
  return query;
}

/** Bodies arrive as bytes; only here is it decided what they have to be. */
function bodyOf(route: Route, request: FastifyRequest): unknown {
  const bytes = request.body as Uint8Array | undefined;
  if (route.raw) return bytes ?? Buffer.alloc(0);
  if (!bytes || bytes.length === 0) return undefined;
  const type = header(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new EdgeProblem(415, 'unsupported_media_type', 'Send JSON as application/json.');
  if (bytes.length > JSON_BYTES_MAX)
    throw new EdgeProblem(413, 'payload_too_large', `A JSON body may have ${JSON_BYTES_MAX} bytes at most.`);
  return parseJson(bytes);
}

/** Largest JSON body. */
export const JSON_BYTES_MAX = 256 * 1024;

/** Headers that keep a browser from doing anything with an answer but reading it. */
export const SECURE_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

/** Sends an answer with the headers every answer has. Past Fastify, whose hooks and serialisers have nothing to do here. */
export function send(reply: FastifyReply, answer: Reply, correlation: string): void {
  reply.hijack();
  write(reply.raw, answer, correlation);
}

/** Writes an answer with the headers every answer has. */
export function write(response: ServerResponse, answer: Reply, correlation: string): void {
  const body = answer.bytes ?? answer.body;
  response.writeHead(answer.status, {
    ...SECURE_HEADERS,
    ...answer.headers,
    'x-correlation-id': correlation,
    ...(answer.status === 204 || answer.status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }),
  });
  response.end(body);
}
