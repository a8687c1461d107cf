import { routesOf, verifyContext, type Route } from '@concord/platform';
import type { Actor } from '@concord/testing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { z } from 'zod';
import { keyOf, rulesByRoute } from './expectations.js';
import { HOSTILE_BODIES, HOSTILE_SEGMENTS, hostileQueries } from './hostile-values.js';
import { mutantsOf } from './mutants.js';
import { playExtremes } from './extremes.js';
import { everyService } from './platform-under-attack.js';
import { addressesOf, bodyOf, queryOf } from './requests.js';
import { ceaseFire, fireAll, type Shot } from './shots.js';
import { buildWorld, type MemberKey, type World } from './world.js';

// Malformed, oversized, mistyped, out-of-range and hostile input on every route. CONCORD_HOSTILE_COUNT: spoilt bodies per route;
// CONCORD_HOSTILE_SEED: to play a run again.
const COUNT = Number(process.env['CONCORD_HOSTILE_COUNT'] ?? 40);
const SEED = Number(process.env['CONCORD_HOSTILE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Each of these hashes a password, or reads the whole log: 50 ms and more. */
const COSTLY =
  /^directory\/(?:registerPerson|signIn|changePassword)$|\/verify(?:Directory|Partnerships|Pledges|Stewardship|Notifications|Gateway)$/u;
const COSTLY_COUNT = 20;

const routes = everyService('/nowhere').flatMap(routesOf);
const rows = rulesByRoute();
let world: World;
let fired = 0;

beforeAll(async () => {
  process.stdout.write(`hostile inputs: seed ${SEED}, ${COUNT} per route\n`);
  world = await buildWorld();
}, 60_000);

afterAll(async () => {
  ceaseFire();
  await world.on.stop();
  process.stdout.write(`hostile inputs: ${fired} requests\n`);
  expect(world.on.faults).toEqual([]);
});

/** Whoever the policy of a route names: shape is to be refused by itself, not because somebody may not. */
const rightful = (route: Route): Actor => {
  const right: MemberKey = rows.get(keyOf(route))?.rule.right ?? 'owner';
  return world.as(right);
};

const addressOf = (route: Route): string => {
  const addresses = addressesOf(world, route);
  return addresses.get('hidden') ?? addresses.get('shown')!;
};

const seedOf = (route: Route): number => [...keyOf(route)].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) | 0, SEED);

async function refuses(shots: readonly Shot[]): Promise<void> {
  fired += shots.length;
  expect(shots.length).toBeGreaterThan(0);
  const before = await world.on.contents();
  const faults = await fireAll(world.on.port, shots);
  expect({ seed: SEED, faults }).toEqual({ seed: SEED, faults: [] });
  expect(await world.on.contents()).toBe(before);
}

function bodies(route: Route): readonly (Shot & { readonly fits: boolean })[] {
  const ids = [...Object.values(world.objects), ...Object.values(world.organisations)];
  const count = COSTLY.test(keyOf(route)) ? Math.min(COUNT, COSTLY_COUNT) : COUNT;
  return mutantsOf(route, [bodyOf(world, route)], ids, seedOf(route), count).map(({ what, body, fits }) => ({
    what,
    body,
    fits,
    method: route.method,
    path: addressOf(route),
    as: rightful(route),
    expect: fits ? 'answered' : 'shape',
  }));
}

const withBody = routes.filter(({ body, raw }) => body && !raw);

describe('the check of the answers', () => {
  const problem = (status: number, more: object) =>
    JSON.stringify({ status, code: 'invalid', correlationId: 'c', errors: [{ pointer: '/a', message: 'no' }], ...more });

  it.each([
    ['a sound refusal', 400, problem(400, {}), 0],
    ['a fault of ours', 500, problem(500, {}), 1],
    ['a success', 200, '{}', 1],
    ['no code', 400, problem(400, { code: undefined }), 1],
    ['no correlation id', 400, problem(400, { correlationId: undefined }), 1],
    ['no pointers', 400, problem(400, { errors: [] }), 1],
    ['our inside', 400, problem(400, { detail: 'syntax error in SELECT 1' }), 1],
  ])('notices %s', async (_what, status, text, faults) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(text);
    }).listen(0);
    await once(server, 'listening');
    const shots: Shot[] = [{ what: '', method: 'POST', path: '/', as: world.on.anonymous(), expect: 'shape' }];
    expect(await fireAll((server.address() as AddressInfo).port, shots)).toHaveLength(faults);
    server.closeAllConnections();
    server.close();
  });
});

describe('a body that does not fit', () => {
  it('is refused on every route with a problem that says where, and changes nothing', async () => {
    await refuses(withBody.flatMap((route) => bodies(route).filter(({ fits }) => !fits)));
  }, 120_000);

  it('is refused when it is called something else, or is too large', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'json',
      '*/*',
      ';',
    ];
    await refuses(
      withBody.flatMap((route) => [
        ...types.map((type) => shot(route, `as ${type}`, JSON.stringify(bodyOf(world, route)), { 'content-type': type }, 'shape')),
        shot(route, 'of 300 kB', JSON.stringify('x'.repeat(300_000)), {}, 413),
      ]),
    );
  }, 60_000);
});

function shot(route: Route, what: string, body: string | undefined, headers: Shot['headers'], expect: Shot['expect']): Shot {
  const { method } = route;
  const path = `${addressOf(route)}${queryOf(world, route)}`;
  return { what, method, path, as: rightful(route), expect, ...(headers && { headers }), ...(body !== undefined && { body }) };
}

describe('a query string that does not fit', () => {
  it('is refused, or answered without harm, on every route that reads', async () => {
    const shots = routes
      .filter(({ method }) => method === 'GET')
      .flatMap((route) => {
        const names = route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : [];
        return hostileQueries(names).map((query): Shot => ({
          what: '',
          method: 'GET',
          path: `${addressOf(route)}?${query}`,
          as: rightful(route),
          expect: 'answered',
        }));
      });
    await refuses(shots);
  }, 120_000);
});

describe('an address that does not fit', () => {
  it('is refused on every route with an id', async () => {
    const shots = routes
      .filter(({ path }) => path.includes(':'))
      .flatMap((route) =>
        HOSTILE_SEGMENTS.map((segment): Shot => {
          const path = route.path.replace(/:\w+/u, () => segment);
          const body = route.body && !route.raw ? { body: JSON.stringify(bodyOf(world, route)) } : {};
          return { what: '', method: route.method, path, as: rightful(route), expect: 'refused', ...body };
        }),
      );
    await refuses(shots);
  }, 60_000);
});

describe('a method that does not fit', () => {
  it('is refused on every address', async () => {
    const methods = new Map<string, Set<string>>();
    for (const { path, method } of routes) methods.set(path, (methods.get(path) ?? new Set()).add(method));
    const shots = routes.flatMap((route) =>
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
        .filter((method) => !methods.get(route.path)!.has(method))
        // `/needs/similar` is also an address of the form `/needs/{id}`.
        .filter((method) => !routes.some((other) => other.method === method && matches(other.path, route.path)))
        .map((method): Shot => ({ what: '', method, path: addressOf(route), as: rightful(route), body: '{}', expect: 'refused' })),
    );
    await refuses(shots);
  }, 60_000);
});

/** Whether an address of the second pattern may also be one of the first. */
const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll(/:\w+/gu, '[^/]+')}$`, 'u').test(path);

describe('a header that does not fit', () => {
  const of = (name: string) => routes.find((route) => keyOf(route) === name)!;
  const each = (header: string, values: readonly (string | string[])[], expected: Shot['expect'], ...names: string[]): Shot[] =>
    names.flatMap((name) =>
      values.map((value) =>
        shot(
          of(name),
          `${header}: ${String(value).slice(0, 40)}`,
          of(name).body && JSON.stringify(bodyOf(world, of(name))),
          { [header]: value },
          expected,
        ),
      ),
    );

  it('is refused and changes nothing', async () => {
    const commands = ['partnerships/pinNeed', 'notifications/followObject', 'directory/revokeToken', 'pledges/makePledge'];
    await refuses([
      ...each('idempotency-key', ['é', 'a'.repeat(256), 'a b', ' ', '', 'a\tb', '\u00ff', ['a', 'b']], 400, ...commands),
      ...each(
        'if-match',
        ['garbage', 'W/"1"', '*', '"1", "2"', '"-1"', '"99999999999"', '"1e3"', ''],
        412,
        'partnerships/pinNeed',
        'partnerships/reviseNeed',
      ),
      ...each('if-match', ['"999999999"'], 412, 'partnerships/pinNeed', 'partnerships/reviseNeed'),
      ...each(
        'concord-organisation',
        [
          'garbage',
          '',
          ' ',
          '01900000-0000-7000-8000-00000000DEAD',
          '01900000-0000-7000-8000-00000000dead',
          "'--",
          'a'.repeat(4_000),
          world.organisations.stranger,
        ],
        401,
        'partnerships/pinNeed',
        'partnerships/listNeeds',
        'directory/getMe',
      ),
      ...each(
        'authorization',
        [
          '',
          'Bearer',
          'Bearer ',
          'Basic YTpi',
          'bearer a',
          'Bearer a b',
          'Bearer é',
          `Bearer ${'a'.repeat(8_000)}`,
          'Bearer ..',
          'Bearer e30.e30.',
        ],
        401,
        'partnerships/listNeeds',
        'partnerships/pinNeed',
      ),
    ]);
  });

  it('is overlooked where it says nothing about the request', async () => {
    await refuses([
      ...each('x-correlation-id', ['', '\u00ff', 'a'.repeat(500), '<script>', "'--"], 200, 'partnerships/listNeeds'),
      ...each('traceparent', ['', 'garbage', '00-0-0-0', 'f'.repeat(500)], 200, 'partnerships/listNeeds'),
      ...each('if-none-match', ['', '*', 'garbage', 'W/"1"', '"99999999999999999999"'], 'answered', 'partnerships/getNeed'),
      ...each('accept', ['', 'garbage', 'application/xml'], 200, 'partnerships/listNeeds'),
      ...each('x-http-method-override', ['DELETE'], 200, 'partnerships/listNeeds'),
    ]);
  });
});

describe('bytes that are hardly HTTP', () => {
  const say = (text: string): Promise<string> =>
    new Promise((resolve) => {
      let heard = '';
      const socket = connect(world.on.port, '127.0.0.1', () => socket.write(text, 'latin1'));
      socket.setTimeout(10_000, () => socket.destroy());
      socket.on('data', (chunk) => (heard += chunk.toString('latin1')));
      socket.on('error', () => resolve(heard));
      socket.on('close', () => resolve(heard));
      socket.on('data', () => socket.end());
    });

  it.each([
    ['a path with NUL', 'GET /api/v1/needs/\0 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['no host', 'GET /api/v1/needs HTTP/1.1\r\n\r\n'],
    ['headers of 100 kB', `GET /api/v1/needs HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['two lengths', 'POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}'],
    [
      'length and chunks',
      'POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a chunk of nonsense', 'POST /api/v1/sessions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['another method', 'TRACE /api/v1/needs HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a header over two lines', 'GET /api/v1/needs HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\nConnection: close\r\n\r\n'],
  ])('%s gets a 4xx and the server lives on', async (_name, text) => {
    expect(await say(text)).toMatch(/^HTTP\/1\.1 4\d\d /u);
    expect((await world.on.anonymous().get('/needs')).status).toBe(200);
  });
});

describe('a body that fits and is extreme', () => {
  it('stays exact from the need to the books, at the ends of what is allowed', async () => {
    expect(await playExtremes(world)).toBeGreaterThan(10);
    expect(world.on.faults).toEqual([]);
  }, 30_000);

  it('is never a fault of ours', async () => {
    // The directory comes last: some of its bodies take roles away from those who send the others.
    const inOrder = [...withBody].sort((a, b) => Number(a.context === 'directory') - Number(b.context === 'directory'));
    const shots = inOrder.flatMap((route) => bodies(route).filter(({ fits }) => fits));
    fired += shots.length;
    expect(await fireAll(world.on.port, shots)).toEqual([]);
    const files = routes.filter((route) => route.raw).flatMap((route) => HOSTILE_BODIES.map((body) => file(route, body)));
    expect(await fireAll(world.on.port, files)).toEqual([]);
  }, 120_000);

  it('leaves everything that is stored as it follows from the events', async () => {
    await world.on.platform.settled();
    for (const context of world.on.platform.contexts.values()) {
      const { checks } = await verifyContext(context);
      expect({ of: context.service.name, faults: checks.filter(({ differences }) => differences > 0) }).toEqual({
        of: context.service.name,
        faults: [],
      });
    }
  }, 60_000);
});

function file(route: Route, body: string | Uint8Array): Shot {
  return { ...shot(route, 'a file', undefined, { 'content-type': 'image/svg+xml' }, 'answered'), body };
}
