import httpProxy from '@fastify/http-proxy';
import {
  correlationOf,
  EdgeProblem,
  FILE_BYTES_MAX,
  JSON_BYTES_MAX,
  problem,
  requestSpan,
  type EdgeMetrics,
  type OpenSpan,
  type Route,
} from '@concord/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { forwardingProblem } from './away.js';
import type { RouteTable } from './route-table.js';

/** Below which every context has its routes. */
const PREFIX = '/api/v1';
/** A verification or a rebuild reads a whole log. */
const OPERATIONS = '/operations/';
const OPERATIONS_TIMES = 20;
const CONNECTIONS_MAX = 64;

/** Headers that end at the gateway: of this connection, or told by it afresh. Whatever stands before the gateway is not believed unless it is trusted. */
const OURS = new Set([
  ...['keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'],
  ...['upgrade', 'expect', 'http2-settings', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'],
]);

/** How requests are passed on. */
export interface Forwarding {
  readonly table: RouteTable;
  /** Addresses of the services by name. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly answerMsMax: number;
  readonly metrics: EdgeMetrics;
  failed(where: string, error: unknown): void;
}

/** Passes every route of the table on to its service: bodies of files as a stream, answers as they come, faults as problems. */
export function forward(fastify: FastifyInstance, forwarding: Forwarding): void {
  const { table, addresses, answerMsMax } = forwarding;
  const routeOf = (request: FastifyRequest): Route | undefined =>
    table.find(request.method, (request.routeOptions.url ?? '').slice(PREFIX.length));
  void fastify.register(async (scope) => {
    takeStreams(scope);
    // Nest's filter does not reach into a scope of its own.
    scope.setErrorHandler((error, _request, reply) => refuse(reply, error));
    watch(scope, routeOf, forwarding);
    await scope.register(httpProxy, {
      upstream: '',
      prefix: PREFIX,
      rewritePrefix: PREFIX,
      proxyPayloads: false,
      routes: [...table.paths],
      httpMethods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
      disableRequestLogging: true,
      undici: { connections: CONNECTIONS_MAX, pipelining: 1, keepAliveTimeout: 4_000 },
      preHandler: (request, _reply, done) => done(routeOf(request) ? undefined : nothingHere()),
      replyOptions: {
        getUpstream: (request) => addresses.get(routeOf(request as FastifyRequest)!.context)!,
        rewriteRequestHeaders: (request, headers) => passedOn(request as FastifyRequest, headers),
        onError: (reply, { error }) =>
          tell(reply as FastifyReply, routeOf(reply.request as FastifyRequest)!.context, error, forwarding),
      },
      handler: (request, reply, destination, options) =>
        reply.from(destination, {
          ...options,
          timeout: destination.startsWith(PREFIX + OPERATIONS) ? OPERATIONS_TIMES * answerMsMax : answerMsMax,
        }),
    });
  });
}

/** What is at no address. */
export const nothingHere = (): EdgeProblem =>
  new EdgeProblem(404, 'not_found', 'There is nothing at this address, or you may not see it.');

/** Gives a request one correlation id and one trace for the whole way, also when nobody answers, and counts it. */
function watch(scope: FastifyInstance, routeOf: (request: FastifyRequest) => Route | undefined, { metrics }: Forwarding): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  scope.addHook('onRequest', async (request) => {
    const { headers } = request;
    headers['x-correlation-id'] = correlationOf(request);
    const route = routeOf(request);
    const span = route && requestSpan(route.method, route.name, route.path, headers['traceparent'] as string | undefined);
    if (!span) return;
    spans.set(request, span);
    headers['traceparent'] = span.traceparent;
  });
  scope.addHook('onResponse', async (request, reply) => {
    spans.get(request)?.end({ 'http.response.status_code': reply.statusCode }, reply.statusCode >= 500);
    const route = routeOf(request)?.name ?? 'none';
    metrics.requests.inc({ route, status: String(reply.statusCode) });
    metrics.seconds.observe({ route }, reply.elapsedTime / 1000);
  });
}

function tell(reply: FastifyReply, service: string, error: unknown, { failed }: Pick<Forwarding, 'failed'>): void {
  const told = forwardingProblem(service, error);
  if (told.status >= 500) failed(`forwarding to ${service}`, error);
  refuse(reply, told);
}

/** Answers with a problem document. */
export function refuse(reply: FastifyReply, error: unknown): void {
  const correlation = correlationOf(reply.request);
  const { status, headers, body } = problem(error, correlation);
  // The rest of a body that nobody reads any more would stand before the next request on this connection.
  if (!reply.request.raw.complete) void reply.header('connection', 'close');
  void reply
    .code(status)
    .headers({ ...headers, 'x-correlation-id': correlation })
    .send(body);
}

/** Bodies are not understood here. JSON is short, and taken whole, so that one that is too long is refused before a service sees it. */
function takeStreams(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: JSON_BYTES_MAX }, (_request, body, done) =>
    done(null, Readable.from([body])),
  );
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload.pipe(new Bounded(FILE_BYTES_MAX))));
}

/** Ends with 413 after so many bytes. */
class Bounded extends Transform {
  private bytes = 0;

  constructor(private readonly bytesMax: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.bytesMax) done(new EdgeProblem(413, 'payload_too_large', 'The body is too large.'));
    else done(null, chunk);
  }
}

type Headers = Record<string, string | string[] | undefined>;

/** The headers of a request as the next hop gets them: who asks, from where, and under which address. */
export function passedOn(request: FastifyRequest, headers: Headers): Headers {
  const passed = Object.fromEntries(Object.entries(headers).filter(([name]) => !OURS.has(name)));
  if (request.method === 'GET' || request.method === 'HEAD') {
    // A body there means nothing and is not passed on, so what describes it must not be either.
    delete passed['content-length'];
    delete passed['content-type'];
  }
  passed['x-forwarded-for'] = request.ip;
  passed['x-forwarded-proto'] = request.protocol;
  if (request.headers.host !== undefined) passed['x-forwarded-host'] = request.headers.host;
  return passed;
}
