import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { Counter, Histogram, Registry } from 'prom-client';
import { Load } from '../load.js';
import { Following } from './following.js';
import { createHttp, type HttpServer } from './server.js';

const registry = new Registry();
const metrics = {
  requests: new Counter({ name: 'requests', help: 'Requests', labelNames: ['route', 'status'] as const, registers: [registry] }),
  seconds: new Histogram({ name: 'seconds', help: 'Seconds', labelNames: ['route'] as const, registers: [registry] }),
};
let load: Load;
let http: HttpServer;
let port: number;

beforeEach(async () => {
  load = new Load();
  http = await createHttp({
    contexts: [],
    version: 'spec',
    metrics,
    load,
    following: new Following(() => Promise.resolve()),
    metricsText: () => registry.metrics(),
    unready: () => Promise.resolve({}),
    failed: (where, error) => expect({ where, error }).toBeUndefined(),
  });
  port = await http.listen(0, '127.0.0.1');
});
afterEach(() => http.close());

const ask = (path: string, headers: Record<string, string> = {}) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
const enter = (times: number): void => {
  for (let n = 0; n < times; n += 1) load.enter();
};

describe('more requests than can be answered in time', () => {
  it('are refused with the moment to come back, until one of those under way is answered', async () => {
    enter(127);
    expect((await ask('/api/v1/needs')).status).toBe(404);
    enter(1);
    const refused = await ask('/api/v1/needs', { 'x-correlation-id': 'mine' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toMatchObject({ code: 'overloaded', correlationId: 'mine' });
    load.leave();
    expect((await ask('/api/v1/needs')).status).toBe(404);
  });

  it('do not keep the operator from asking how it is, nor go uncounted', async () => {
    enter(128);
    await ask('/api/v1/needs');
    expect((await ask('/livez')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(200);
    expect(await (await ask('/metrics')).text()).toContain('requests{route="refused",status="503"}');
  });
});

describe('many who connect at once', () => {
  /** Handshakes that were not answered: the system tries them again after a second, then after two, four and eight. Only Linux tells. */
  const unanswered = (): number =>
    process.platform !== 'linux'
      ? 0
      : readFileSync('/proc/net/tcp', 'utf8')
          .split('\n')
          .map((line) => line.trim().split(/\s+/u))
          .filter(
            ([, , remote, state]) => remote?.endsWith(`:${port.toString(16).toUpperCase().padStart(4, '0')}`) && state === '02',
          ).length;

  it('all get through, though the loop takes in one a turn', async () => {
    const sockets: Socket[] = Array.from({ length: 1_500 }, () => connect(port, '127.0.0.1'));
    const connected = Promise.all(sockets.map((socket) => once(socket, 'connect')));
    // Node connects in the next tick; the kernel has answered, or not, before the loop turns.
    await new Promise((resolve) => process.nextTick(resolve));
    const left = unanswered();
    expect(await connected).toHaveLength(1_500);
    for (const socket of sockets) socket.destroy();
    expect(left).toBe(0);
  });
});
