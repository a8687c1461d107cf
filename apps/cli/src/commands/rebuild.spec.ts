import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bar } from '../terminal.js';
import { rebuild } from './rebuild.js';

// Against a server that this spec plays: what a person who watches is shown.

let server: Server;
let asked: string[];
/** Looks at the read models so far. */
let looks: number;
const [shown, said]: [string[], string[]] = [[], []];
const restored: (() => void)[] = [];

beforeEach(async () => {
  [asked, looks] = [[], 0];
  let finish: (() => void) | undefined;
  server = createServer((request, response) => {
    const [method, path] = [request.method ?? '', (request.url ?? '').replace('/api/v1', '')];
    const answer = (body: unknown): void => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    request.resume().on('end', () => {
      asked.push(`${method} ${path}`);
      if (path === '/sessions') return answer({ accessToken: 't' });
      if (method === 'GET' && !path.includes('/pledges/')) return answer({ items: [] });
      if (method === 'GET') {
        looks += 1;
        if (looks === 4) finish?.();
        const rebuilt = { events: looks * 100, ...(looks > 2 ? { of: 800 } : {}) };
        return answer({ items: [{ name: 'ledger', kind: 'projection', ...(finish ? { rebuild: rebuilt } : {}) }] });
      }
      finish = () => answer({ name: 'ledger', events: 800, seconds: 1, check: { differences: 0 } });
      if (!process.stderr.isTTY) finish();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(async () => {
  for (const restore of restored.splice(0)) restore();
  shown.length = said.length = 0;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Makes standard error a terminal, or not, and keeps what is written. */
function terminal(isTTY: boolean): void {
  const before = process.stderr.isTTY;
  process.stderr.isTTY = isTTY;
  const [error, out] = [process.stderr.write, process.stdout.write];
  process.stderr.write = ((text: string) => shown.push(text) > 0) as typeof process.stderr.write;
  process.stdout.write = ((text: string) => said.push(text) > 0) as typeof process.stdout.write;
  restored.push(() => {
    process.stderr.isTTY = before;
    [process.stderr.write, process.stdout.write] = [error, out];
  });
}
const options = () => ({
  api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  email: 'r@concord.example',
  password: 'p',
});

it('shows a terminal how far a rebuild is, and clears the line at the end', async () => {
  terminal(true);
  expect(await rebuild('pledges', 'ledger', options())).toBe(0);
  const bars = shown.join('').split('\r\u001b[K').slice(1);
  expect(bars[0]).toMatch(/^rebuilding ledger \d00 events$/u);
  expect(bars.some((one) => /^rebuilding ledger \[#+\.+\] (37|50) % [34]00 of 800 events$/u.test(one))).toBe(true);
  expect(bars.at(-1)).toBe('');
  expect(said).toEqual(['ledger: rebuilt from 800 events in 1 s, 0 differences.\n']);
});

it('writes nothing beside the result where nobody watches, and does not ask', async () => {
  terminal(false);
  expect(await rebuild('pledges', 'ledger', { ...options(), json: true })).toBe(0);
  expect(shown).toEqual([]);
  expect(JSON.parse(said.join(''))).toMatchObject({ name: 'ledger', events: 800 });
  expect(asked).toEqual(['POST /sessions', 'POST /operations/pledges/views/ledger/rebuild']);
});

it('finds the context of a read model by its name, and names them all where there is none', async () => {
  terminal(false);
  expect(await rebuild('ledger', undefined, options())).toBe(0);
  expect(asked.at(-1)).toBe('POST /operations/pledges/views/ledger/rebuild');
  await expect(rebuild('nothing', undefined, options())).rejects.toThrow(
    'There is no read model nothing. Choose from: pledges ledger.',
  );
});

it('draws a bar that is never more than full', () => {
  expect(bar(0, 10)).toBe(`[${'.'.repeat(24)}] 0 % 0 of 10`);
  expect(bar(1_999, 2_000)).toBe(`[${'#'.repeat(24)}] 99 % 1,999 of 2,000`);
  expect(bar(12, 10)).toBe(`[${'#'.repeat(24)}] 100 % 12 of 10`);
  expect(bar(1_234, undefined)).toBe('1,234');
});
