import * as contracts from '@concord/contracts';
import {
  MembershipGranted,
  MembershipRevoked,
  NeedPublished,
  NeedReviewerAppointed,
  NeedSubmitted,
  NeedWithdrawn,
  PlatformRolesSet,
  PledgeMade,
  PledgeWithdrawn,
  VerificationRequested,
} from '@concord/contracts';
import type { DomainEvent, EventDefinition, OrganisationRole } from '@concord/kernel';
import { uuidv7, type Database, type PublicEvent } from '@concord/platform';
import { startConcord, type Actor, type TestConcord } from '@concord/testing';
import { readdir, readFile } from 'node:fs/promises';
import { notifications } from './notifications.service.js';
import { expand } from './recipients.js';
import { SOURCES } from './replicas.js';

/** The golden payload of a kind, with some members changed. */
async function golden<D extends EventDefinition>(
  context: string,
  definition: D,
  change: Record<string, unknown>,
): Promise<DomainEvent> {
  const file = new URL(`../../contracts/history/${context}/${definition.kind}.v${definition.version}.json`, import.meta.url);
  return definition({ ...(JSON.parse(await readFile(file, 'utf8')) as object), ...change });
}

const every = Object.values(contracts as Record<string, unknown>).filter(
  (value) => typeof value === 'function' && 'kind' in value && 'parse' in value,
) as unknown as EventDefinition[];

describe('notifications', () => {
  let concord: TestConcord;
  let db: Database;
  const owner = uuidv7();
  const funder = uuidv7();
  const people = {
    ownerApprover: uuidv7(),
    ownerEditor: uuidv7(),
    ownerViewer: uuidv7(),
    funderEditor: uuidv7(),
    follower: uuidv7(),
  };

  beforeAll(async () => {
    concord = await startConcord({ services: [notifications], sources: Object.fromEntries(SOURCES.map((name) => [name, every])) });
    db = concord.platform.context('notifications').database;
    await join(owner, people.ownerApprover, ['approver']);
    await join(owner, people.ownerEditor, ['editor']);
    await join(owner, people.ownerViewer, ['viewer']);
    await join(funder, people.funderEditor, ['editor', 'admin']);
  });
  afterEach(() => expect(concord.faults.splice(0)).toEqual([]));
  afterAll(() => concord.stop());

  const join = (organisation: string, personId: string, roles: OrganisationRole[]) =>
    concord.publish('directory', organisation, MembershipGranted({ personId, roles }));
  const amounts = { kind: 'funding', unit: 'USD', quantity: 1000, counted: 1000 } as const;
  const place = (needId: string) => ({ needId, lineId: uuidv7(), organisationId: funder });
  const pledgeMade = (needId: string) =>
    PledgeMade({
      ...place(needId),
      ...amounts,
      ownerId: owner,
      recipient: 'lead',
      terms: { instrument: 'grant', earmarking: 3, schedule: { type: 'by_milestone' } },
      version: 1,
      hash: 'a'.repeat(64),
      validUntil: '2026-04-01T00:00:00.000Z',
    });
  const publishNeed = async (needId: string, title = 'Offline lessons') =>
    concord.publish('partnerships', needId, await golden('partnerships', NeedPublished, { organisationId: owner, title }));
  const makePledge = async (pledgeId: string, needId: string) => concord.publish('pledges', pledgeId, pledgeMade(needId));
  const inboxOf = async (
    person: string,
  ): Promise<{ actor: Actor; body: { unread: number; sequence: number; items: contracts.InboxItem[] } }> => {
    const actor = await concord.actor({ person });
    return { actor, body: (await actor.get('/inbox?limit=100')).body };
  };
  const reasonsFor = async (person: string, objectId: string) =>
    (await inboxOf(person)).body.items.filter((item) => item.objectId === objectId).map(({ type, reason }) => `${type} ${reason}`);
  /** An event as its listener gets it, made by hand to say who acted. */
  const event = ({ kind, data }: DomainEvent, subject: string, person?: string): PublicEvent => ({
    specversion: '1.0',
    id: `${subject}/1`,
    source: '/concord/spec',
    type: `concord.spec.${kind}`,
    subject,
    time: concord.clock.now(),
    datacontenttype: 'application/json',
    dataschema: `${kind}/1`,
    sequence: 1,
    previous: 0,
    correlationid: 'spec',
    ...(person !== undefined && { person }),
    data,
  });
  const concerned = async (one: PublicEvent) =>
    Object.fromEntries((await expand(one, db))?.recipients.map(({ person, reason }) => [person, reason]) ?? []);

  it('reaches those who act for the organisations concerned, and not their viewers', async () => {
    const needId = uuidv7();
    const pledgeId = uuidv7();
    await publishNeed(needId, 'Offline lessons, 60 schools');
    await makePledge(pledgeId, needId);
    for (const person of [people.ownerApprover, people.ownerEditor]) {
      expect(await reasonsFor(person, pledgeId)).toEqual(['concord.pledges.PledgeMade owner']);
    }
    expect(await reasonsFor(people.ownerViewer, pledgeId)).toEqual([]);
    expect(await reasonsFor(people.funderEditor, pledgeId)).toEqual([]);
    const { body } = await inboxOf(people.ownerEditor);
    expect(body.items[0]).toMatchObject({
      objectKind: 'pledge',
      objectId: pledgeId,
      needId,
      title: 'Offline lessons, 60 schools',
      forOrganisation: owner,
      unread: true,
      done: false,
    });
  });

  it('leaves out who acted, and whose membership ended', async () => {
    const needId = uuidv7();
    const made = pledgeMade(needId);
    const both = { [people.ownerApprover]: 'owner', [people.ownerEditor]: 'owner' };
    expect(await concerned(event(made, uuidv7()))).toEqual(both);
    expect(await concerned(event(made, uuidv7(), people.ownerApprover))).toEqual({ [people.ownerEditor]: 'owner' });
    const guest = uuidv7();
    await join(owner, guest, ['approver']);
    expect(await concerned(event(made, uuidv7()))).toEqual({ ...both, [guest]: 'owner' });
    await concord.publish('directory', owner, MembershipRevoked({ personId: guest }));
    expect(await concerned(event(made, uuidv7()))).toEqual(both);
    expect((await inboxOf(guest)).body.items.map(({ type }) => type)).toEqual(['concord.directory.MembershipGranted']);
  });

  it('knows pledgers until they withdraw, and reviewers by name', async () => {
    const needId = uuidv7();
    const pledgeId = uuidv7();
    const reviewer = uuidv7();
    await publishNeed(needId);
    await makePledge(pledgeId, needId);
    const withdrawn = await golden('partnerships', NeedWithdrawn, { organisationId: owner });
    expect(await concerned(event(withdrawn, needId))).toMatchObject({
      [people.funderEditor]: 'pledger',
      [people.ownerEditor]: 'owner',
    });
    await concord.publish(
      'pledges',
      pledgeId,
      PledgeWithdrawn({ ...place(needId), ...amounts, reason: { code: 'other', text: 'Budget cut' } }),
    );
    expect(await concerned(event(withdrawn, needId))).not.toHaveProperty(people.funderEditor);
    await concord.publish('partnerships', uuidv7(), NeedReviewerAppointed({ needId, organisationId: owner, personId: reviewer }));
    expect(await reasonsFor(reviewer, needId)).toEqual(['concord.partnerships.NeedReviewerAppointed reviewer']);
    const closed = await golden('partnerships', contracts.NeedIntakeClosed, { organisationId: owner });
    expect(await concerned(event(closed, needId))).toMatchObject({ [reviewer]: 'reviewer' });
  });

  it('looks up many events at once, and one that cannot be looked up spoils no other', async () => {
    const made = [1, 2, 3].map(() => event(pledgeMade(uuidv7()), uuidv7()));
    const bad = event(
      { ...pledgeMade(uuidv7()), data: { ...pledgeMade(uuidv7()).data, needId: 'no id' } } as DomainEvent,
      uuidv7(),
    );
    const [first, wrong, ...others] = await Promise.allSettled([made[0]!, bad, made[1]!, made[2]!].map((one) => expand(one, db)));
    expect(wrong).toMatchObject({
      status: 'rejected',
      reason: expect.objectContaining({ message: expect.stringContaining('no id') }),
    });
    const owners = [people.ownerApprover, people.ownerEditor].sort();
    for (const [at, one] of [first!, ...others].entries()) {
      const { recipients, content } = (one as PromiseFulfilledResult<Awaited<ReturnType<typeof expand>>>).value!;
      expect(recipients.map(({ person }) => person).sort()).toEqual(owners);
      expect(content.event).toBe(made[at]!.id);
    }
  });

  it('gives one item an event, with the strongest reason', async () => {
    const needId = uuidv7();
    await join(funder, people.ownerEditor, ['editor']);
    await publishNeed(needId);
    await makePledge(uuidv7(), needId);
    const withdrawn = await golden('partnerships', NeedWithdrawn, { organisationId: owner });
    expect(await concerned(event(withdrawn, needId))).toMatchObject({
      [people.ownerEditor]: 'owner',
      [people.funderEditor]: 'pledger',
    });
    await concord.publish('directory', funder, MembershipRevoked({ personId: people.ownerEditor }));
  });

  it('reaches registrars and focal points, whose turn it is', async () => {
    const registrar = uuidv7();
    await concord.publish('directory', registrar, PlatformRolesSet({ roles: ['registrar'] }));
    const organisation = uuidv7();
    await concord.publish('directory', organisation, VerificationRequested({}));
    expect(await reasonsFor(registrar, organisation)).toEqual(['concord.directory.VerificationRequested assigned']);
    const [office, focal] = [uuidv7(), uuidv7()];
    await join(office, focal, ['approver']);
    const submitted = NeedSubmitted({ organisationId: owner, title: 'Wells', country: 'MW', endorserIds: [office] });
    expect(await concerned(event(submitted, uuidv7()))).toMatchObject({ [focal]: 'assigned', [people.ownerApprover]: 'owner' });
  });

  it('takes every golden event of every context', async () => {
    const history = new URL('../../contracts/history/', import.meta.url);
    for (const context of SOURCES) {
      const files = await readdir(new URL(`${context}/`, history));
      const events = files.map(async (file) => {
        const [, kind, version] = /^(\w+)\.v(\d+)\.json$/u.exec(file)!;
        const definition = every.find((one) => one.kind === kind)!;
        return definition({
          ...(definition.parse(
            JSON.parse(await readFile(new URL(`${context}/${file}`, history), 'utf8')),
            Number(version),
          ) as object),
        });
      });
      await concord.publish(context, uuidv7(), ...(await Promise.all(events)));
    }
    expect(await db.query('SELECT consumer, event, error FROM parked')).toEqual([]);
  });

  it('reaches followers of what is public, until they stop', async () => {
    const needId = uuidv7();
    const follower = await concord.actor({ person: people.follower });
    const follow = await follower.ok('/follows', { objectKind: 'need', objectId: needId });
    expect(follow).toMatchObject({ status: 201, body: { objectKind: 'need', objectId: needId, active: true } });
    expect((await follower.post('/follows', { objectKind: 'need', objectId: needId })).body).toMatchObject({
      code: 'already_following',
    });
    await publishNeed(needId);
    await makePledge(uuidv7(), needId);
    expect((await inboxOf(people.follower)).body.items).toMatchObject([{ reason: 'following', needId }]);
    expect((await (await concord.actor({})).post(`/follows/${follow.body.id}/end`)).status).toBe(404);
    expect((await follower.get('/follows')).body.items).toHaveLength(1);
    await follower.ok(`/follows/${follow.body.id}/end`);
    await makePledge(uuidv7(), needId);
    expect((await inboxOf(people.follower)).body.items).toHaveLength(1);
    expect((await follower.get('/follows')).body.items).toEqual([]);
    expect((await follower.post('/follows', { objectKind: 'need', objectId: needId })).status).toBe(201);
  });

  describe('inbox', () => {
    const person = uuidv7();
    const organisation = uuidv7();

    beforeAll(async () => {
      await join(organisation, person, ['approver']);
      for (let n = 0; n < 4; n += 1) {
        const need = await golden('partnerships', NeedPublished, { organisationId: organisation });
        await concord.publish('partnerships', uuidv7(), need);
      }
    });

    it('counts absolutely, in order of its sequence, and pages without holes', async () => {
      const { actor, body } = await inboxOf(person);
      expect(body).toMatchObject({ unread: 5, sequence: 5 });
      expect(body.items.map(({ item }) => item)).toEqual([5, 4, 3, 2, 1]);
      const page = await actor.get('/inbox?limit=2');
      expect(page.body.items.map(({ item }: contracts.InboxItem) => item)).toEqual([5, 4]);
      expect(page.headers.get('link')).toBe(`</api/v1/inbox?limit=2&cursor=${page.body.next}>; rel="next"`);
      const next = await actor.get(`/inbox?limit=3&cursor=${page.body.next}`);
      expect(next.body.items.map(({ item }: contracts.InboxItem) => item)).toEqual([3, 2, 1]);
      expect(next.body.next).toBeUndefined();
      expect((await actor.get('/inbox?cursor=zzz')).status).toBe(400);
    });

    it('marks items read, unread and done, and says the count after each', async () => {
      const actor = await concord.actor({ person });
      const numbers = async (query: string) => {
        await concord.settle();
        return (await actor.get(`/inbox${query}`)).body.items.map(({ item }: contracts.InboxItem) => item);
      };
      expect((await actor.ok(`/inboxes/${person}/read`, { items: [2, 4] })).body).toMatchObject({ unread: 3, version: 6 });
      expect((await actor.ok(`/inboxes/${person}/read`, { items: [2, 4] })).body).toMatchObject({ unread: 3, version: 6 });
      expect(await numbers('?unread=true')).toEqual([5, 3, 1]);
      expect((await actor.ok(`/inboxes/${person}/done`, { items: [5] })).body).toMatchObject({ unread: 2 });
      expect(await numbers('')).toEqual([4, 3, 2, 1]);
      expect(await numbers('?done=true')).toEqual([5]);
      expect((await actor.ok(`/inboxes/${person}/unread`, { items: [5] })).body).toMatchObject({ unread: 3 });
      expect((await actor.ok(`/inboxes/${person}/read`, { upTo: 5 })).body).toMatchObject({ unread: 0 });
      expect(await numbers('?unread=true')).toEqual([]);
      expect(await numbers('')).toEqual([5, 4, 3, 2, 1]);
      expect((await actor.post(`/inboxes/${person}/read`, { items: [99] })).status).toBe(404);
      expect((await actor.post(`/inboxes/${person}/read`, { items: [1], upTo: 2 })).status).toBe(400);
      expect((await actor.post(`/inboxes/${person}/read`, {})).status).toBe(400);
    });

    it('is nobody else’s', async () => {
      const stranger = await concord.actor({ organisation });
      expect((await stranger.post(`/inboxes/${person}/read`, { upTo: 1 })).status).toBe(404);
      expect((await stranger.get(`/inboxes/${person}`)).status).toBe(404);
      expect((await stranger.get('/inbox')).body).toMatchObject({ unread: 0, sequence: 0, items: [] });
      expect((await concord.anonymous().get('/inbox')).status).toBe(401);
    });
  });
});
