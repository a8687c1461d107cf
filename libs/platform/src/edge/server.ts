import 'reflect-metadata';
import {
  Catch,
  Global,
  Module,
  type ArgumentsHost,
  type DynamicModule,
  type ExceptionFilter,
  type INestApplication,
  type LoggerService,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import type { Context } from '../context/context.js';
import { asyncApi } from './asyncapi.js';
import { contextModule } from './controllers.js';
import { correlationOf, Edge, JSON_BYTES_MAX, SECURE_HEADERS, send, type EdgeMetrics } from './edge.js';
import type { Following } from './following.js';
import { Allowance, type RateLimit } from './allowance.js';
import type { Load } from '../load.js';
import { openApi } from './openapi.js';
import { refusing } from './overload.js';
import { isBug, problem } from './problem.js';
import { routesOf } from './routes.js';
import type { ServiceDefinition } from '../service/definitions.js';

/** Largest body of any kind: an evidence file. */
export const FILE_BYTES_MAX = 26 * 1024 * 1024;

/** Connections that wait to be accepted; the system cuts it to its own limit. Of what is beyond, first packets are sent again after seconds. */
const BACKLOG = 4_096;

export interface HttpOptions {
  readonly contexts: readonly Context[];
  readonly version: string;
  readonly rateLimit?: RateLimit;
  /** Contexts that the documents describe; those of this process when absent. */
  readonly documented?: readonly ServiceDefinition[];
  /** Addresses whose X-Forwarded-For is believed, as CIDR blocks separated by commas; none when absent. */
  readonly trustedProxies?: string;
  readonly metrics: EdgeMetrics;
  readonly load: Load;
  /** Lets a caller wait for what follows from its command. */
  readonly following: Following;
  /** Text of /metrics. */
  metricsText(): Promise<string>;
  /** What is not ready, by name; empty when the process can serve. */
  unready(): Promise<Record<string, string>>;
  failed(where: string, error: unknown, correlation?: string): void;
  /** Adds routes that are no context's: the page, the clock of a demo. */
  extend?(fastify: FastifyInstance): void;
  readonly logger?: LoggerService;
}

/** The HTTP side of a process: every context's routes behind one port. */
export interface HttpServer {
  readonly server: Server;
  /** Starts to accept; resolves to the port. */
  listen(port: number, host: string): Promise<number>;
  close(): Promise<void>;
}

/** Turns whatever Nest or Fastify throw outside a route into the same problem documents. */
@Catch()
class ProblemFilter implements ExceptionFilter {
  constructor(private readonly failed: (where: string, error: unknown, correlation: string) => void) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const correlation = correlationOf(request);
    if (isBug(error)) this.failed(`${request.method} ${request.url} ${correlation}`, error, correlation);
    send(http.getResponse<FastifyReply>(), problem(error, correlation), correlation);
  }
}

@Module({})
class RootModule {}

@Global()
@Module({})
class EdgeModule {}

/** Builds the Nest application over Fastify. */
export async function createHttp(options: HttpOptions): Promise<HttpServer> {
  const adapter = new FastifyAdapter({
    serverFactory: refusing(options.load, options.metrics),
    bodyLimit: FILE_BYTES_MAX,
    trustProxy: options.trustedProxies ?? false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    // An address that cannot be decoded or is too long never reaches a route, nor the filter below.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const correlation = correlationOf(request);
      send(reply, problem(error, correlation), correlation);
    },
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const allowance = options.rateLimit && new Allowance(options.rateLimit);
  const edge = new Edge(allowance, options.metrics, options.load, options.following, (where, error, correlation) =>
    options.failed(where, error, correlation),
  );
  const module: DynamicModule = {
    module: RootModule,
    imports: [
      CqrsModule.forRoot(),
      { module: EdgeModule, providers: [{ provide: Edge, useValue: edge }], exports: [Edge] },
      ...options.contexts.map((context) => contextModule(context)),
    ],
  };
  takeBytes(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.url.startsWith('/api/')) return done();
    try {
      allowance?.admit(request, reply);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  secure(fastify);
  documents(fastify, options);
  options.extend?.(fastify);
  const app = await NestFactory.create<INestApplication>(module, adapter as never, {
    bodyParser: false,
    logger: options.logger ?? false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter((where, error, correlation) => options.failed(where, error, correlation)));
  await app.init();
  await fastify.ready();
  return {
    server: fastify.server as Server,
    listen: async (port, host) => {
      // Typed as numbers and names only; the adapter hands an object on as it is.
      await app.listen({ port, host, backlog: BACKLOG } as never);
      const address = fastify.server.address();
      return typeof address === 'object' && address ? address.port : port;
    },
    close: () => app.close(),
  };
}

/** Bodies stay bytes until a route has said what it takes. */
function takeBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: JSON_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** What Fastify answers by itself gets the headers of all answers, where it has none of its own. */
function secure(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    for (const [name, value] of Object.entries(SECURE_HEADERS)) if (!reply.hasHeader(name)) void reply.header(name, value);
    done();
  });
}

function documents(fastify: FastifyInstance, options: HttpOptions): void {
  const services = options.documented ?? options.contexts.map(({ service }) => service);
  // Made when somebody asks first: they take as long as everything else before the first answer.
  const json = (make: () => object) => {
    let text: string | undefined;
    return async (_request: FastifyRequest, reply: FastifyReply) =>
      reply.type('application/json').send((text ??= JSON.stringify(make())));
  };
  fastify.get(
    '/openapi.json',
    json(() => openApi(services.flatMap(routesOf), options.version)),
  );
  fastify.get(
    '/asyncapi.json',
    json(() => asyncApi(services, options.version)),
  );
  fastify.get(
    '/livez',
    json(() => ({ status: 'ok' })),
  );
  fastify.get('/readyz', async (_request, reply) => {
    const unready = await options.unready();
    const ready = Object.keys(unready).length === 0;
    return reply
      .code(ready ? 200 : 503)
      .send({ status: ready ? 'ok' : 'unready', version: options.version, ...(ready ? {} : { unready }) });
  });
  fastify.get('/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await options.metricsText()));
}
