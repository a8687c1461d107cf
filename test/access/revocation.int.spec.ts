import { routesOf } from '@concord/platform';
import { Actor } from '@concord/testing';
import { apiToken } from './callers.js';
import { keyOf, rulesByRoute } from './expectations.js';
import { everyService, type Session } from './platform-under-attack.js';
import { answerToRightful } from './rightful.js';
import { buildWorld, type World } from './world.js';

// A right that was taken away is gone with the next request, in every context: no token outlives it (ASVS 8.3.2).

/** One reading for members in each context that keeps its own copy of who may do what. */
const READINGS = ['/people/', '/proposals', '/deliveries', '/inbox'] as const;
const reason = { code: 'spec', text: 'Because the spec says so.' };

let world: World;

beforeAll(async () => {
  world = await buildWorld();
}, 60_000);

afterAll(async () => {
  await world.on.stop();
  expect(world.on.faults).toEqual([]);
});

async function statuses(actor: Actor): Promise<number[]> {
  const seen = await Promise.all(READINGS.map((path) => actor.get(path === '/people/' ? `${path}${actor.person}` : path)));
  return seen.map(({ status }) => status);
}

const everywhere = (status: number): number[] => READINGS.map(() => status);

/** A fresh member of the owner's organisation. */
async function member(name: string, roles: string[]): Promise<{ session: Session; actor: Actor }> {
  const { on, organisations } = world;
  const session = await on.register(name);
  const { body } = await world
    .as('owner')
    .ok(`/organisations/${organisations.owner}/invite`, { email: `${name}@concord.example`, roles });
  await on.as(session).ok(`/invitations/${body.id}/accept`, { token: body.token });
  await on.platform.settled();
  return { session, actor: on.as(session, organisations.owner) };
}

it('a membership that was revoked acts for nobody', async () => {
  const { actor, session } = await member('leaver', ['approver']);
  expect(await statuses(actor)).toEqual(everywhere(200));
  await world.as('owner').ok(`/organisations/${world.organisations.owner}/remove-member`, { personId: session.person });
  await world.on.platform.settled();
  expect(await statuses(actor)).toEqual(everywhere(401));
  expect((await actor.post('/needs', { title: 'zz', language: 'en' })).status).toBe(401);
  expect(await statuses(world.on.as(session))).toEqual(everywhere(200));
});

it('a role that was taken away is not held any more, and the API token of the person has lost it too', async () => {
  const { actor, session } = await member('demoted', ['approver']);
  const { token } = await apiToken(actor, ['read', 'write']);
  await world.on.platform.settled();
  const withToken = new Actor(world.on.url, session.person, actor.organisation, token);
  const draft = (who: Actor) => who.post('/needs', { title: 'zz', language: 'en' });
  expect([(await draft(actor)).status, (await draft(withToken)).status]).toEqual([201, 201]);
  await world
    .as('owner')
    .ok(`/organisations/${world.organisations.owner}/set-roles`, { personId: session.person, roles: ['viewer'] });
  await world.on.platform.settled();
  expect([(await draft(actor)).status, (await draft(withToken)).status]).toEqual([403, 403]);
});

it('a session that ended is over, and only that one', async () => {
  const { session, actor } = await member('two-sessions', ['viewer']);
  const second = await world.on.signIn('two-sessions@concord.example');
  await world.on.as(second).ok(`/sessions/${session.sessionId}/end`);
  await world.on.platform.settled();
  expect(await statuses(actor)).toEqual(everywhere(401));
  expect(await statuses(world.on.as(second, actor.organisation))).toEqual(everywhere(200));
  expect((await world.on.anonymous().post('/sessions/refresh', { refreshToken: session.refreshToken })).status).toBe(401);
});

it('an API token that was revoked is over, and those of somebody who left too', async () => {
  const { actor, session } = await member('tokens', ['approver']);
  const [kept, revoked] = [await apiToken(actor, ['read']), await apiToken(actor, ['read'])];
  const as = ({ token }: { token: string }) => new Actor(world.on.url, session.person, actor.organisation, token);
  await world.on.platform.settled();
  expect([await statuses(as(kept)), await statuses(as(revoked))]).toEqual([everywhere(200), everywhere(200)]);
  await actor.ok(`/tokens/${revoked.id}/revoke`);
  await world.on.platform.settled();
  expect([await statuses(as(kept)), await statuses(as(revoked))]).toEqual([everywhere(200), everywhere(401)]);
  await world.as('owner').ok(`/organisations/${world.organisations.owner}/remove-member`, { personId: session.person });
  await world.on.platform.settled();
  expect(await statuses(as(kept))).toEqual(everywhere(401));
});

it('a changed password ends every session', async () => {
  const { session, actor } = await member('cautious', ['viewer']);
  const passwords = { current: 'harbour lantern meadow', next: 'meadow lantern harbour tide' };
  await actor.ok('/me/change-password', passwords);
  await world.on.platform.settled();
  expect(await statuses(actor)).toEqual(everywhere(401));
  expect((await world.on.anonymous().post('/sessions/refresh', { refreshToken: session.refreshToken })).status).toBe(401);
});

it('a registrar whose role was taken away decides nothing', async () => {
  const { on, sessions, organisations } = world;
  await world.as('registrar').ok(`/people/${sessions.registrar2.person}/set-platform-roles`, { roles: [] });
  await on.platform.settled();
  const asked = await world.as('registrar2').post(`/organisations/${organisations.stranger}/suspend`, { reason });
  expect(asked).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect((await world.as('registrar2').get('/operations/pledges/parked')).status).toBe(403);
  await world.as('registrar').ok(`/people/${sessions.registrar2.person}/set-platform-roles`, { roles: ['registrar'] });
  await on.platform.settled();
});

it('an organisation that was suspended only reads, in every context, and acts again when it is reinstated (R20)', async () => {
  const { on, objects, organisations } = world;
  const { stranger } = organisations;
  const decide = async (step: string) => {
    for (const registrar of ['registrar', 'registrar2'] as const)
      await world.as(registrar).ok(`/organisations/${stranger}/${step}`, { reason });
    await on.platform.settled();
  };
  const attempts = async () => {
    const actor = world.as('stranger');
    const offer = { lineId: objects.line, kind: 'in_kind', items: 1, item: 'zz', valuation: 'not_valued' };
    const answers = [
      await actor.post('/needs', { title: 'zz', language: 'en' }),
      await actor.post(`/needs/${objects.openNeed}/pin`),
      await actor.post('/pledges', offer),
      await actor.post('/files', Buffer.from('zz'), { headers: { 'content-type': 'application/octet-stream' } }),
    ];
    return answers.map(({ body }) => body.code === 'forbidden');
  };
  expect(await attempts()).toEqual([false, false, false, false]);
  await decide('suspend');
  expect(await attempts()).toEqual([true, true, true, true]);
  expect(await statuses(world.as('stranger'))).toEqual(everywhere(200));
  await decide('reinstate');
  expect(await attempts()).toEqual([false, false, false, false]);
});

it('every step is refused to suspended organisations on their own objects, and they go on reading (R20)', async () => {
  const { on, organisations } = world;
  for (const key of ['owner', 'lead', 'funder'] as const) {
    for (const registrar of ['registrar', 'registrar2'] as const) {
      await world.as(registrar).ok(`/organisations/${organisations[key]}/suspend`, { reason });
    }
  }
  await on.platform.settled();
  // These belong to the person, whomever it acts for.
  const personal = /^(?:everyone$|signed in|member of the organisation|the person|a reviewer|registrar)/u;
  const rows = rulesByRoute();
  const faults: string[] = [];
  let steps = 0;
  for (const route of everyService('/nowhere').flatMap(routesOf)) {
    const { label, rule } = rows.get(keyOf(route))!;
    const isStep = route.kind === 'command' || route.kind === 'action';
    if (rule.right === undefined || (isStep && personal.test(label)) || label.startsWith('registrar')) continue;
    const { status, body } = await answerToRightful(world, route, rule.right);
    steps += Number(isStep);
    if (isStep ? status !== 403 || body.code !== 'forbidden' : status >= 400) faults.push(`${keyOf(route)} ${status} ${body.code}`);
  }
  expect(faults).toEqual([]);
  expect(steps).toBeGreaterThan(60);
});
