import { defineService, problem, type EdgeMetrics } from '@concord/platform';
import { pledges } from '@concord/pledges';
import Fastify, { type FastifyInstance } from 'fastify';
import {
  createServer,
  request as ask,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { forward } from './forwarding.js';
import { guard } from './guard.js';
import { RouteTable } from './route-table.js';

// The forwarding alone: a service that this spec plays, and raw requests, because fetch would mend what is malformed.

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
}

const heard: Heard[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let service: Server;
let gateway: FastifyInstance;
let port: number;
const faults: string[] = [];
const counted: { route: string; status?: string }[] = [];

const metrics = {
  requests: { inc: (labels: { route: string; status: string }) => void counted.push(labels) },
  seconds: { observe: () => undefined },
} as unknown as EdgeMetrics;

beforeAll(async () => {
  service = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => {
      heard.push({ method: request.method!, url: request.url!, headers: request.headers, bytes });
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => service.once('listening', resolve));
  gateway = Fastify({ bodyLimit: 30 * 1024 * 1024 });
  guard(gateway, { perSecond: 0.001, burst: 200 });
  forward(gateway, {
    table: new RouteTable([pledges]),
    addresses: new Map([['pledges', `http://127.0.0.1:${(service.address() as AddressInfo).port}`]]),
    answerMsMax: 300,
    metrics,
    failed: (where) => void faults.push(where),
  });
  await gateway.listen({ port: 0, host: '127.0.0.1' });
  port = (gateway.server.address() as AddressInfo).port;
});

beforeEach(() => {
  heard.length = 0;
  faults.length = 0;
  answer = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json', etag: '"3"' }).end('{"ok":true}');
});

afterAll(async () => {
  await gateway.close();
  service.closeAllConnections();
  service.close();
});

interface Given {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request as it stands, with a body in pieces. */
function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  pieces: readonly (string | Buffer)[] = [],
): Promise<Given> {
  return new Promise((resolve, reject) => {
    const request = ask({ port, host: '127.0.0.1', method, path, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    request.on('error', reject);
    for (const piece of pieces) request.write(piece);
    request.end();
  });
}

const NEED = '01989f3a-7c10-7a00-8000-000000000001';

describe('forwarding', () => {
  it('passes address, method, query, headers and body on, and the answer back', async () => {
    const given = await send('POST', '/api/v1/pledges?a=1&a=%20b', { 'content-type': 'application/json', 'idempotency-key': 'k' }, [
      '{"n":',
      '1}',
    ]);
    expect(given).toMatchObject({ status: 200, headers: { etag: '"3"' }, body: '{"ok":true}' });
    expect(heard).toMatchObject([
      { method: 'POST', url: '/api/v1/pledges?a=1&a=%20b', bytes: 7, headers: { 'idempotency-key': 'k' } },
    ]);
  });

  it('tells the service who asks, and believes nobody about it', async () => {
    await send('GET', '/api/v1/pledges', {
      host: 'concord.example',
      'x-forwarded-for': '9.9.9.9',
      forwarded: 'for=9.9.9.9',
      'x-real-ip': '9.9.9.9',
    });
    const [{ headers }] = heard as [Heard];
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'concord.example',
      'x-forwarded-proto': 'http',
    });
    expect(headers['forwarded'] ?? headers['x-real-ip']).toBeUndefined();
  });

  it('gives one correlation id to both sides, the caller’s where it is harmless', async () => {
    answer = (request, response) =>
      void response.writeHead(200, { 'x-correlation-id': request.headers['x-correlation-id']! }).end();
    expect((await send('GET', '/api/v1/pledges', { 'x-correlation-id': 'mine-1' })).headers['x-correlation-id']).toBe('mine-1');
    const made = (await send('GET', '/api/v1/pledges', { 'x-correlation-id': 'not harmless{}' })).headers['x-correlation-id'];
    expect(made).toMatch(/^[0-9a-f-]{36}$/u);
    expect(heard.map(({ headers }) => headers['x-correlation-id'])).toEqual(['mine-1', made]);
  });

  it('counts each request by its route', async () => {
    counted.length = 0;
    await send('GET', `/api/v1/pledges/${NEED}`);
    await send('HEAD', `/api/v1/pledges/${NEED}`);
    expect(counted).toEqual([
      { route: 'getPledge', status: '200' },
      { route: 'getPledge', status: '200' },
    ]);
  });

  it('answers 404 to a method that the address does not take', async () => {
    const given = await send('DELETE', '/api/v1/pledges');
    expect(given).toMatchObject({ status: 404, headers: { 'content-type': expect.stringContaining('application/problem+json') } });
    expect(heard).toEqual([]);
  });

  it.each<[string, number[], string, string, Record<string, string>, (string | Buffer)[]]>([
    ['a GET with a body', [200], 'GET', '/api/v1/pledges', { 'content-type': 'application/json', 'content-length': '2' }, ['{}']],
    [
      'a connection header that names ours',
      [200],
      'GET',
      '/api/v1/pledges',
      { connection: 'keep-alive, authorization, x-forwarded-for' },
      [],
    ],
    ['an upgrade to something else', [200], 'GET', '/api/v1/pledges', { upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' }, []],
    ['an empty JSON body', [200], 'POST', '/api/v1/pledges', { 'content-type': 'application/json', 'content-length': '0' }, []],
    ['a way up', [400, 404], 'GET', '/api/v1/pledges/%2e%2e%2f%2e%2e', {}, []],
    ['half a percent sign', [400, 404], 'GET', '/api/v1/pledges/%E0%A4%A', {}, []],
    ['too much JSON', [413], 'POST', '/api/v1/pledges', { 'content-type': 'application/json' }, [Buffer.alloc(300 * 1024, 32)]],
    ['an unknown type', [200], 'POST', '/api/v1/pledges', { 'content-type': 'x/y; =' }, ['?']],
  ])('never answers %s with a fault of its own: %j', async (_what, statuses, method, path, headers, pieces) => {
    expect(statuses).toContain((await send(method, path, headers, pieces)).status);
  });

  it('passes large bodies on as they come, and refuses one without an end', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 1);
    const chunked = { 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' };
    expect(
      (
        await send(
          'POST',
          '/api/v1/pledges',
          chunked,
          Array.from({ length: 20 }, () => megabyte),
        )
      ).status,
    ).toBe(200);
    expect(heard.at(-1)?.bytes).toBe(20 * megabyte.length);
    const endless = await send(
      'POST',
      '/api/v1/pledges',
      chunked,
      Array.from({ length: 27 }, () => megabyte),
    ).catch((error: NodeJS.ErrnoException) => ({ status: error.code }));
    expect([413, 'EPIPE', 'ECONNRESET']).toContain(endless.status);
  });
});

describe('a service that does not answer', () => {
  const told = async (given: Promise<Given>) => {
    const { status, headers, body } = await given;
    return { status, media: headers['content-type'], again: headers['retry-after'], ...(JSON.parse(body) as { code: string }) };
  };

  it('late: 504, and that nobody knows whether the step was taken', async () => {
    answer = () => undefined;
    expect(await told(send('GET', '/api/v1/pledges'))).toMatchObject({
      status: 504,
      media: expect.stringContaining('application/problem+json'),
      again: '1',
      code: 'no_answer_in_time',
    });
    expect(faults).toEqual(['forwarding to pledges']);
  });

  it('gone in the middle: 503', async () => {
    answer = (request) => void request.socket.destroy();
    expect(await told(send('GET', '/api/v1/pledges', { 'x-correlation-id': 'mine-2' }))).toMatchObject({
      status: 503,
      again: '1',
      code: 'unavailable',
      correlationId: 'mine-2',
    });
  });

  it('not there: 503', async () => {
    const away = Fastify();
    const nobody = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => nobody.once('listening', resolve));
    const { port: free } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    forward(away, {
      table: new RouteTable([pledges]),
      addresses: new Map([['pledges', `http://127.0.0.1:${free}`]]),
      answerMsMax: 1_000,
      metrics,
      failed: () => undefined,
    });
    expect(await away.inject('/api/v1/pledges')).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    await away.close();
  });
});

describe('the allowance', () => {
  it('is that of the address, until the token has proved itself', async () => {
    const small = Fastify();
    small.setErrorHandler((error, request, reply) => void reply.code(problem(error, request.id).status).send());
    guard(small, { perSecond: 0.001, burst: 3 });
    small.get('/api/v1/needs', async (request, reply) =>
      reply.code(request.headers.authorization === 'Bearer good' ? 200 : 401).send(),
    );
    const status = async (token: string) =>
      (await small.inject({ url: '/api/v1/needs', headers: { authorization: token } })).statusCode;
    expect(await status('Bearer good')).toBe(200);
    for (const token of ['Bearer bad 1', 'Bearer bad 2']) expect(await status(token)).toBe(401);
    expect(await status('Bearer bad 3')).toBe(429);
    for (let n = 0; n < 3; n += 1) expect(await status('Bearer good')).toBe(200);
    expect(await status('Bearer good')).toBe(429);
    const { headers } = await small.inject('/api/v1/needs');
    expect(headers).toMatchObject({
      'ratelimit-policy': '"caller";q=3;w=3000',
      ratelimit: expect.stringMatching(/^"caller";r=0;t=\d+$/u),
    });
    await small.close();
  });
});

describe('the table of routes', () => {
  it('refuses that two contexts answer the same address', () => {
    const twice = defineService({ ...pledges, name: 'stewardship' });
    expect(() => new RouteTable([pledges, twice])).toThrow(/pledges and stewardship both answer/u);
  });
});

it('goes on after a caller that left in the middle', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'POST /api/v1/pledges HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: 1000\r\n\r\nhalf',
  );
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.destroy();
  expect((await send('GET', '/api/v1/pledges')).status).toBe(200);
});
