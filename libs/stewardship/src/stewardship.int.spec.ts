import {
  FundSettled,
  LineMinimumReached,
  NeedAwardFinalised,
  OrganisationRegistered,
  OrganisationVerified,
  PledgeMade,
  PledgeWithdrawn,
  ProposalAccepted,
} from '@concord/contracts';
import { versionHash } from '@concord/kernel';
import { startConcord, type Actor, type TestConcord } from '@concord/testing';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  FIELDMARK,
  FORUM,
  HARBOURLIGHT,
  LANTERN,
  MEADOW,
  milestone,
  MINISTRY,
  MONEY_LINE,
  NEED,
  NORVALE,
  PROJECT,
  reason,
  uuid,
} from './domain/story.js';
import { stewardship } from './stewardship.service.js';

const OCTETS = { headers: { 'content-type': 'application/octet-stream' } };
// Business time only moves forward, so the spec plays in a year that no machine has reached.
/** Two milestones, by dates around the start. */
const PLAN = [
  milestone(1, 60, { dueOn: '2040-04-01' }),
  milestone(2, 40, { dueOn: '2040-06-01', signers: [{ role: 'steward', organisationId: MINISTRY }] }),
];

let concord: TestConcord;
let filesDir: string;
const people: Record<string, Actor> = {};

beforeAll(async () => {
  filesDir = await mkdtemp(join(tmpdir(), 'concord-files-'));
  concord = await startConcord({
    services: [stewardship({ filesDir })],
    sources: {
      directory: [OrganisationRegistered, OrganisationVerified],
      partnerships: [ProposalAccepted, NeedAwardFinalised],
      pledges: [PledgeMade, PledgeWithdrawn, LineMinimumReached, FundSettled],
    },
    at: '2040-01-10T08:00:00.000Z',
  });
  for (const [name, organisation] of Object.entries({ LANTERN, MINISTRY, MEADOW, HARBOURLIGHT, FIELDMARK, FORUM, NORVALE })) {
    for (const n of [1, 2]) people[`${name}${n}`] = await concord.actor({ organisation });
    await concord.publish(
      'directory',
      organisation,
      OrganisationRegistered({ organisationId: organisation, name, type: '90' }),
      OrganisationVerified({ validUntil: '2042-01-10T00:00:00.000Z' }),
    );
  }
});

afterAll(async () => {
  expect(concord.faults).toEqual([]);
  await concord.stop();
  await rm(filesDir, { recursive: true, force: true });
});

const as = (name: string): Actor => people[name]!;
const project = async () => (await concord.anonymous().get(`/projects/${PROJECT}`)).body;
const board = async () => (await concord.anonymous().get(`/projects/${PROJECT}/board`)).body;
const at = (n: number) => `/milestones/${uuid(40 + n)}`;

const pledge = (organisationId: string, kind: 'funding' | 'data') => ({
  needId: NEED,
  lineId: MONEY_LINE,
  organisationId,
  kind,
  unit: kind === 'funding' ? 'USD' : 'dataset',
  quantity: 100,
  counted: 100,
});
const made = (organisationId: string, pledgeId: string) =>
  concord.publish(
    'pledges',
    pledgeId,
    PledgeMade({
      ...pledge(organisationId, 'funding'),
      ownerId: MINISTRY,
      recipient: 'lead',
      terms: { instrument: 'grant', earmarking: 3, schedule: { type: 'by_milestone' } },
      version: 1,
      hash: versionHash('pledge'),
      validUntil: '2040-06-01T00:00:00.000Z',
    } as ReturnType<typeof PledgeMade>['data']),
  );

/** Uploads a text and adds it as evidence. */
async function evidence(n: number, who: Actor, content: string): Promise<string> {
  const stored = await who.ok('/files', Buffer.from(content), OCTETS);
  await who.ok(`${at(n)}/add-evidence`, {
    sha256: stored.body.sha256,
    caption: content,
    licence: 'CC-BY-4.0',
    capturedOn: '2040-01-09',
  });
  return stored.body.sha256;
}

describe('from the accepted proposal to the closed project', () => {
  it('opens the project by the accepted proposal', async () => {
    await made(HARBOURLIGHT, uuid(61));
    await made(NORVALE, uuid(62));
    await concord.publish(
      'partnerships',
      uuid(22),
      ProposalAccepted({
        needId: NEED,
        ownerId: MINISTRY,
        leadId: LANTERN,
        partnerIds: [MEADOW],
        projectId: PROJECT,
        title: 'Offline lessons, 60 schools',
        hash: versionHash('proposal'),
        meanScore: 8183,
        country: 'MW',
        sdgTargets: ['4.a'],
        lines: [{ lineId: MONEY_LINE, kind: 'funding', title: 'Money', unit: 'USD', target: 600, minimum: 450, recipient: 'lead' }],
      }),
    );
    expect(await project()).toMatchObject({
      status: 'pipeline',
      statusCode: '1',
      leadId: LANTERN,
      stewardId: MINISTRY,
      proposalId: uuid(22),
    });
    expect((await board()).next).toMatchObject([{ step: 'propose-plan', who: [{ role: 'lead', organisationId: LANTERN }] }]);
  });

  it('takes a plan from the lead only', async () => {
    expect((await as('MINISTRY1').post(`/projects/${PROJECT}/propose-plan`, { milestones: PLAN })).status).toBe(403);
    expect(
      (await as('LANTERN1').post(`/projects/${PROJECT}/propose-plan`, { milestones: [{ ...PLAN[0], criteria: [] }] })).body,
    ).toMatchObject({
      status: 400,
      errors: [{ pointer: '/milestones/0/criteria' }],
    });
    expect((await as('LANTERN1').post(`/projects/${PROJECT}/propose-plan`, { milestones: PLAN.slice(1) })).body.code).toBe(
      'shares_not_100',
    );
    const { body } = await as('LANTERN1').ok(`/projects/${PROJECT}/propose-plan`, { milestones: PLAN });
    expect(body.proposedPlan).toMatchObject({ version: 1, signatures: [] });
  });

  it('agrees it with the last signature, here because the last funder withdrew', async () => {
    const { hash } = (await project()).proposedPlan;
    const sign = (name: string, role: string, given = hash) =>
      as(name).post(`/projects/${PROJECT}/sign-plan`, { role, hash: given });
    expect((await sign('LANTERN1', 'lead')).body.code).toBe('conflict_of_interest');
    expect((await sign('LANTERN2', 'lead', 'a'.repeat(64))).body.code).toBe('stale_version');
    expect((await sign('LANTERN2', 'lead')).status).toBe(200);
    expect((await sign('MINISTRY1', 'steward')).status).toBe(200);
    expect((await sign('FORUM1', 'funder')).body.code).toBe('not_a_signer');
    expect((await sign('HARBOURLIGHT1', 'funder')).status).toBe(200);
    expect((await concord.anonymous().get(at(1))).status).toBe(404);
    await concord.publish('pledges', uuid(62), PledgeWithdrawn({ ...pledge(NORVALE, 'funding'), reason: reason('budget_cut') }));
    expect(await project()).toMatchObject({
      agreedPlan: { version: 1, hash },
      milestones: [{ status: 'planned' }, { status: 'planned' }],
    });
    expect((await concord.anonymous().get(at(1))).body).toMatchObject({
      status: 'planned',
      title: 'M1',
      projectId: PROJECT,
      share: 60,
    });
  });

  it('starts when everything of R33 is there', async () => {
    const { body } = await as('MINISTRY1').post(`/projects/${PROJECT}/start`);
    expect(body).toMatchObject({ status: 409, code: 'not_ready' });
    expect((await board()).startBlockedBy).toEqual(['minimums', 'award']);
    await concord.publish('pledges', MONEY_LINE, LineMinimumReached({ needId: NEED, confirmed: 450 }));
    await concord.publish(
      'partnerships',
      NEED,
      NeedAwardFinalised({ organisationId: MINISTRY, proposalId: uuid(22), leadId: LANTERN, projectId: PROJECT }),
    );
    expect((await as('MINISTRY1').ok(`/projects/${PROJECT}/start`)).body).toMatchObject({
      status: 'implementation',
      statusCode: '2',
    });
    const reports = await concord.anonymous().get(`/reports?project=${PROJECT}`);
    expect(reports.body.items).toMatchObject([{ kind: 'final', dueOn: '2040-07-01', status: 'not_yet_due' }]);
  });
});

describe('a milestone', () => {
  it('gets evidence, is returned, submitted again and signed by everyone', async () => {
    await as('LANTERN1').ok(`${at(1)}/start`);
    expect((await as('LANTERN1').post(`${at(1)}/submit`, { narrative: 'Done' })).body.code).toBe('evidence_missing');
    await evidence(1, as('LANTERN1'), 'Photo list');
    const first = (await as('LANTERN2').ok(`${at(1)}/submit`, { narrative: 'Done' })).body.submission.hash;
    await as('FIELDMARK1').ok(`${at(1)}/return`, { reason: reason('photos_missing') });
    await evidence(1, as('MEADOW1'), 'More photos');
    const second = (await as('LANTERN2').ok(`${at(1)}/submit`, { narrative: 'Done' })).body.submission;
    expect(second).toMatchObject({ version: 2, evidence: [expect.any(String), expect.any(String)] });
    const queue = await as('FIELDMARK1').get(`/milestones?awaitingBy=${FIELDMARK}&facets=true`);
    expect(queue.body).toMatchObject({
      items: [{ id: uuid(41), awaiting: PLAN[0]!.signers }],
      facets: { awaiting: expect.arrayContaining([{ value: 'verifier', count: 1 }]) },
    });
    const sign = (name: string, role: string, hash: string) => as(name).post(`${at(1)}/sign`, { role, hash });
    expect((await sign('FIELDMARK1', 'verifier', first)).body.code).toBe('stale_version');
    expect((await sign('MEADOW1', 'verifier', second.hash)).status).toBe(403);
    for (const [name, role] of [
      ['MINISTRY1', 'steward'],
      ['HARBOURLIGHT1', 'funder'],
      ['FIELDMARK1', 'verifier'],
      ['FORUM1', 'community'],
    ]) {
      expect((await sign(name!, role!, second.hash)).status).toBe(200);
    }
    expect(await project()).toMatchObject({
      progress: { accepted: 60, released: 0 },
      milestones: [{ status: 'accepted' }, { status: 'planned' }],
    });
  });

  it('is released by two approvers of the steward', async () => {
    expect((await as('LANTERN1').post(`${at(1)}/release`)).status).toBe(403);
    expect((await as('MINISTRY1').ok(`${at(1)}/release`)).body).toMatchObject({
      status: 'accepted',
      pendingApproval: { of: expect.any(String) },
    });
    expect((await as('MINISTRY1').post(`${at(1)}/release`)).body.code).toBe('same_person');
    expect((await as('MINISTRY2').ok(`${at(1)}/release`)).body).toMatchObject({ status: 'released' });
    expect((await project()).progress).toEqual({ accepted: 60, released: 60 });
  });

  it('is neither submitted nor released while the project is suspended (R40)', async () => {
    await as('LANTERN1').ok(`${at(2)}/start`);
    await evidence(2, as('LANTERN1'), 'Handover note');
    await as('MINISTRY1').ok(`/projects/${PROJECT}/suspend`, { reason: reason('audit') });
    expect((await as('LANTERN2').post(`${at(2)}/submit`, { narrative: 'Done' })).body.code).toBe('wrong_state');
    await as('MINISTRY1').ok(`/projects/${PROJECT}/resume`, { reason: reason('cleared') });
    expect((await as('MINISTRY2').ok(`/projects/${PROJECT}/resume`, { reason: reason('cleared') })).body.status).toBe(
      'implementation',
    );
  });

  it('is late by business time, in its project and in the portfolio (R42)', async () => {
    await concord.moveTo('2040-06-11T00:00:00.000Z');
    expect((await concord.anonymous().get(at(2))).body).toMatchObject({ overdue: true, health: 'yellow' });
    expect((await concord.anonymous().get(`/overdue-milestones?organisation=${LANTERN}`)).body).toMatchObject({
      items: [{ id: uuid(42), daysLate: 10 }],
      more: false,
    });
    expect((await concord.anonymous().get(`/project-health?country=MW`)).body).toMatchObject({
      green: 0,
      yellow: 1,
      red: 0,
      late: [{ projectId: PROJECT, daysLate: 10, dueOn: '2040-06-01' }],
    });
    const [next] = (await board()).next;
    expect(next).toMatchObject({
      step: 'submit',
      id: uuid(42),
      dueOn: '2040-06-01',
      overdue: true,
      who: [{ role: 'lead', organisationId: LANTERN }],
    });
  });
});

describe('the end', () => {
  it('closes with all that R44 asks for, by two approvers', async () => {
    const { hash } = (await as('LANTERN2').ok(`${at(2)}/submit`, { narrative: 'Done' })).body.submission;
    await as('MINISTRY1').ok(`${at(2)}/sign`, { role: 'steward', hash });
    await as('MINISTRY1').ok(`${at(2)}/release`);
    await as('MINISTRY2').ok(`${at(2)}/release`);
    await as('LANTERN1').ok(`/projects/${PROJECT}/finish`);
    expect((await project()).missingForClose).toEqual([
      'final_report',
      'fund',
      'stewardship_plan',
      'lead_rating',
      'steward_rating',
    ]);
    const { finalReportId } = await project();
    const report = (await as('LANTERN1').ok(`/reports/${finalReportId}/submit`, { narrative: 'All lessons reach 60 schools' }))
      .body;
    await as('MINISTRY1').ok(`/reports/${finalReportId}/accept`, { hash: report.submission.hash, rating: 'on_track' });
    await concord.publish('pledges', PROJECT, FundSettled({ needId: NEED }));
    expect(
      (
        await as('LANTERN1').post(`/projects/${PROJECT}/record-stewardship-plan`, {
          maintainerId: randomUUID(),
          funding: 'Grant',
          handover: 'Done',
        })
      ).status,
    ).toBe(404);
    await as('LANTERN1').ok(`/projects/${PROJECT}/record-stewardship-plan`, {
      maintainerId: MEADOW,
      funding: 'Grant',
      handover: 'Done',
    });
    await as('LANTERN1').ok(`/projects/${PROJECT}/rate`, { score: 5, comment: 'Clear and fair' });
    expect((await as('MINISTRY1').post(`/projects/${PROJECT}/close`)).body.code).toBe('not_ready');
    await as('MINISTRY1').ok(`/projects/${PROJECT}/rate`, { score: 4, comment: 'On time' });
    await as('MINISTRY1').ok(`/projects/${PROJECT}/close`);
    expect((await as('MINISTRY2').ok(`/projects/${PROJECT}/close`)).body).toMatchObject({
      status: 'closed',
      statusCode: '4',
      missingForClose: [],
      progress: { released: 100 },
    });
    expect((await concord.anonymous().get('/projects?status=closed&country=MW&q=offline&facets=true')).body).toMatchObject({
      items: [{ id: PROJECT }],
      facets: { status: [{ value: 'closed', count: 1 }], sdg: [{ value: '4.a', count: 1 }] },
    });
    expect((await board()).next).toEqual([]);
  });
});
