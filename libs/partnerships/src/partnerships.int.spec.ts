import { FocalPointDesignated, ProjectCancelled, ProjectClosed } from '@concord/contracts';
import { startConcord, type Actor, type TestConcord } from '@concord/testing';
import { partnerships } from './partnerships.service.js';
import { ANSWERS, CONTENT, CRITERIA, id, LINES } from './domain/lesson-need.js';

// The story's steps 2, 3, 7, 8 and 9 (domain.md section 6) through HTTP, on a real database. Ids differ from test to test, people do not.

const MARKS = {
  lantern: [
    [9, 8, 8, 9, 7],
    [8, 8, 7, 9, 8],
    [8, 9, 8, 8, 8],
  ],
  bluefin: [
    [7, 7, 6, 6, 9],
    [7, 8, 6, 6, 8],
    [6, 7, 6, 7, 9],
  ],
};
const reason = { code: 'spec', text: 'Because the spec says so.' };
const marks = (given: readonly number[]) => given.map((mark, index) => ({ criterionId: CRITERIA[index]!.criterionId, mark }));

let concord: TestConcord;
let serial = 500;
const fresh = () => id((serial += 1));

const organisations = {
  ministry: fresh(),
  office: fresh(),
  lantern: fresh(),
  meadow: fresh(),
  bluefin: fresh(),
  kestrel: fresh(),
  newcomer: fresh(),
};
let officer: Actor;
let minister: Actor;
let deputy: Actor;
let office: Actor;
let lantern: Actor;
let lanternEditor: Actor;
let meadow: Actor;
let bluefin: Actor;
let kestrel: Actor;
let newcomer: Actor;
let reviewers: Actor[];

beforeAll(async () => {
  concord = await startConcord({
    services: [partnerships],
    sources: { directory: [FocalPointDesignated], stewardship: [ProjectClosed, ProjectCancelled] },
  });
  const of = (organisation: string, roles: ('approver' | 'editor')[]) => concord.actor({ organisation, roles });
  officer = await of(organisations.ministry, ['editor']);
  minister = await of(organisations.ministry, ['approver']);
  deputy = await of(organisations.ministry, ['approver']);
  office = await of(organisations.office, ['approver']);
  lantern = await of(organisations.lantern, ['approver']);
  lanternEditor = await of(organisations.lantern, ['editor']);
  meadow = await of(organisations.meadow, ['editor']);
  bluefin = await of(organisations.bluefin, ['approver']);
  kestrel = await of(organisations.kestrel, ['approver']);
  newcomer = await concord.actor({ organisation: organisations.newcomer, roles: ['approver'], standing: 'unverified' });
  reviewers = await Promise.all([0, 1, 2, 3].map(() => concord.actor({})));
  await concord.publish('directory', organisations.office, FocalPointDesignated({ countries: ['MW'] }));
}, 60_000);

afterAll(async () => {
  expect(concord.faults).toEqual([]);
  await concord.stop();
});

/** Business time only moves forward, so every need of this file has its dates relative to now. */
const from = (days: number) => new Date(Date.parse(concord.clock.now()) + days * 86_400_000).toISOString();

async function draft(more: object = {}): Promise<string> {
  const body = { ...CONTENT, intakeClosesAt: from(21), validUntil: from(120), ...more };
  const { status, body: need, headers } = await officer.post('/needs', body);
  expect({ status, location: headers.get('location') }).toEqual({ status: 201, location: `/api/v1/needs/${need.id}` });
  return need.id;
}

async function publish(more: object = {}): Promise<string> {
  const need = await draft(more);
  await officer.ok(`/needs/${need}/submit`);
  await office.ok(`/needs/${need}/endorse`);
  await minister.ok(`/needs/${need}/publish`);
  return need;
}

const content = {
  title: 'Lessons that travel',
  summary: 'Servers in a box.',
  approach: 'Survey, pilot, roll-out.',
  months: 12,
  answers: ANSWERS,
};

async function propose(editor: Actor, approver: Actor, needId: string, more: object = {}) {
  const { body } = await editor.ok('/proposals', { needId, ...content, ...more });
  const submitted = await approver.ok(`/proposals/${body.id}/submit`, { hash: body.hash });
  expect(submitted.body.status).toBe('submitted');
  return { id: body.id as string, hash: body.hash as string };
}

describe('a need on its way to publication', () => {
  it('waits for the focal point, then is public with its lines and criteria', async () => {
    const need = await draft();
    expect((await concord.anonymous().get(`/needs/${need}`)).status).toBe(404);
    expect((await office.get(`/needs/${need}`)).status).toBe(404);

    const { body: submitted } = await officer.ok(`/needs/${need}/submit`);
    expect(submitted).toMatchObject({ status: 'submitted', endorserIds: [organisations.office] });
    expect((await office.get('/endorsements')).body.items.map((one: { id: string }) => one.id)).toContain(need);
    expect(await minister.post(`/needs/${need}/publish`)).toMatchObject({ status: 409, body: { code: 'endorsement_required' } });
    expect((await office.get(`/needs/${need}/readiness`)).body).toMatchObject({
      ready: false,
      gaps: [{ code: 'endorsement_required' }],
    });
    expect(await minister.post(`/needs/${need}/endorse`)).toMatchObject({ status: 403 });

    await office.ok(`/needs/${need}/endorse`);
    const { body: published, etag } = await minister.ok(`/needs/${need}/publish`);
    expect(published).toMatchObject({ status: 'published', lines: LINES, criteria: CRITERIA, endorsedBy: organisations.office });
    const { body: seen, etag: publicTag } = await concord.anonymous().get(`/needs/${need}`);
    expect({ seen, publicTag }).toEqual({ seen: published, publicTag: etag });
    expect((await officer.patch(`/needs/${need}`, { title: 'Late' }, etag!)).body.code).toBe('wrong_state');
  });

  it('names every gap, and refuses to be submitted with one', async () => {
    const { body } = await officer.ok('/needs', { title: 'Solar pumps', language: 'en' });
    const { body: readiness } = await officer.get(`/needs/${body.id}/readiness`);
    expect(readiness.ready).toBe(false);
    expect(readiness.gaps).toHaveLength(8);
    expect(await officer.post(`/needs/${body.id}/submit`)).toMatchObject({ status: 409, body: { code: 'incomplete' } });
  });

  it('can be revised with the version that was read, and returned with a reason', async () => {
    const need = await draft();
    const { etag } = await officer.get(`/needs/${need}`);
    expect((await officer.patch(`/needs/${need}`, { useCase: null, title: 'Lessons' }, etag!)).body).toMatchObject({
      title: 'Lessons',
    });
    expect((await officer.patch(`/needs/${need}`, { title: 'Other' }, etag!)).status).toBe(412);
    await officer.ok(`/needs/${need}/submit`);
    expect((await office.ok(`/needs/${need}/return`, { reason })).body).toMatchObject({ status: 'draft', reason });
    expect((await officer.get(`/needs/${need}/history`)).body.items.at(-1)).toMatchObject({ kind: 'NeedReturned', reason });
  });

  it('lets an unverified organisation draft only (R20)', async () => {
    const { body } = await newcomer.ok('/needs', { ...CONTENT, intakeClosesAt: from(21), validUntil: from(120) });
    expect((await newcomer.post(`/needs/${body.id}/submit`)).status).toBe(403);
    expect((await newcomer.ok(`/needs/${body.id}/withdraw`, { reason })).body.status).toBe('withdrawn');
  });

  it('warns of similar published needs (R29)', async () => {
    const published = await publish({ useCase: 'Distance  Teaching', sdgTargets: ['4.b'] });
    const twin = await draft({ useCase: 'distance teaching', sdgTargets: ['4.b', '4.1'] });
    expect((await officer.get(`/needs/${twin}/readiness`)).body.similar.map((one: { id: string }) => one.id)).toEqual([published]);
    const query = '/needs/similar?country=MW&sdgTarget=4.b';
    expect((await concord.anonymous().get(`${query}&useCase=Distance%20Teaching`)).body.items).toMatchObject([
      { id: published, country: 'MW' },
    ]);
    expect((await concord.anonymous().get(`${query}&useCase=Else`)).body.items).toEqual([]);
  });

  it('refuses malformed input with pointers', async () => {
    const bad = { ...CONTENT, lines: [{ ...LINES[0], unit: 'hour' }], criteria: [{ title: 'x', weight: 0 }], surprise: 1 };
    const { status, body } = await officer.post('/needs', bad);
    expect(status).toBe(400);
    expect(body.errors.map((one: { pointer: string }) => one.pointer)).toEqual(
      expect.arrayContaining(['/lines/0/unit', '/criteria/0/weight']),
    );
  });
});

describe('lists', () => {
  it('find, count and page what a reader may see', async () => {
    const need = await publish({ title: 'Énergie pour les écoles', language: 'fr', sdgTargets: ['7.1'], needType: 'strategy' });
    const hidden = await draft({ title: 'Energie 2', language: 'fr', sdgTargets: ['7.1'], needType: 'strategy' });
    const path = '/needs?q=energie&facets=true&count=estimate&needType=strategy&sdgGoal=7&lineKind=data';
    const { body } = await concord.anonymous().get(path);
    expect(body.items.map((one: { id: string }) => one.id)).toEqual([need]);
    expect(body.count).toEqual({ value: 1, more: false });
    expect(body.facets).toMatchObject({ language: [{ value: 'fr', count: 1 }], sdgTarget: [{ value: '7.1', count: 1 }] });
    expect(body.facets.lineKind).toHaveLength(4);
    const own = (await officer.get(`/needs?organisation=${organisations.ministry}&sdgTarget=7.1`)).body.items;
    expect(own.map((one: { id: string }) => one.id).sort()).toEqual([need, hidden].sort());
    for (const sort of ['newest', 'closing_soon', 'recently_updated']) {
      const first = await concord.anonymous().get(`/needs?sort=${sort}&limit=1`);
      const second = await concord.anonymous().get(`/needs?sort=${sort}&limit=1&cursor=${first.body.next}`);
      expect(second.body.items[0].id).not.toBe(first.body.items[0].id);
    }
  });

  it('keep pins to the organisation that made them', async () => {
    const need = await publish();
    const ids = async (who: Actor) => (await who.get('/pins')).body.items.map((one: { id: string }) => one.id);
    await bluefin.ok(`/needs/${need}/pin`);
    await bluefin.ok(`/needs/${need}/pin`);
    expect(await ids(bluefin)).toEqual([need]);
    expect(await ids(kestrel)).toEqual([]);
    await bluefin.ok(`/needs/${need}/unpin`);
    expect(await ids(bluefin)).toEqual([]);
  });

  it('show invitations to the invited', async () => {
    const need = await publish();
    expect((await officer.ok(`/needs/${need}/invite`, { organisationId: organisations.kestrel })).body.invitedIds).toEqual([
      organisations.kestrel,
    ]);
    expect((await kestrel.get('/invitations')).body.items.map((one: { id: string }) => one.id)).toEqual([need]);
    expect((await bluefin.get('/invitations')).body.items).toEqual([]);
  });
});

describe('proposals and their review', () => {
  it('plays the story from proposals to the final award', async () => {
    const need = await publish();
    const winner = await propose(lanternEditor, lantern, need, { partnerIds: [organisations.meadow] });
    const rival = await propose(bluefin, bluefin, need);
    const gone = await propose(kestrel, kestrel, need);
    expect((await kestrel.ok(`/proposals/${gone.id}/withdraw`, { reason })).body.status).toBe('withdrawn');
    expect((await bluefin.get(`/proposals/${winner.id}`)).status).toBe(404);
    expect((await concord.anonymous().get(`/proposals/${winner.id}`)).status).toBe(404);
    expect((await meadow.get(`/proposals?need=${need}`)).body.items.map((one: { id: string }) => one.id)).toEqual([winner.id]);
    for (const { person } of reviewers) await minister.ok(`/needs/${need}/appoint-reviewer`, { personId: person });
    expect((await officer.get(`/needs/${need}/review`)).body).toMatchObject({ proposalCount: 2, reviewers: { length: 4 } });
    expect((await bluefin.get(`/needs/${need}/review`)).status).toBe(404);

    await concord.moveTo(from(21));
    expect((await officer.get(`/needs/${need}`)).body.status).toBe('matching');
    expect((await officer.get(`/proposals?need=${need}&status=in_review&facets=true`)).body.items).toHaveLength(2);

    await reviewers[3]!.ok(`/needs/${need}/declare-conflict`, { nature: 'employment' });
    const first = { hash: winner.hash, marks: marks(MARKS.lantern[0]!) };
    expect(await reviewers[3]!.post(`/proposals/${winner.id}/score`, first)).toMatchObject({
      status: 409,
      body: { code: 'conflict_of_interest' },
    });
    expect(await bluefin.post(`/proposals/${rival.id}/score`, { ...first, hash: rival.hash })).toMatchObject({ status: 403 });
    await reviewers[0]!.ok(`/proposals/${winner.id}/score`, first);
    expect(await officer.post(`/proposals/${winner.id}/shortlist`)).toMatchObject({
      status: 409,
      body: { code: 'review_incomplete' },
    });
    for (const n of [1, 2])
      await reviewers[n]!.ok(`/proposals/${winner.id}/score`, { hash: winner.hash, marks: marks(MARKS.lantern[n]!) });
    for (const n of [0, 1, 2])
      await reviewers[n]!.ok(`/proposals/${rival.id}/score`, { hash: rival.hash, marks: marks(MARKS.bluefin[n]!) });

    const scores = await officer.get(`/proposals/${winner.id}/scores`);
    expect(scores.body).toMatchObject({ fullCount: 3, meanScore: 8183 });
    expect(scores.body.sheets.map((one: { result: number }) => one.result)).toEqual([8350, 7950, 8250]);
    expect((await lantern.get(`/proposals/${winner.id}/scores`)).body).toEqual({ hash: winner.hash, sheets: [], fullCount: 0 });
    expect((await reviewers[1]!.get(`/proposals/${winner.id}/scores`)).body.sheets).toHaveLength(1);

    await officer.ok(`/proposals/${winner.id}/shortlist`);
    await officer.ok(`/proposals/${rival.id}/shortlist`);
    await concord.moveTo(from(12));
    expect((await minister.ok(`/proposals/${winner.id}/accept`, { hash: winner.hash })).body).toMatchObject({
      status: 'shortlisted',
      pendingApproval: { of: `accept:${winner.hash}` },
    });
    expect((await lantern.get(`/proposals/${winner.id}`)).body.pendingApproval).toBeUndefined();
    expect(await minister.post(`/proposals/${winner.id}/accept`, { hash: winner.hash })).toMatchObject({
      status: 409,
      body: { code: 'same_person' },
    });
    expect(await deputy.post(`/proposals/${winner.id}/accept`, { hash: rival.hash })).toMatchObject({
      status: 409,
      body: { code: 'stale_version' },
    });
    const { body: accepted } = await deputy.ok(`/proposals/${winner.id}/accept`, { hash: winner.hash });
    expect(accepted).toMatchObject({ status: 'accepted', meanScore: 8183 });
    expect(accepted.pendingApproval).toBeUndefined();

    const award = {
      proposalId: winner.id,
      leadId: organisations.lantern,
      projectId: accepted.projectId,
      final: false,
    };
    expect((await concord.anonymous().get(`/needs/${need}`)).body).toMatchObject({ status: 'partnered', award });
    expect((await concord.anonymous().get(`/needs/${need}/outcome`)).body).toMatchObject({
      award,
      accepted: { proposalId: winner.id, title: content.title, meanScore: 8183 },
      declined: [
        { proposalId: rival.id, leadId: organisations.bluefin, meanScore: 6850, reason: { code: 'another_proposal_accepted' } },
      ],
    });
    expect((await lantern.get(`/proposals/${rival.id}`)).status).toBe(404);
    const released = await bluefin.get(`/proposals/${rival.id}/scores`);
    expect(released.body).toMatchObject({ meanScore: 6850, fullCount: 3 });
    expect(released.body.sheets[0].personId).toBeUndefined();
    expect(await deputy.post(`/proposals/${rival.id}/accept`, { hash: rival.hash })).toMatchObject({
      status: 409,
      body: { code: 'wrong_state' },
    });

    await concord.moveTo(from(9));
    expect((await officer.get(`/needs/${need}`)).body.award.final).toBe(false);
    await concord.moveTo(from(1));
    expect((await officer.get(`/needs/${need}`)).body.award.final).toBe(true);

    await concord.publish('stewardship', accepted.projectId, ProjectClosed({ needId: need }));
    expect((await concord.anonymous().get(`/needs/${need}`)).body).toMatchObject({ status: 'closed', outcome: 'partners' });
  }, 60_000);

  it('keeps who proposes, who judges and the marks out of public histories', async () => {
    const need = await publish();
    const { id: proposal, hash } = await propose(bluefin, bluefin, need);
    await minister.ok(`/needs/${need}/appoint-reviewer`, { personId: reviewers[0]!.person });
    await minister.ok(`/needs/${need}/close-intake`);
    await reviewers[0]!.ok(`/proposals/${proposal}/score`, { hash, marks: marks(MARKS.bluefin[0]!) });
    const secrets = [reviewers[0]!.person, organisations.bluefin];
    for (const path of ['history', 'stream']) {
      const open = JSON.stringify((await concord.anonymous().get(`/needs/${need}/${path}`)).body);
      for (const secret of secrets) expect(open).not.toContain(secret);
      expect(JSON.stringify((await bluefin.get(`/proposals/${proposal}/${path}`)).body)).not.toContain('ProposalScored');
      expect((await kestrel.get(`/proposals/${proposal}/${path}`)).status).toBe(404);
    }
  });

  it('is described by OpenAPI and AsyncAPI', async () => {
    const openapi = await (await fetch(`${concord.url}/openapi.json`)).text();
    for (const path of ['/needs/{id}/close-intake', '/proposals/{id}/accept', '/needs/{id}/outcome'])
      expect(openapi).toContain(path);
    const asyncapi = await (await fetch(`${concord.url}/asyncapi.json`)).text();
    expect(asyncapi).toContain('concord.partnerships.ProposalAccepted');
    expect(asyncapi).not.toContain('ProposalScored');
  });

  it('publishes what other contexts rely on', async () => {
    const rows = await concord.platform
      .context('partnerships')
      .database.query<{ kind: string }>(`SELECT DISTINCT kind FROM events WHERE previous IS NOT NULL ORDER BY kind`);
    const kinds = rows.map((row) => row.kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['NeedPublished', 'ProposalAccepted', 'NeedPartnered', 'NeedAwardFinalised', 'NeedClosed']),
    );
    expect(kinds).not.toContain('ProposalScored');
  });

  it('makes a new version of every revision, and takes co-authors in', async () => {
    const need = await publish();
    const { id: proposal, hash } = await propose(lanternEditor, lantern, need, { partnerIds: [organisations.meadow] });
    const { etag } = await meadow.get(`/proposals/${proposal}`);
    const { status, body } = await meadow.patch(`/proposals/${proposal}`, { months: 9 }, etag!);
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'draft', contentVersion: 2, content: { months: 9 } } });
    expect(body.hash).not.toBe(hash);
    expect((await officer.get(`/proposals/${proposal}`)).status).toBe(404);
    expect(await lantern.post(`/proposals/${proposal}/submit`, { hash })).toMatchObject({
      status: 409,
      body: { code: 'stale_version' },
    });
    await lantern.ok(`/proposals/${proposal}/submit`, { hash: body.hash });
    const again = await lanternEditor.ok('/proposals', { needId: need, ...content });
    expect(await lantern.post(`/proposals/${again.body.id}/submit`, { hash: again.body.hash })).toMatchObject({
      body: { code: 'already_proposed' },
    });
  });

  it('turns a concept note into a full proposal, reviewed afresh', async () => {
    const need = await publish();
    const note = await propose(bluefin, bluefin, need, {
      stage: 'concept_note',
      approach: undefined,
      months: undefined,
      answers: [],
    });
    for (const { person } of reviewers.slice(0, 2)) await minister.ok(`/needs/${need}/appoint-reviewer`, { personId: person });
    await minister.ok(`/needs/${need}/close-intake`);
    for (const n of [0, 1])
      await reviewers[n]!.ok(`/proposals/${note.id}/score`, { hash: note.hash, marks: marks(MARKS.bluefin[n]!) });
    await officer.ok(`/proposals/${note.id}/shortlist`);
    expect(await minister.post(`/proposals/${note.id}/accept`, { hash: note.hash })).toMatchObject({
      body: { code: 'full_proposal_needed' },
    });
    const { body: invited } = await minister.ok(`/proposals/${note.id}/invite`);
    expect(invited).toMatchObject({ status: 'draft', stage: 'full' });
    expect((await bluefin.post(`/proposals/${note.id}/submit`, { hash: invited.hash })).body.code).toBe('incomplete');
    const { etag } = await bluefin.get(`/proposals/${note.id}`);
    const { approach, months, answers } = content;
    const { body: full } = await bluefin.patch(`/proposals/${note.id}`, { approach, months, answers }, etag!);
    expect((await bluefin.ok(`/proposals/${note.id}/submit`, { hash: full.hash })).body.status).toBe('in_review');
    expect((await officer.get(`/proposals/${note.id}/scores`)).body).toMatchObject({ sheets: [], fullCount: 0 });
  });

  it('extends, closes and withdraws with reasons, and declines what was undecided', async () => {
    const need = await publish();
    const proposal = await propose(bluefin, bluefin, need);
    await minister.ok(`/needs/${need}/amend`, { reason, title: 'Offline lessons, 72 schools' });
    await minister.ok(`/needs/${need}/close-intake`);
    const { body: extended } = await minister.ok(`/needs/${need}/extend`, { reason, intakeClosesAt: from(30) });
    expect(extended).toMatchObject({ status: 'published', title: 'Offline lessons, 72 schools' });
    await minister.ok(`/needs/${need}/close-intake`);
    expect((await minister.ok(`/needs/${need}/close`, { outcome: 'no_candidate', reason })).body).toMatchObject({
      status: 'closed',
      reason,
    });
    expect((await bluefin.get(`/proposals/${proposal.id}`)).body).toMatchObject({ status: 'declined', reason });
  });

  it('closes a need as cancelled with its project, and lets an open one expire', async () => {
    const need = await publish();
    const proposal = await propose(bluefin, bluefin, need);
    for (const { person } of reviewers.slice(0, 2)) await minister.ok(`/needs/${need}/appoint-reviewer`, { personId: person });
    await minister.ok(`/needs/${need}/close-intake`);
    for (const n of [0, 1])
      await reviewers[n]!.ok(`/proposals/${proposal.id}/score`, { hash: proposal.hash, marks: marks(MARKS.bluefin[n]!) });
    await officer.ok(`/proposals/${proposal.id}/shortlist`);
    await minister.ok(`/proposals/${proposal.id}/accept`, { hash: proposal.hash });
    const { body } = await deputy.ok(`/proposals/${proposal.id}/accept`, { hash: proposal.hash });
    await concord.publish('stewardship', body.projectId, ProjectCancelled({ needId: need, reason }));
    expect((await officer.get(`/needs/${need}`)).body).toMatchObject({ status: 'closed', outcome: 'cancelled', reason });

    const open = await publish();
    const idle = await draft();
    await concord.moveTo(from(121));
    expect((await officer.get(`/needs/${open}`)).body.status).toBe('expired');
    expect((await officer.get(`/needs/${idle}`)).body.status).toBe('draft');
    await concord.moveTo(from(60));
    expect((await officer.get(`/needs/${idle}`)).body.status).toBe('expired');
  }, 60_000);
});
