import {
  NeedAmended,
  NeedAwardFinalised,
  NeedClosed,
  NeedPublished,
  PARTNERSHIPS_EVENTS,
  PlanAgreed,
  ProjectCancelled,
  ProjectFinalisationStarted,
  ProjectResumed,
  ProjectSuspended,
  ProposalAccepted,
  STEWARDSHIP_EVENTS,
} from '@concord/contracts';
import { daysAfter } from '@concord/kernel';
import { uuidv7 } from '@concord/platform';
import { startConcord, type Actor, type Answer, type TestConcord } from '@concord/testing';
import { pledges } from './pledges.service.js';

// What the story does not show: deadlines, ends of needs and projects, steps that both sides take, and who is refused.
const DAY_0 = '2035-01-01T08:00:00.000Z';
const reason = { code: 'agreed', text: 'For a reason.' };
const hash = 'a'.repeat(64);
const [owner, lead, funder, other] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];

let concord: TestConcord;
let ownerApprover: Actor;
let leadApprover: Actor;
let leadEditor: Actor;
let funderEditor: Actor;
let funderApprover: Actor;
let funderSecond: Actor;
let now = 0;

const day = (n: number): Promise<void> => {
  now = n;
  return concord.moveTo(daysAfter(DAY_0, n));
};
const today = (): string => concord.clock.now().slice(0, 10);

beforeAll(async () => {
  concord = await startConcord({
    services: [pledges],
    sources: { partnerships: PARTNERSHIPS_EVENTS, stewardship: STEWARDSHIP_EVENTS },
    at: DAY_0,
  });
  ownerApprover = await concord.actor({ organisation: owner });
  leadApprover = await concord.actor({ organisation: lead });
  leadEditor = await concord.actor({ organisation: lead, roles: ['editor'] });
  funderEditor = await concord.actor({ organisation: funder, roles: ['editor'] });
  funderApprover = await concord.actor({ organisation: funder });
  funderSecond = await concord.actor({ organisation: funder });
}, 60_000);

afterAll(async () => {
  expect(concord.faults).toEqual([]);
  await concord.stop();
});

interface Need {
  readonly needId: string;
  readonly money: string;
  readonly hours: string;
  readonly projectId: string;
}
const fields = { title: 'Line', recipient: 'lead' as const };
const linesOf = ({ money, hours }: Need, target = 1_000) => [
  { ...fields, lineId: money, kind: 'funding' as const, unit: 'USD', target },
  { ...fields, lineId: hours, kind: 'expertise' as const, unit: 'hour', target: 100 },
];

async function publishNeed(): Promise<Need> {
  const need = { needId: uuidv7(), money: uuidv7(), hours: uuidv7(), projectId: uuidv7() };
  const published = NeedPublished({
    organisationId: owner,
    title: 'Wells',
    language: 'en',
    needType: 'technical_assistance',
    country: 'MW',
    regions: [],
    sdgTargets: ['6.1'],
    lines: linesOf(need),
    criteria: [{ criterionId: uuidv7(), title: 'Relevance', weight: 100 }],
    intakeClosesAt: daysAfter(DAY_0, 300),
    validUntil: daysAfter(DAY_0, 600),
  });
  await concord.publish('partnerships', need.needId, published);
  return need;
}

async function awardNeed(need: Need): Promise<void> {
  const { needId, projectId } = need;
  const accepted = ProposalAccepted({
    needId,
    ownerId: owner,
    leadId: lead,
    partnerIds: [],
    projectId,
    title: 'Wells',
    hash,
    meanScore: 8000,
    country: 'MW',
    sdgTargets: ['6.1'],
    lines: linesOf(need),
  });
  await concord.publish('partnerships', uuidv7(), accepted);
  await concord.publish(
    'partnerships',
    needId,
    NeedAwardFinalised({ organisationId: owner, proposalId: uuidv7(), leadId: lead, projectId }),
  );
}

const money = (lineId: string, amount: number, more: object = {}) => ({
  lineId,
  kind: 'funding',
  amount: { amount, currency: 'USD' },
  instrument: 'grant',
  earmarking: 1,
  schedule: { type: 'by_milestone' },
  ...more,
});
const hoursOffer = (lineId: string, hours: number) => ({
  lineId,
  kind: 'expertise',
  hours,
  skill: 'Drilling',
  role: 'Engineer',
  languages: ['en'],
  remote: false,
  from: '2035-01-01',
  until: '2036-01-01',
  aidType: 'D01',
});
const offer = async (body: object): Promise<string> => (await funderEditor.ok('/pledges', body)).body.id as string;
const read = async (id: string) => (await concord.anonymous().get(`/pledges/${id}`)).body;
const lineOf = async (id: string) => (await concord.anonymous().get(`/lines/${id}`)).body;
const fundOf = async (id: string) => (await concord.anonymous().get(`/funds/${id}`)).body;

async function commit(body: object): Promise<string> {
  const id = await offer(body);
  const { hash: current } = await read(id);
  await ownerApprover.ok(`/pledges/${id}/accept`, { hash: current });
  await funderApprover.ok(`/pledges/${id}/confirm`, { hash: current });
  if ((await read(id)).status === 'offered') await funderSecond.ok(`/pledges/${id}/confirm`, { hash: current });
  return id;
}

const log = (hours: number, pseudonym = 'E-1') => ({
  kind: 'expertise',
  log: [{ pseudonym, day: today(), hours, work: 'Survey' }],
});
const record = async (pledgeId: string, body: object): Promise<string> =>
  (await funderEditor.ok('/deliveries', { pledgeId, ...body })).body.id as string;
const codeOf = ({ status, body }: Answer): [number, string] => [status, body.code];

describe('deadlines', () => {
  it('an offer lapses at its time and frees what it held (R11)', async () => {
    const need = await publishNeed();
    const [short, long] = [
      await offer(money(need.money, 600, { validUntil: daysAfter(DAY_0, 10) })),
      await offer(money(need.money, 400)),
    ];
    await day(9);
    expect((await read(short)).status).toBe('offered');
    await day(10);
    expect((await read(short)).status).toBe('lapsed');
    expect(await lineOf(need.money)).toMatchObject({ reserved: 400, open: 600 });
    await day(91);
    expect((await read(long)).status).toBe('lapsed');
    expect(await lineOf(need.money)).toMatchObject({ reserved: 0, open: 1_000 });
  });

  it('dated instalments fall due on their day', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    const at = (days: number) => daysAfter(DAY_0, now + days).slice(0, 10);
    const instalments = [
      { dueOn: at(5), quantity: 300 },
      { dueOn: at(20), quantity: 700 },
    ];
    const id = await commit(money(need.money, 1_000, { schedule: { type: 'by_date', instalments } }));
    expect((await read(id)).due).toBe(0);
    await day(now + 5);
    expect((await read(id)).due).toBe(300);
    await day(now + 15);
    expect((await read(id)).due).toBe(1_000);
    const unsummed = money(need.money, 999, { schedule: { type: 'by_date', instalments } });
    expect((await funderEditor.post('/pledges', unsummed)).body.errors).toMatchObject([{ pointer: '/schedule/instalments' }]);
  });
});

describe('the end of a need', () => {
  it('closes its lines, and the offers on them lapse', async () => {
    const need = await publishNeed();
    const id = await offer(money(need.money, 600));
    await concord.publish('partnerships', need.needId, NeedClosed({ organisationId: owner, outcome: 'no_candidate', reason }));
    expect((await lineOf(need.money)).status).toBe('closed');
    expect(codeOf(await funderEditor.post('/pledges', money(need.money, 1)))).toEqual([409, 'wrong_state']);
    await day(now + 1);
    expect((await read(id)).status).toBe('lapsed');
    expect(await lineOf(need.money)).toMatchObject({ reserved: 0, open: 0 });
  });

  it('follows an amended need: lines grow, appear, go', async () => {
    const need = await publishNeed();
    const added = uuidv7();
    await offer(money(need.money, 900));
    const [first] = linesOf(need, 800);
    const lines = [first!, { ...fields, lineId: added, kind: 'in_kind' as const, unit: 'item', target: 5 }];
    await concord.publish('partnerships', need.needId, NeedAmended({ organisationId: owner, reason, lines }));
    expect(await lineOf(need.money)).toMatchObject({ target: 900, reserved: 900, open: 0 });
    expect(await lineOf(added)).toMatchObject({ open: 5, status: 'open' });
    expect(await lineOf(need.hours)).toMatchObject({ status: 'closed' });
  });
});

describe('a project', () => {
  it('that is suspended passes no money on (R40), and is scheduled when its plan comes late', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    const id = await commit(money(need.money, 1_000));
    const milestones = [{ milestoneId: uuidv7(), title: 'All', share: 100, dueOn: '2035-12-01', lineIds: [need.money] }];
    await concord.publish('stewardship', need.projectId, PlanAgreed({ needId: need.needId, hash, milestones }));
    expect((await read(id)).instalments).toMatchObject([{ quantity: 1_000, due: false }]);
    await concord.publish('stewardship', need.projectId, ProjectSuspended({ needId: need.needId, reason }));
    const payment = { pledgeId: id, kind: 'funding', amount: { amount: 1, currency: 'USD' }, paidOn: today(), reference: 'x' };
    expect(codeOf(await funderEditor.post('/deliveries', payment))).toEqual([409, 'project_suspended']);
    await concord.publish('stewardship', need.projectId, ProjectResumed({ needId: need.needId, reason }));
    expect(codeOf(await funderEditor.post('/deliveries', payment))).toEqual([409, 'not_released']);
  });

  it('that is cancelled lets what is not delivered lapse; what is recorded waits for its recipient', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    const idle = await commit(money(need.money, 1_000));
    const worked = await commit(hoursOffer(need.hours, 100));
    const delivery = await record(worked, log(8));
    await concord.publish('stewardship', need.projectId, ProjectCancelled({ needId: need.needId, reason }));
    expect(await read(idle)).toMatchObject({ status: 'lapsed', lapsed: 1_000 });
    expect(await read(worked)).toMatchObject({ status: 'confirmed', recorded: 8 });
    await leadApprover.ok(`/deliveries/${delivery}/acknowledge`, { accepted: 8 });
    expect(await read(worked)).toMatchObject({ status: 'lapsed', delivered: 8, lapsed: 92 });
    expect(await lineOf(need.hours)).toMatchObject({ confirmed: 8, delivered: 8, gap: 92 });
    expect(await fundOf(need.projectId)).toMatchObject({ status: 'settled' });
  });

  it('without any commitment is settled when its work is finished', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    expect((await fundOf(need.projectId)).status).toBe('open');
    await concord.publish('stewardship', need.projectId, ProjectFinalisationStarted({ needId: need.needId }));
    expect((await fundOf(need.projectId)).status).toBe('settled');
  });
});

describe('steps both sides take', () => {
  it('a commitment is revised, within the line and not below what is delivered (R3, R10)', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    const id = await commit(hoursOffer(need.hours, 60));
    const revise = (actor: Actor, quantity: number) => actor.post(`/pledges/${id}/revise-commitment`, { quantity, reason });
    expect((await revise(funderApprover, 101)).status).toBe(200);
    expect(codeOf(await revise(leadApprover, 101))).toEqual([409, 'line_full']);
    expect((await revise(leadApprover, 80)).status).toBe(200);
    expect(codeOf(await revise(leadApprover, 80))).toEqual([409, 'waiting_for_other_side']);
    expect((await revise(funderApprover, 80)).body).toMatchObject({ confirmed: 80, status: 'confirmed' });
    expect(await lineOf(need.hours)).toMatchObject({ confirmed: 80, open: 20 });
    expect(codeOf(await revise(ownerApprover, 70))).toEqual([403, 'forbidden']);
    expect(codeOf(await funderApprover.post(`/pledges/${id}/withdraw`, { reason }))).toEqual([409, 'wrong_state']);
  });

  it('an acknowledged delivery is reversed, and everything it counted for with it (R2)', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    const id = await commit(hoursOffer(need.hours, 8));
    const delivery = await record(id, log(8));
    expect(codeOf(await funderApprover.post(`/deliveries/${delivery}/acknowledge`, { accepted: 8 }))).toEqual([403, 'forbidden']);
    await leadApprover.ok(`/deliveries/${delivery}/acknowledge`, { accepted: 8 });
    expect(await fundOf(need.projectId)).toMatchObject({ status: 'settled' });
    await leadApprover.ok(`/deliveries/${delivery}/reverse`, { reason });
    expect((await funderApprover.ok(`/deliveries/${delivery}/reverse`, { reason })).body).toMatchObject({ status: 'voided' });
    expect(await read(id)).toMatchObject({ status: 'confirmed', delivered: 0 });
    expect(await lineOf(need.hours)).toMatchObject({ delivered: 0, confirmed: 8 });
    expect(await fundOf(need.projectId)).toMatchObject({ status: 'open', openCommitments: 1 });
    const again = await record(id, log(8, 'E-2'));
    await funderApprover.ok(`/deliveries/${again}/void`, { reason });
    expect((await read(id)).recorded).toBe(0);
    await concord.settle();
    expect((await concord.anonymous().get(`/ledger?need=${need.needId}`)).body).toMatchObject({ balanced: true });
  });
});

describe('money', () => {
  it('that is spent cannot be undone; once it is back, it can (R17)', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    const schedule = { type: 'by_date', instalments: [{ dueOn: today(), quantity: 500 }] };
    const id = await commit(money(need.money, 500, { schedule }));
    expect(await read(id)).toMatchObject({ due: 500 });
    const delivery = await record(id, {
      kind: 'funding',
      amount: { amount: 500, currency: 'USD' },
      paidOn: today(),
      reference: 'B-1',
    });
    await leadApprover.ok(`/deliveries/${delivery}/acknowledge`, { accepted: 500 });
    const expenditureId = uuidv7();
    const amount = { amount: 1, currency: 'USD' };
    await leadEditor.ok(`/funds/${need.projectId}/record-expenditure`, {
      expenditureId,
      amount,
      spentOn: today(),
      purpose: 'Pipes',
    });
    await leadApprover.ok(`/deliveries/${delivery}/reverse`, { reason });
    const reverse = () => funderApprover.post(`/deliveries/${delivery}/reverse`, { reason });
    expect(codeOf(await reverse())).toEqual([409, 'fund_exceeded']);
    await leadEditor.ok(`/funds/${need.projectId}/void-expenditure`, { expenditureId, reason });
    expect((await reverse()).body).toMatchObject({ status: 'voided' });
    expect(await fundOf(need.projectId)).toMatchObject({ balances: [{ received: 0, spent: 0, balance: 0 }], status: 'open' });
    expect(await lineOf(need.money)).toMatchObject({ delivered: 0, confirmed: 500 });
  });
});

describe('who is refused, and what', () => {
  it('unverified organisations only draft, others’ pledges are theirs (R20)', async () => {
    const need = await publishNeed();
    const unverified = await concord.actor({ organisation: other, roles: ['approver'], standing: 'pending' });
    expect(codeOf(await unverified.post('/pledges', money(need.money, 1)))).toEqual([403, 'forbidden']);
    expect((await concord.anonymous().post('/pledges', money(need.money, 1))).status).toBe(401);
    const id = await offer(money(need.money, 10));
    const { hash: current } = await read(id);
    expect(codeOf(await leadApprover.post(`/pledges/${id}/withdraw`, { reason }))).toEqual([403, 'forbidden']);
    expect(codeOf(await funderApprover.post(`/pledges/${id}/accept`, { hash: current }))).toEqual([403, 'forbidden']);
    expect(codeOf(await funderEditor.post(`/pledges/${id}/withdraw`, { reason }))).toEqual([403, 'forbidden']);
    expect(codeOf(await ownerApprover.post(`/pledges/${id}/accept`, { hash: 'b'.repeat(64) }))).toEqual([409, 'stale_version']);
    await ownerApprover.ok(`/pledges/${id}/decline`, { reason });
    expect(await lineOf(need.money)).toMatchObject({ reserved: 0 });
  });

  it('a line that does not exist, a hostile input, an id that is taken', async () => {
    const need = await publishNeed();
    expect(codeOf(await funderEditor.post('/pledges', money(uuidv7(), 1)))).toEqual([404, 'not_found']);
    expect(codeOf(await funderEditor.post('/pledges', money(need.money, 1, { id: need.hours })))).toEqual([409, 'id_taken']);
    for (const body of [
      money(need.money, 0),
      money(need.money, 1.5),
      { ...money(need.money, 1), amount: { amount: '1', currency: 'USD' } },
      { ...money(need.money, 1), kind: '__proto__' },
      { ...money(need.money, 1), extra: true },
      money(need.money, 1, { exchange: { rate: '0', rateDate: '2035-01-01', source: 'x' } }),
      money(need.money, 1, { exchange: { rate: '1e9', rateDate: '2035-01-01', source: 'x' } }),
      { ...hoursOffer(need.hours, 1), until: '2034-12-31' },
      { lineId: need.money, kind: 'in_kind', items: 1, item: 'Pump', valuation: 'market_price' },
    ]) {
      const answer = await funderEditor.post('/pledges', body);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid']);
    }
    expect((await funderEditor.post('/pledges', money(need.money, 2 ** 53))).status).toBe(400);
    expect((await funderEditor.post('/pledges', money(need.money, Number.MAX_SAFE_INTEGER))).status).toBe(409);
    expect(await lineOf(need.money)).toMatchObject({ reserved: 0, version: 1 });
  });

  it('hours of days to come, and more than a day has (R16)', async () => {
    const need = await publishNeed();
    await awardNeed(need);
    const id = await commit(hoursOffer(need.hours, 50));
    const tomorrow = {
      kind: 'expertise',
      log: [{ pseudonym: 'E-1', day: daysAfter(concord.clock.now(), 1).slice(0, 10), hours: 1, work: 'x' }],
    };
    expect(codeOf(await funderEditor.post('/deliveries', { pledgeId: id, ...tomorrow }))).toEqual([409, 'future_date']);
    await record(id, log(20));
    expect(codeOf(await funderEditor.post('/deliveries', { pledgeId: id, ...log(5) }))).toEqual([409, 'too_many_hours']);
    expect(codeOf(await leadEditor.post('/deliveries', { pledgeId: id, ...log(1) }))).toEqual([403, 'forbidden']);
  });

  it('the last unit goes once, however many ask at the same moment, and a repeated request counts once (R3)', async () => {
    const need = await publishNeed();
    const answers = await Promise.all(Array.from({ length: 40 }, () => funderEditor.post('/pledges', money(need.money, 70))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(14);
    expect(await lineOf(need.money)).toMatchObject({ reserved: 980, open: 20 });
    const same = await Promise.all(
      Array.from({ length: 20 }, () => funderEditor.post('/pledges', money(need.money, 15), { key: 'once' })),
    );
    expect(new Set(same.map(({ body }) => body.id)).size).toBe(1);
    expect((await funderEditor.post('/pledges', money(need.money, 70, { acceptPartial: true }))).body).toMatchObject({
      quantity: 5,
      counted: 5,
    });
    expect(await lineOf(need.money)).toMatchObject({ reserved: 1_000, open: 0 });
  });
});
