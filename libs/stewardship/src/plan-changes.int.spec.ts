import {
  LineMinimumReached,
  NeedAwardFinalised,
  OrganisationRegistered,
  OrganisationVerified,
  ProposalAccepted,
  VerificationExpired,
} from '@concord/contracts';
import { versionHash } from '@concord/kernel';
import { startConcord, type Actor, type TestConcord } from '@concord/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LANTERN, MEADOW, milestone, MINISTRY, MONEY_LINE, reason, uuid } from './domain/story.js';
import { stewardship } from './stewardship.service.js';

/** A project of this spec: its own need, proposal and line, so that tests do not meet. */
interface Case {
  readonly project: string;
  readonly need: string;
  readonly line: string;
}

let concord: TestConcord;
let filesDir: string;
let lantern: readonly [Actor, Actor];
let ministry: readonly [Actor, Actor];
let made = 0;

beforeAll(async () => {
  filesDir = await mkdtemp(join(tmpdir(), 'concord-files-'));
  concord = await startConcord({
    services: [stewardship({ filesDir })],
    sources: {
      directory: [OrganisationRegistered, OrganisationVerified, VerificationExpired],
      partnerships: [ProposalAccepted, NeedAwardFinalised],
      pledges: [LineMinimumReached],
    },
    // Business time only moves forward, so the spec plays in a year that no machine has reached.
    at: '2040-01-10T08:00:00.000Z',
  });
  const two = async (organisation: string) =>
    [await concord.actor({ organisation }), await concord.actor({ organisation })] as const;
  [lantern, ministry] = [await two(LANTERN), await two(MINISTRY)];
  for (const [name, organisationId] of Object.entries({ LANTERN, MINISTRY, MEADOW })) {
    const registered = OrganisationRegistered({ organisationId, name, type: '90' });
    await concord.publish(
      'directory',
      organisationId,
      registered,
      OrganisationVerified({ validUntil: '2042-01-10T00:00:00.000Z' }),
    );
  }
});

afterAll(async () => {
  expect(concord.faults).toEqual([]);
  await concord.stop();
  await rm(filesDir, { recursive: true, force: true });
});

const signers = [{ role: 'steward' as const, organisationId: MINISTRY }];

/** Four milestones of the story with ids and lines of this case. */
const planOf = ({ line }: Case, ids: readonly number[], shares: readonly number[]) =>
  ids.map((id, n) => ({
    ...milestone(n + 1, shares[n]!),
    milestoneId: uuid(id),
    lineIds: [line],
    signers,
    dueOn: `2040-0${n + 3}-01`,
  }));

async function open(): Promise<Case> {
  made += 100;
  const [project, need, line, proposal] = [uuid(made + 1), uuid(made + 2), uuid(made + 3), uuid(made + 4)];
  const parties = { needId: need, ownerId: MINISTRY, leadId: LANTERN, partnerIds: [MEADOW], projectId: project };
  const line1 = {
    lineId: line,
    kind: 'funding' as const,
    title: 'Money',
    unit: 'USD',
    target: 600,
    minimum: 450,
    recipient: 'lead' as const,
  };
  const facts = {
    title: 'Offline lessons',
    hash: versionHash('p'),
    meanScore: 8000,
    country: 'MW',
    sdgTargets: ['4.a'],
    lines: [line1],
  };
  await concord.publish('partnerships', proposal, ProposalAccepted({ ...parties, ...facts }));
  return { project, need, line };
}

async function plan({ project }: Case, milestones: readonly unknown[], why?: string): Promise<void> {
  const body = { milestones, ...(why === undefined ? {} : { reason: reason(why) }) };
  const { hash } = (await lantern[0].ok(`/projects/${project}/propose-plan`, body)).body.proposedPlan;
  await lantern[1].ok(`/projects/${project}/sign-plan`, { role: 'lead', hash });
  await ministry[0].ok(`/projects/${project}/sign-plan`, { role: 'steward', hash });
}

async function start(of: Case): Promise<void> {
  await concord.publish('pledges', of.line, LineMinimumReached({ needId: of.need, confirmed: 450 }));
  const award = { organisationId: MINISTRY, proposalId: uuid(1), leadId: LANTERN, projectId: of.project };
  await concord.publish('partnerships', of.need, NeedAwardFinalised(award));
  await ministry[0].ok(`/projects/${of.project}/start`);
}

const read = async (path: string) => (await concord.anonymous().get(path)).body;

describe('a plan after the start', () => {
  it('drops, changes and adds milestones with a reason, and moves the final report', async () => {
    const of = await open();
    await plan(of, planOf(of, [made + 41, made + 42, made + 43], [20, 30, 50]));
    await start(of);
    await lantern[0].ok(`/milestones/${uuid(made + 41)}/start`);
    const next = [
      ...planOf(of, [made + 41, made + 42], [20, 60]),
      ...planOf(of, [made + 44], [20]).map((one) => ({ ...one, dueOn: '2041-05-01' })),
    ];
    expect((await lantern[0].post(`/projects/${of.project}/propose-plan`, { milestones: next })).body.code).toBe('reason_required');
    await plan(of, next, 'rainy_season');
    expect(await read(`/milestones/${uuid(made + 43)}`)).toMatchObject({ status: 'dropped', droppedFor: reason('rainy_season') });
    expect(await read(`/milestones/${uuid(made + 42)}`)).toMatchObject({ status: 'planned', share: 60 });
    expect(await read(`/milestones/${uuid(made + 44)}`)).toMatchObject({ status: 'planned', share: 20 });
    expect((await read(`/projects/${of.project}`)).milestones).toMatchObject([
      { status: 'in_progress', share: 20 },
      { status: 'planned', share: 60 },
      { status: 'planned', share: 20 },
      { status: 'dropped', overdue: false },
    ]);
    expect((await read(`/reports?project=${of.project}`)).items).toMatchObject([
      { kind: 'annual', dueOn: '2041-01-10' },
      { kind: 'final', dueOn: '2041-05-31' },
    ]);
    const history = await read(`/milestones/${uuid(made + 43)}/history`);
    expect(history.items.at(-1)).toMatchObject({
      kind: 'MilestoneDropped',
      organisation: MINISTRY,
      reason: reason('rainy_season'),
    });
  });

  it('cannot take the id of a milestone of another project', async () => {
    const first = await open();
    const taken = made + 41;
    await plan(first, planOf(first, [taken], [100]));
    const second = await open();
    const answer = await lantern[0].post(`/projects/${second.project}/propose-plan`, {
      milestones: planOf(second, [taken], [100]),
    });
    expect(answer.body).toMatchObject({ code: 'already_exists', details: { milestoneId: uuid(taken) } });
  });

  it('gives ids to milestones that the client did not name', async () => {
    const of = await open();
    const nameless = planOf(of, [1, 2], [40, 60]).map(({ milestoneId: _none, ...one }) => one);
    await plan(of, nameless);
    const { milestones } = await read(`/projects/${of.project}`);
    expect(new Set(milestones.map(({ milestoneId }: { milestoneId: string }) => milestoneId)).size).toBe(2);
    expect(await read(`/milestones/${milestones[1].milestoneId}`)).toMatchObject({ share: 60, status: 'planned' });
  });
});

describe('the ways out', () => {
  it('two approvers cancel a project that has not started', async () => {
    const { project } = await open();
    const body = { reason: reason('no_capacity') };
    expect((await lantern[0].post(`/projects/${project}/cancel`, body)).status).toBe(403);
    expect((await ministry[0].ok(`/projects/${project}/cancel`, body)).body).toMatchObject({
      status: 'pipeline',
      pendingApproval: { of: 'cancel no_capacity', reason: body.reason },
    });
    // Why somebody wants it is the steward's own matter until it is decided.
    expect((await lantern[0].get(`/projects/${project}`)).body.pendingApproval).toEqual({
      of: 'cancel no_capacity',
      at: expect.any(String),
    });
    const second = { reason: { ...body.reason, text: 'Nobody can do it this year.' } };
    expect((await ministry[1].ok(`/projects/${project}/cancel`, second)).body).toMatchObject({
      status: 'cancelled',
      statusCode: '5',
      endReason: second.reason,
      firstEndReason: body.reason,
    });
    expect(
      (await lantern[0].post(`/projects/${project}/propose-plan`, { milestones: [milestone(1, 100, { lineIds: [MONEY_LINE] })] }))
        .body.code,
    ).toBe('wrong_state');
  });

  it('two approvers terminate a suspended project by the same notice, which becomes public', async () => {
    const of = await open();
    await plan(of, planOf(of, [made + 41], [100]));
    await start(of);
    await ministry[0].ok(`/projects/${of.project}/suspend`, { reason: reason('audit') });
    const octets = { headers: { 'content-type': 'application/octet-stream' } };
    const { sha256 } = (await ministry[0].ok('/files', Buffer.from('Notice of termination'), octets)).body;
    const terminate = (who: Actor, document: string) =>
      who.post(`/projects/${of.project}/terminate`, { reason: reason('fraud'), document });
    expect((await terminate(ministry[0], 'f'.repeat(64))).status).toBe(404);
    expect((await terminate(ministry[0], sha256)).body.pendingApproval).toMatchObject({ of: `terminate ${sha256}` });
    expect((await terminate(ministry[1], sha256)).body.status).toBe('cancelled');
    expect((await concord.anonymous().get(`/files/${sha256}`)).body).toBe('Notice of termination');
  });

  it('a start waits for the verification of every party', async () => {
    const of = await open();
    await plan(of, planOf(of, [made + 41], [100]));
    await concord.publish('directory', MEADOW, VerificationExpired({}));
    await expect(start(of)).rejects.toThrow('verified partners');
    await concord.publish('directory', MEADOW, OrganisationVerified({ validUntil: '2044-01-10T00:00:00.000Z' }));
    expect((await ministry[0].ok(`/projects/${of.project}/start`)).body.status).toBe('implementation');
  });
});

describe('a report', () => {
  it('is sent back, submitted again, and judged by its hash', async () => {
    const of = await open();
    await plan(of, planOf(of, [made + 41], [100]));
    await start(of);
    const { finalReportId } = await read(`/projects/${of.project}`);
    const path = `/reports/${finalReportId}`;
    const first = (await lantern[0].ok(`${path}/submit`, { narrative: 'Half done' })).body.submission.hash;
    expect((await ministry[0].ok(`${path}/send-back`, { reason: reason('figures_missing') })).body.status).toBe('sent_back');
    const second = (await lantern[0].ok(`${path}/submit`, { narrative: 'All done', lessons: 'Chargers first' })).body.submission
      .hash;
    expect((await ministry[0].post(`${path}/accept`, { hash: first, rating: 'met' })).body.code).toBe('stale_version');
    expect(
      (await ministry[0].ok(`${path}/accept`, { hash: second, rating: 'met', reason: reason('complete') })).body,
    ).toMatchObject({ status: 'accepted', rating: 'met' });
    expect(await read(`/projects/${of.project}`)).toMatchObject({
      reportingLight: 'green',
      missingForClose: expect.not.arrayContaining(['final_report']),
    });
  });
});
