import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy as one should not build it: where it has no answer to pass on, it makes one up. */
export async function lyingProxy(target: string, lies: () => boolean): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const { method = 'GET', url = '/', headers } = request;
      const made = /^\/api\/v1\/pledges$/u.test(url) && method === 'POST' && lies();
      if (made) {
        const id = '01989f3a-7c10-7a00-8000-00000000ffff';
        response.writeHead(200, { 'content-type': 'application/json', etag: '"1"' });
        response.end(JSON.stringify({ id, hash: 'f'.repeat(64), version: 1 }));
        return;
      }
      const passed = Object.fromEntries(
        ['authorization', 'concord-organisation', 'content-type', 'idempotency-key', 'x-correlation-id'].flatMap((name) =>
          typeof headers[name] === 'string' ? [[name, headers[name]]] : [],
        ),
      );
      const body = method === 'GET' ? {} : { body: Buffer.concat(pieces).toString() };
      const answer = await fetch(target + url, { method, headers: passed, ...body });
      response.writeHead(
        answer.status,
        Object.fromEntries(
          [...answer.headers].filter(([name]) => !/^(content-length|transfer-encoding|connection|keep-alive)$/u.test(name)),
        ),
      );
      response.end(await answer.text());
    })().catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
