import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from './client.js';
import { ApiProblem, NoAnswer } from './problem.js';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
type Reply = (response: ServerResponse, seen: Seen) => void;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const problem =
  (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/problem+json', ...headers }).end(
      JSON.stringify({
        type: `/problems/${code}`,
        title: 'Refused',
        status,
        detail: `because ${code}`,
        code,
        correlationId: 'c-1',
      }),
    );
const hangUp: Reply = (response) => response.destroy();

describe('client', () => {
  let server: Server;
  let baseUrl: string;
  let replies: Reply[];
  const seen: Seen[] = [];
  const slow: number[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const one = {
          method: request.method!,
          url: request.url!,
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        };
        seen.push(one);
        (replies.shift() ?? json(200, {}))(response, one);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    replies = [];
    seen.length = 0;
    slow.length = 0;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const client = (more: Partial<Parameters<typeof createClient>[0]> = {}) =>
    createClient({ baseUrl, backOffMs: (n) => (slow.push(n), 0), ...more });

  it('sends who asks and for whom, and gives the body with its ETag', async () => {
    replies = [json(200, { id: 'a' }, { etag: '"3"' })];
    const answer = await client({ token: () => 't', organisation: 'o' }).get('/needs/a', {
      query: { q: 'Wasser & Licht', sdg: ['4.a', '7.1'], no: undefined },
    });
    expect(answer).toMatchObject({ status: 200, body: { id: 'a' }, etag: '"3"' });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/api/v1/needs/a?q=Wasser+%26+Licht&sdg=4.a&sdg=7.1' });
    expect(seen[0]!.headers).toMatchObject({ authorization: 'Bearer t', 'concord-organisation': 'o' });
    expect(seen[0]!.headers['idempotency-key']).toBeUndefined();
  });

  it('throws what the server refuses, with its code, and does not repeat it', async () => {
    replies = [problem(409, 'line_full')];
    const refused = await client()
      .post('/pledges', { body: { quantity: 1 } })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({
      status: 409,
      code: 'line_full',
      message: 'because line_full',
      facts: { correlationId: 'c-1' },
    });
    expect(seen).toHaveLength(1);
  });

  it('repeats under one key what was lost or put off', async () => {
    replies = [
      hangUp,
      problem(503, 'overloaded'),
      problem(429, 'throttled', { 'retry-after': '0' }),
      problem(409, 'running', { 'retry-after': '0' }),
      json(201, {}),
    ];
    await client().post('/pledges', { body: { quantity: 1 } });
    expect(seen).toHaveLength(5);
    expect(new Set(seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(seen.map(({ body }) => body))).toEqual(new Set(['{"quantity":1}']));
    // Where the server says when, its word counts.
    expect(slow).toEqual([1, 2]);
  });

  it('gives up after a bounded number of sends and says what was last', async () => {
    replies = Array.from({ length: 9 }, () => hangUp);
    await expect(client({ attemptsMax: 3 }).post('/pledges')).rejects.toBeInstanceOf(NoAnswer);
    expect(seen).toHaveLength(3);
    replies = Array.from({ length: 9 }, () => problem(503, 'overloaded'));
    await expect(client({ attemptsMax: 2 }).get('/needs')).rejects.toMatchObject({ status: 503 });
    expect(seen).toHaveLength(5);
  });

  it('gives a slow answer up', async () => {
    replies = [() => undefined];
    await expect(client({ timeoutMs: 50, attemptsMax: 1 }).get('/needs')).rejects.toBeInstanceOf(NoAnswer);
  });

  it('uses the key it is given, and If-Match', async () => {
    await client().patch('/needs/a', { body: {}, ifMatch: '"3"', idempotencyKey: 'mine' });
    expect(seen[0]!.headers).toMatchObject({ 'if-match': '"3"', 'idempotency-key': 'mine', 'content-type': 'application/json' });
  });

  it('gets a fresh token once for several requests', async () => {
    replies = [problem(401, 'unauthenticated'), problem(401, 'unauthenticated')];
    let refreshed = 0;
    const one = client({
      token: 'old',
      refresh: async () => {
        refreshed += 1;
        return 'new';
      },
    });
    await Promise.all([one.get('/a'), one.get('/b')]);
    expect(refreshed).toBe(1);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer old', 'Bearer new', 'Bearer new']);
    replies = [problem(401, 'unauthenticated'), problem(401, 'unauthenticated')];
    await expect(one.get('/a')).rejects.toMatchObject({ status: 401 });
  });

  it('sends bytes as they are', async () => {
    await client().post('/files', { body: new Uint8Array([1, 2, 3]), contentType: 'image/png' });
    expect(seen[0]!.headers['content-type']).toBe('image/png');
    expect([...Buffer.from(seen[0]!.body)]).toEqual([1, 2, 3]);
  });

  it('walks through a list to its end', async () => {
    replies = [json(200, { items: [1, 2], next: 'c' }), json(200, { items: [3] })];
    const items: unknown[] = [];
    for await (const item of client().list('/needs', { status: 'published' })) items.push(item);
    expect(items).toEqual([1, 2, 3]);
    expect(seen.map(({ url }) => url)).toEqual(['/api/v1/needs?status=published', '/api/v1/needs?status=published&cursor=c']);
  });

  it('does not walk in a circle', async () => {
    replies = [json(200, { items: [1], next: 'c' }), json(200, { items: [2], next: 'c' })];
    const walk = async () => {
      for await (const _item of client().list('/needs')) continue;
    };
    await expect(walk()).rejects.toThrow('does not go on');
  });

  it('makes a problem of any answer', async () => {
    replies = [(response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>No</h1>')];
    await expect(client().get('/nothing')).rejects.toMatchObject({ status: 404, code: 'http_404' });
    replies = [(response) => response.writeHead(400, { 'content-type': 'application/json' }).end('{')];
    await expect(client().get('/nothing')).rejects.toMatchObject({ status: 400, code: 'http_400' });
  });
});
