import { signal } from '@concord/testing';
import { Agent, createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Drain } from './drain.js';

let server: Server;
let drain: Drain;
let port: number;
let answer: (response: ServerResponse) => void = (response) => void response.end('done');

beforeEach(async () => {
  server = createServer((_request, response) => answer(response));
  drain = new Drain(server);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (agent?: Agent): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', ...(agent ? { agent } : {}) }, (response) => {
      response.resume();
      response.once('end', () => resolve(response));
    }).on('error', reject);
  });

describe('draining', () => {
  it('lets what is under way end, and takes nothing new', async () => {
    const [begun, finish] = [signal(), signal()];
    answer = (response) => {
      begun.give();
      void finish.given.then(() => response.end('done'));
    };
    const slow = ask();
    await begun.given;
    const closed = drain.close(10_000);
    await expect(ask()).rejects.toThrow('ECONNREFUSED');
    finish.give();
    expect((await slow).statusCode).toBe(200);
    expect(await closed).toBe(0);
  });

  it('gives up at the deadline, and tells how many were cut off', async () => {
    const begun = signal();
    answer = () => begun.give();
    const stuck = ask().catch((error: Error) => error.message);
    await begun.given;
    expect(await drain.close(50)).toBe(1);
    server.closeAllConnections();
    expect(await stuck).toContain('socket hang up');
  });

  it('tells callers that keep their connection to let it go', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const [begun, finish] = [signal(), signal()];
    answer = (response) => {
      begun.give();
      void finish.given.then(() => response.end('done'));
    };
    const first = ask(agent);
    await begun.given;
    const closed = drain.close(10_000);
    finish.give();
    await first;
    await closed;
    await expect(ask(agent)).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/u);
    agent.destroy();
  });
});
