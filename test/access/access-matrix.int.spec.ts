import { routesOf, type Route } from '@concord/platform';
import { callersOf, type Callers } from './callers.js';
import { DECIDED, keyOf, rulesByRoute } from './expectations.js';
import { judge } from './matrix.js';
import { everyService } from './platform-under-attack.js';
import { bodyOf } from './requests.js';
import { admit } from './rightful.js';
import { sabotaged, type Replaced } from './sabotage.js';
import { buildWorld, type World } from './world.js';

// Every route (the values the API document is made from) x caller x object, against the explicit table in expectations.ts.

const routes = everyService('/nowhere').flatMap(routesOf);
const rows = rulesByRoute();

let world: World;
let callers: Callers;

beforeAll(async () => {
  world = await buildWorld();
  callers = await callersOf(world);
  for (const context of world.on.platform.contexts.values()) await context.checkpoints.make();
}, 60_000);

afterAll(async () => {
  await world.on.stop();
  expect(world.on.faults).toEqual([]);
});

describe('the table of expectations', () => {
  it('has a row for every route, under the label that stands in the API document', () => {
    const missing = routes.filter((route) => rows.get(keyOf(route))?.label !== route.policy.label);
    const told = missing.map((route) => `${keyOf(route)}: put it into test/access/expectations.ts under "${route.policy.label}"`);
    expect(told).toEqual([]);
  });

  it('has no row without a route', () => {
    const known = new Set(routes.map(keyOf));
    const left = [...rows.keys()].filter((key) => !known.has(key));
    expect(left.map((key) => `${key}: there is no such route; take it out of test/access/expectations.ts`)).toEqual([]);
  });
});

describe('whoever may not', () => {
  let cases = 0;

  it.each(['GET', 'POST', 'PATCH'])(
    'is refused on every %s, alike for absent and hidden objects, and changes nothing',
    async (method) => {
      const faults: string[] = [];
      for (const route of routes.filter((one) => one.method === method)) {
        const verdict = await judge(world, callers, route, rows.get(keyOf(route))!);
        faults.push(...verdict.faults);
        cases += verdict.cases;
      }
      expect(faults).toEqual([]);
    },
    120_000,
  );

  it('was tried in thousands of cases', () => {
    process.stdout.write(`access matrix: ${routes.length} routes, ${cases} cases\n`);
    expect(cases).toBeGreaterThan(routes.length * 20);
  });
});

describe('what is public of everything', () => {
  it('proves nothing about an object to whoever may not read it: not even that it exists', async () => {
    const proof = (stream: string) => `/checkpoints/partnerships/proof?stream=${stream}&version=1`;
    const { draftNeed, draftProposal } = world.objects;
    const absent = await callers.strangers.approver.get(proof('01900000-0000-7000-8000-00000000dead'));
    for (const hidden of [draftNeed, draftProposal]) {
      for (const actor of [callers.anonymous, ...Object.values(callers.strangers)]) {
        const { status, body } = await actor.get(proof(hidden));
        expect([status, body.code, body.detail]).toEqual([404, 'not_found', absent.body.detail]);
      }
    }
    expect((await world.as('owner').get(proof(draftNeed))).status).toBe(200);
    expect((await world.as('lead').get(proof(draftProposal))).status).toBe(200);
  });

  it('names no draft, no private text and no person of a private object', async () => {
    const paths = [
      'needs',
      'proposals',
      'deliveries',
      'pledges',
      'projects',
      'milestones',
      'reports',
      'organisations',
      'lines',
      'funds',
    ];
    const seen = await Promise.all(paths.map((path) => callers.strangers.approver.get(`/${path}?limit=100&facets=true`)));
    for (const { body } of seen) {
      expect(JSON.stringify(body)).not.toMatch(/zzsecret/iu);
      for (const id of [world.objects.draftNeed, world.objects.submittedProposal, world.objects.delivery])
        expect(JSON.stringify(body)).not.toContain(id);
    }
  });
});

describe('an id that a client makes', () => {
  it('cannot take the place of an object of the same context, whoever it belongs to and whatever it is', async () => {
    const { objects: o, organisations } = world;
    const taken: Readonly<Record<string, readonly string[]>> = {
      directory: [organisations.owner, o.person],
      partnerships: [o.draftNeed, o.draftProposal, o.openNeed],
      pledges: [o.pledge, o.delivery, o.line, o.project],
      notifications: [o.inbox, o.follow],
    };
    const before = await world.on.contents();
    const seen: string[] = [];
    for (const route of routes.filter(({ kind, status }) => kind === 'command' && status === 201)) {
      for (const id of taken[route.context] ?? []) {
        const body = { ...(bodyOf(world, route) as object), id };
        const answer = await world.as('stranger').post(route.path, body);
        seen.push(`${keyOf(route)} ${answer.status}`);
        expect(JSON.stringify(answer.body)).not.toMatch(/zzsecret/iu);
      }
    }
    expect(seen.filter((one) => !/ (?:403|409)$/u.test(one))).toEqual([]);
    expect(seen.filter((one) => one.endsWith(' 409')).length).toBeGreaterThan(10);
    expect(await world.on.contents()).toBe(before);
  });
});

describe('whoever may', () => {
  it('is not refused for lack of permission', async () => {
    const faults: string[] = [];
    for (const route of routes) {
      const missing = await admit(world, route, rows.get(keyOf(route))!.rule);
      if (missing !== undefined) faults.push(missing);
    }
    expect(faults).toEqual([]);
  }, 60_000);
});

describe('the matrix itself', () => {
  const guarded =
    (replaced: Replaced) =>
    ({ kind, policy }: Route) => {
      const isObject = kind === 'read' || kind === 'history' || kind === 'stream';
      // A command asks for a subject by itself, whatever its policy says.
      const isOpen = policy.label === 'everyone' || (kind === 'command' && policy.label === 'signed in');
      return !isOpen && isObject === (replaced === 'readable') && !policy.label.startsWith('everyone,');
    };
  // The platform's own routes are not part of a service: their policies cannot be replaced from here. Where only the person itself
  // sees an object, who may read it and who may act on it are the same; and some decisions refuse strangers once more.
  const replaceable = (route: Route) =>
    !route.path.startsWith('/operations/') &&
    !DECIDED.includes(keyOf(route)) &&
    !(route.kind === 'command' && route.policy.label === 'the person it belongs to');

  it.each<Replaced>(['readable', 'allows'])(
    'notices each route whose `%s` lets everyone pass',
    async (replaced) => {
      const unnoticed: string[] = [];
      await sabotaged(world, callers, replaced, async (moved) => {
        for (const route of routes.filter(guarded(replaced)).filter(replaceable)) {
          const { faults } = await judge(world, moved, route, rows.get(keyOf(route))!);
          if (faults.length === 0) unnoticed.push(keyOf(route));
        }
      });
      expect(unnoticed).toEqual([]);
    },
    120_000,
  );
});
