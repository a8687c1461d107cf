import {
  MilestoneReleased,
  NeedAwardFinalised,
  NeedPublished,
  PARTNERSHIPS_EVENTS,
  PlanAgreed,
  ProposalAccepted,
  STEWARDSHIP_EVENTS,
} from '@concord/contracts';
import { daysAfter, type EventMeta } from '@concord/kernel';
import { uuidv7, type LoggedEvent } from '@concord/platform';
import { startConcord, type Actor, type TestConcord } from '@concord/testing';
import { POSTED_KINDS, postingsOf } from './ledger-entries.js';
import { pledges } from './pledges.service.js';

// The pledges part of the story (domain.md section 6), with plain pledges in place of the match and the condition: played by
// public events of the other contexts and by HTTP, checked against the table at its end.
const DAY_0 = '2035-03-02T08:00:00.000Z';
const reason = { code: 'story', text: 'As the story has it.' };
const hash = 'a'.repeat(64);
const sha256 = 'c'.repeat(64);
const usd = (amount: number) => ({ amount: amount * 100, currency: 'USD' });
const eur = (amount: number) => ({ amount: amount * 100, currency: 'EUR' });

const organisations = [
  'ministry',
  'lantern',
  'harbourlight',
  'norvale',
  'brightwater',
  'cedar',
  'umber',
  'lakemont',
  'kestrel',
  'cobalt',
  'openmeadow',
  'atlas',
] as const;
type Name = (typeof organisations)[number];

let concord: TestConcord;
const ids = Object.fromEntries(organisations.map((name) => [name, uuidv7()])) as Record<Name, string>;
const editor = {} as Record<Name, Actor>;
const approver = {} as Record<Name, Actor>;
const second = {} as Record<Name, Actor>;
const needId = uuidv7();
const projectId = uuidv7();
const proposalId = uuidv7();
const line = { L1: uuidv7(), L2: uuidv7(), L3: uuidv7(), L4: uuidv7() };
const milestones = [20, 30, 30, 20].map((share) => ({ milestoneId: uuidv7(), share }));
const pledge: Record<string, string> = {};

const day = (n: number): Promise<void> => concord.moveTo(daysAfter(DAY_0, n));
const today = (): string => concord.clock.now().slice(0, 10);

beforeAll(async () => {
  concord = await startConcord({
    services: [pledges],
    sources: { partnerships: PARTNERSHIPS_EVENTS, stewardship: STEWARDSHIP_EVENTS },
    at: DAY_0,
  });
  for (const name of organisations) {
    editor[name] = await concord.actor({ organisation: ids[name], roles: ['editor'] });
    approver[name] = await concord.actor({ organisation: ids[name] });
    second[name] = await concord.actor({ organisation: ids[name] });
  }
}, 60_000);

afterAll(async () => {
  expect(concord.faults).toEqual([]);
  await concord.stop();
});

const funding = (lineId: string, amount: object, more: object = {}) => ({
  lineId,
  kind: 'funding',
  amount,
  instrument: 'grant',
  earmarking: 3,
  schedule: { type: 'by_milestone' },
  ...more,
});
const expertise = (hours: number, aidType: string, rate?: number) => ({
  lineId: line.L2,
  kind: 'expertise',
  hours,
  skill: 'Teacher training',
  role: 'Trainer',
  languages: ['en', 'ny'],
  remote: false,
  from: '2035-04-24',
  until: '2036-03-02',
  aidType,
  ...(rate === undefined ? {} : { unitValue: usd(rate) }),
});

async function make(name: string, by: Name, body: object): Promise<void> {
  const { body: made } = await editor[by].ok('/pledges', body);
  pledge[name] = made.id as string;
}

const lineState = async (id: string) => (await concord.anonymous().get(`/lines/${id}`)).body as Record<string, number>;
interface Shown {
  readonly hash: string;
  readonly kind: string;
  readonly instalments: readonly { readonly quantity: number }[];
}
const read = async (name: string) => (await concord.anonymous().get(`/pledges/${pledge[name]}`)).body as Shown;

async function deliver(name: string, by: Name, to: Name, body: object, word: object): Promise<void> {
  const { body: delivery } = await editor[by].ok('/deliveries', { pledgeId: pledge[name], ...body });
  await approver[to].ok(`/deliveries/${delivery.id}/acknowledge`, word);
}

async function pay(name: string, by: Name, amount: { amount: number; currency: string }): Promise<void> {
  await deliver(
    name,
    by,
    'lantern',
    { kind: 'funding', amount, paidOn: today(), reference: `${name} ${today()}` },
    { accepted: amount.amount },
  );
}

let worked = 0;
const hoursOf = (hours: number) => {
  const log = [];
  for (let left = hours; left > 0; left -= 8) {
    worked += 1;
    log.push({
      pseudonym: `T-${worked % 40}`,
      day: daysAfter(concord.clock.now(), -1 - Math.floor(worked / 40)).slice(0, 10),
      hours: Math.min(8, left),
      work: 'Training',
    });
  }
  return { kind: 'expertise', log };
};

describe('the story, steps 3 to 5: lines and pledges', () => {
  it('opens four lines with the need', async () => {
    const fields = { lineId: '', title: '', recipient: 'lead' as const };
    await concord.publish(
      'partnerships',
      needId,
      NeedPublished({
        organisationId: ids.ministry,
        title: 'Offline lessons, 60 schools',
        language: 'en',
        needType: 'technical_assistance',
        country: 'MW',
        regions: ['MW-ZO', 'MW-MG'],
        sdgTargets: ['4.a'],
        useCase: 'Remote Learning',
        lines: [
          { ...fields, lineId: line.L1, kind: 'funding', title: 'Money', unit: 'USD', target: 60_000_000, minimum: 45_000_000 },
          { ...fields, lineId: line.L2, kind: 'expertise', title: 'Trainers', unit: 'hour', target: 1_600 },
          { ...fields, lineId: line.L3, kind: 'in_kind', title: 'Tablets', unit: 'item', target: 240, recipient: 'owner' },
          { ...fields, lineId: line.L4, kind: 'data', title: 'School data', unit: 'dataset', target: 1 },
        ],
        criteria: [{ criterionId: uuidv7(), title: 'Relevance', weight: 100 }],
        intakeClosesAt: daysAfter(DAY_0, 21),
        validUntil: daysAfter(DAY_0, 120),
      }),
    );
    const { body } = await concord.anonymous().get(`/lines?need=${needId}`);
    expect(body.items.map((one: { open: number }) => one.open).sort()).toEqual([1, 1_600, 240, 60_000_000]);
  });

  it('takes pledges of money until nothing is open', async () => {
    await day(2);
    await make('P1', 'harbourlight', funding(line.L1, usd(280_000)));
    expect(await lineState(line.L1)).toMatchObject({ open: 32_000_000 });
    await day(3);
    await make('P3', 'brightwater', funding(line.L1, usd(90_000)));
    await day(5);
    await make('P4', 'cedar', funding(line.L1, usd(60_000)));
    await day(9);
    const { lineId: _line, ...amended } = funding(line.L1, usd(300_000));
    await editor.harbourlight.ok(`/pledges/${pledge['P1']}/amend`, { ...amended, reason });
    await day(14);
    const exchange = { rate: '1.2000', rateDate: '2035-03-13', source: 'European Central Bank' };
    await make('P2', 'norvale', funding(line.L1, eur(125_000), { exchange }));
    expect(await lineState(line.L1)).toMatchObject({ open: 0, pledged: 60_000_000, gap: 60_000_000 });
    await day(15);
    const refused = await editor.umber.post('/pledges', funding(line.L1, usd(25_000)));
    expect([refused.status, refused.body.code, refused.body.details]).toEqual([409, 'line_full', { open: 0 }]);
  });

  it('takes hours, goods and data', async () => {
    await make('P5', 'lakemont', expertise(900, 'D02', 55));
    await make('P6', 'kestrel', expertise(500, 'D01', 60));
    await make('P7', 'cobalt', expertise(100, 'D01'));
    const full = await editor.openmeadow.post('/pledges', expertise(200, 'D02', 50));
    expect([full.body.code, full.body.details]).toEqual(['line_full', { open: 100 }]);
    await approver.cobalt.ok(`/pledges/${pledge['P7']}/withdraw`, { reason });
    await make('P8', 'openmeadow', expertise(200, 'D02', 50));
    await make('P9', 'brightwater', {
      lineId: line.L3,
      kind: 'in_kind',
      items: 240,
      item: 'Tablet',
      valuation: 'replacement_cost',
      unitValue: usd(180),
    });
    const data = {
      lineId: line.L4,
      kind: 'data',
      title: 'School list',
      format: 'CSV',
      licence: 'CC-BY-4.0',
      records: 1_240,
      personalData: 'none',
      sha256,
    };
    const unlicensed = await editor.atlas.post('/pledges', { ...data, licence: 'Free-For-All' });
    expect([unlicensed.status, unlicensed.body.errors[0].pointer]).toEqual([400, '/licence']);
    await make('P10', 'atlas', data);
  });

  it('shows every pledge to everyone, with facets', async () => {
    const { body } = await concord.anonymous().get(`/pledges?need=${needId}&facets=true&count=estimate&limit=3`);
    expect(body.items).toHaveLength(3);
    expect(body.count).toEqual({ value: 10, more: false });
    expect(body.facets.status).toEqual([
      { value: 'offered', count: 9 },
      { value: 'withdrawn', count: 1 },
    ]);
  });
});

describe('steps 9 to 11: award, plan, commitments', () => {
  it('confirms nothing before the award is final (R9)', async () => {
    await day(35);
    await concord.publish(
      'partnerships',
      proposalId,
      ProposalAccepted({
        needId,
        ownerId: ids.ministry,
        leadId: ids.lantern,
        partnerIds: [ids.openmeadow],
        projectId,
        title: 'Lantern',
        hash,
        meanScore: 8183,
        country: 'MW',
        sdgTargets: ['4.a'],
        lines: [
          {
            lineId: line.L1,
            kind: 'funding',
            title: 'Money',
            unit: 'USD',
            target: 60_000_000,
            minimum: 45_000_000,
            recipient: 'lead',
          },
        ],
      }),
    );
    await day(43);
    const planned = milestones.map((one, index) => ({ ...one, title: `M${index + 1}`, dueOn: '2035-06-01', lineIds: [line.L1] }));
    await concord.publish('stewardship', projectId, PlanAgreed({ needId, hash, milestones: planned }));
    await day(44);
    const { hash: current } = await read('P1');
    const early = await approver.harbourlight.post(`/pledges/${pledge['P1']}/confirm`, { hash: current });
    expect(early.body.code).toBe('not_final');
    await day(52);
    await concord.publish(
      'partnerships',
      needId,
      NeedAwardFinalised({ organisationId: ids.ministry, proposalId, leadId: ids.lantern, projectId }),
    );
  });

  it('turns nine pledges into commitments: money with two approvers', async () => {
    await day(53);
    const by: Record<string, Name> = {
      P1: 'harbourlight',
      P2: 'norvale',
      P3: 'brightwater',
      P4: 'cedar',
      P5: 'lakemont',
      P6: 'kestrel',
      P8: 'openmeadow',
      P9: 'brightwater',
      P10: 'atlas',
    };
    for (const [name, pledger] of Object.entries(by)) {
      const { hash: current, kind } = await read(name);
      const unaccepted = await approver[pledger].post(`/pledges/${pledge[name]}/confirm`, { hash: current });
      expect(unaccepted.body.code).toBe('not_accepted');
      await approver.ministry.ok(`/pledges/${pledge[name]}/accept`, { hash: current });
      const first = await approver[pledger].ok(`/pledges/${pledge[name]}/confirm`, { hash: current });
      if (kind !== 'funding') continue;
      expect(first.body).toMatchObject({ status: 'offered', pendingApproval: { of: 'confirm' } });
      const again = await approver[pledger].post(`/pledges/${pledge[name]}/confirm`, { hash: current });
      expect(again.body.code).toBe('same_person');
      await second[pledger].ok(`/pledges/${pledge[name]}/confirm`, { hash: current });
    }
    expect(await lineState(line.L1)).toMatchObject({ confirmed: 60_000_000, gap: 0, minimumReached: true });
    expect(await read('P9')).toMatchObject({ recipientId: ids.ministry, projectId });
    const parts = async (name: string) => (await read(name)).instalments.map(({ quantity }) => quantity / 100_000);
    expect(await parts('P1')).toEqual([60, 90, 90, 60]);
    expect(await parts('P2')).toEqual([25, 37.5, 37.5, 25]);
    expect(await parts('P3')).toEqual([18, 27, 27, 18]);
    expect(await parts('P4')).toEqual([12, 18, 18, 12]);
  });
});

describe('steps 12 to 15: deliveries', () => {
  const release = async (index: number): Promise<void> => {
    const { milestoneId, share } = milestones[index]!;
    await concord.publish('stewardship', milestoneId, MilestoneReleased({ projectId, needId, share }));
  };
  const payAll = async (thousands: readonly [number, number, number, number]): Promise<void> => {
    const [p1, p2, p3, p4] = thousands;
    await pay('P1', 'harbourlight', usd(p1 * 1_000));
    await pay('P2', 'norvale', eur(p2 * 1_000));
    await pay('P3', 'brightwater', usd(p3 * 1_000));
    await pay('P4', 'cedar', usd(p4 * 1_000));
  };

  it('pays no instalment before its milestone is released (R13)', async () => {
    await day(93);
    const early = { pledgeId: pledge['P1'], kind: 'funding', amount: usd(60_000), paidOn: today(), reference: 'early' };
    expect((await editor.harbourlight.post('/deliveries', early)).body.code).toBe('not_released');
    await release(0);
    expect(await read('P1')).toMatchObject({ due: 6_000_000 });
    await day(97);
    await payAll([60, 25, 18, 12]);
    const { body: fund } = await concord.anonymous().get(`/funds/${projectId}`);
    expect(fund.balances).toMatchObject([
      { currency: 'EUR', received: 2_500_000 },
      { currency: 'USD', received: 9_000_000 },
    ]);
    expect(await lineState(line.L1)).toMatchObject({ delivered: 12_000_000 });
  });

  it('counts what the recipient accepts, of goods, data and hours', async () => {
    const tablets = (items: number) => ({ kind: 'in_kind', items, deliveredOn: today(), place: 'Zomba depot' });
    await deliver('P9', 'brightwater', 'ministry', tablets(150), { accepted: 150 });
    await deliver('P9', 'brightwater', 'ministry', tablets(90), { accepted: 88, rejected: [{ quantity: 2, reason }] });
    await deliver('P9', 'brightwater', 'ministry', tablets(2), { accepted: 2, place: 'Ministry store, Zomba' });
    expect(await read('P9')).toMatchObject({ status: 'delivered', delivered: 240 });

    const handover = (sum: string) => ({ kind: 'data', handedOverOn: today(), records: 1_240, sha256: sum });
    const { body: handed } = await editor.atlas.ok('/deliveries', { pledgeId: pledge['P10'], ...handover('b'.repeat(64)) });
    const wrong = await approver.lantern.post(`/deliveries/${handed.id}/acknowledge`, { accepted: 1, sha256 });
    expect(wrong.body.code).toBe('checksum_mismatch');
    await approver.lantern.ok(`/deliveries/${handed.id}/dispute`, { reason });
    await editor.atlas.ok(`/deliveries/${handed.id}/correct`, { ...handover(sha256), reason });
    await approver.lantern.ok(`/deliveries/${handed.id}/acknowledge`, { accepted: 1, sha256 });

    for (const [name, by, hours] of [
      ['P5', 'lakemont', 300],
      ['P5', 'lakemont', 400],
      ['P5', 'lakemont', 200],
      ['P6', 'kestrel', 250],
      ['P6', 'kestrel', 250],
      ['P8', 'openmeadow', 80],
      ['P8', 'openmeadow', 60],
    ] as const) {
      await deliver(name, by, 'lantern', hoursOf(hours), { accepted: hours });
    }
    expect(await lineState(line.L2)).toMatchObject({ delivered: 1_540 });
  });

  it('hides evidence from those not concerned, as if it were absent', async () => {
    const { body } = await approver.atlas.get(`/deliveries?pledge=${pledge['P10']}`);
    expect(body.items).toMatchObject([{ status: 'acknowledged', evidence: { sha256 } }]);
    const { id } = body.items[0] as { id: string };
    expect((await concord.anonymous().get(`/deliveries/${id}`)).status).toBe(404);
    expect((await approver.cobalt.get(`/deliveries/${id}`)).status).toBe(404);
    expect((await approver.cobalt.get(`/deliveries?pledge=${pledge['P10']}`)).body.items).toEqual([]);
  });

  it('pays the other milestones as they are released', async () => {
    await day(192);
    await release(1);
    await payAll([90, 37.5, 27, 18]);
    await day(310);
    await release(2);
    await payAll([90, 37.5, 27, 18]);
    await day(365);
    await release(3);
    await payAll([60, 25, 18, 12]);
    for (const name of ['P1', 'P2', 'P3', 'P4']) expect(await read(name)).toMatchObject({ status: 'delivered', due: 0 });
  });
});

describe('step 17: the books are closed', () => {
  const spend = (amount: object, expenditureId?: string) =>
    editor.lantern.post(`/funds/${projectId}/record-expenditure`, {
      amount,
      spentOn: today(),
      purpose: 'As planned',
      ...(expenditureId ? { expenditureId } : {}),
    });

  it('spends what was received and no more, per currency (R17)', async () => {
    await day(370);
    const twice = uuidv7();
    expect((await spend(usd(433_500))).status).toBe(200);
    expect((await spend(usd(4_500))).status).toBe(200);
    expect((await spend(usd(4_500), twice)).status).toBe(200);
    await editor.lantern.ok(`/funds/${projectId}/void-expenditure`, { expenditureId: twice, reason });
    expect((await editor.lantern.post(`/funds/${projectId}/void-expenditure`, { expenditureId: twice, reason })).body.code).toBe(
      'wrong_state',
    );
    expect((await spend(eur(125_000))).status).toBe(200);
    expect((await spend(eur(1))).body).toMatchObject({ code: 'fund_exceeded', details: { available: 0 } });
    expect((await editor.umber.post(`/funds/${projectId}/record-expenditure`, {})).status).toBe(400);
  });

  it('refunds the rest, lets 60 hours lapse, and is settled', async () => {
    await day(378);
    const refund = { pledgeId: pledge['P1'], amount: usd(12_000), refundedOn: today(), reference: 'RF-1', reason };
    expect((await approver.cedar.post(`/funds/${projectId}/refund`, refund)).body.code).toBe('not_offered');
    await approver.lantern.ok(`/funds/${projectId}/refund`, refund);
    const { body: refunded } = await approver.harbourlight.ok(`/funds/${projectId}/refund`, refund);
    expect(refunded).toMatchObject({ status: 'open', openCommitments: 1 });
    await day(380);
    const path = `/pledges/${pledge['P8']}/lapse-remainder`;
    expect((await approver.openmeadow.ok(path, { reason })).body).toMatchObject({
      status: 'partly_delivered',
      pendingApproval: { of: 'lapse-remainder' },
    });
    expect((await approver.ministry.ok(path, { reason })).body).toMatchObject({ status: 'lapsed', delivered: 140, lapsed: 60 });
    const { body: fund } = await concord.anonymous().get(`/funds/${projectId}`);
    expect(fund).toMatchObject({
      status: 'settled',
      openCommitments: 0,
      balances: [
        { currency: 'EUR', received: 12_500_000, spent: 12_500_000, refunded: 0, balance: 0 },
        { currency: 'USD', received: 45_000_000, spent: 43_800_000, refunded: 1_200_000, balance: 0 },
      ],
    });
  });
});

describe('the table at the end', () => {
  it('has the figures of every line, never added across units, and the value of what is not money apart', async () => {
    const { body } = await concord.anonymous().get(`/needs/${needId}/funding`);
    expect(body.lines).toMatchObject([
      { id: line.L1, pledged: 60_000_000, confirmed: 60_000_000, delivered: 60_000_000, gap: 0 },
      { id: line.L2, delivered: 1_540, confirmed: 1_540, target: 1_600, gap: 60 },
      { id: line.L3, delivered: 240, gap: 0 },
      { id: line.L4, delivered: 1, gap: 0 },
    ]);
    expect(body.units).toHaveLength(4);
    expect(body.nonCash).toEqual([
      { currency: 'USD', method: 'replacement_cost', value: 4_320_000 },
      { currency: 'USD', method: 'unit_rate', value: 4_950_000 + 3_000_000 + 700_000 },
    ]);
  });

  it('has everybody’s conversion (R19)', async () => {
    const conversion = async (name: Name) =>
      (await concord.anonymous().get(`/organisations/${ids[name]}/conversion`)).body.items as { [key: string]: number }[];
    expect(await conversion('openmeadow')).toMatchObject([
      { pledged: 200, confirmed: 200, delivered: 140, deliveredPermille: 700 },
    ]);
    expect((await conversion('cobalt'))[0]).toEqual({
      kind: 'expertise',
      unit: 'hour',
      pledges: 1,
      pledged: 100,
      confirmed: 0,
      delivered: 0,
      confirmedPermille: 0,
    });
    for (const name of ['harbourlight', 'norvale', 'brightwater', 'cedar', 'lakemont', 'kestrel', 'atlas'] as const) {
      for (const item of await conversion(name)) expect(item).toMatchObject({ confirmedPermille: 1000, deliveredPermille: 1000 });
    }
    expect(await conversion('umber')).toEqual([]);
  });

  it('balances every book, with nothing left promised or committed (R18)', async () => {
    await concord.settle();
    const { body } = await concord.anonymous().get(`/ledger?need=${needId}`);
    expect(body.balanced).toBe(true);
    const left = body.accounts.filter(({ balance }: { balance: number }) => balance !== 0) as {
      book: string;
      unit: string;
      accountKind: string;
      balance: number;
    }[];
    expect(left.every(({ book }) => book === 'moved')).toBe(true);
    expect(left.filter(({ accountKind, unit }) => accountKind === 'spending' && unit === 'USD')).toMatchObject([
      { balance: 43_800_000 },
    ]);
    expect(
      left.filter(({ accountKind, unit }) => accountKind === 'fund' && unit !== 'hour' && unit !== 'item' && unit !== 'dataset'),
    ).toEqual([]);
    const whole = await concord.anonymous().get('/ledger');
    expect(whole.body).toMatchObject({ balanced: true, accounts: [] });
    expect(
      whole.body.books
        .map(({ debit, credit }: { debit: number; credit: number }) => debit - credit)
        .every((rest: number) => rest === 0),
    ).toBe(true);
  });

  it('lists what moved through the fund, page by page', async () => {
    const seen: unknown[] = [];
    let path: string | undefined = `/funds/${projectId}/entries?limit=15`;
    while (path) {
      const { body, headers } = await concord.anonymous().get(path);
      seen.push(
        ...body.items.map(
          ({ stream, streamVersion, accountKind, unit }: Record<string, unknown>) =>
            `${String(stream)}/${String(streamVersion)} ${String(accountKind)} ${String(unit)}`,
        ),
      );
      path = /<\/api\/v1([^>]+)>/u.exec(headers.get('link') ?? '')?.[1];
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(2 * (16 + 3 + 1 + 7 + 4 + 1 + 1));
  });

  it('refuses a cursor that is none of its own', async () => {
    const forged = ['x', '2035-13-99T00:00:00.000000Z,', '0000-01-01T00:00:00.000000Z,', '2035-01-01T00:00:00.000000Z,']
      .map((at) => `${at}${'-'.repeat(36)},1,0`)
      .map((place) => Buffer.from(place).toString('base64url'));
    for (const cursor of forged) {
      const { status, body } = await concord.anonymous().get(`/funds/${projectId}/entries?cursor=${cursor}`);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
    }
  });

  it('has boards and a ledger that a fold of the log gives again (I8)', async () => {
    const { database } = concord.platform.context('pledges');
    const events = await database.query<LoggedEvent & { meta: EventMeta }>(
      'SELECT stream, version, kind, data, meta FROM events ORDER BY stream, version',
    );
    for (const { aggregate, view } of pledges.resources) {
      const states = new Map<string, unknown>();
      for (const event of events) {
        if (aggregate.events.has(event.kind))
          states.set(event.stream, aggregate.evolve(states.get(event.stream) ?? aggregate.initial, event, event.meta));
      }
      const rows = await database.query<{ row: Record<string, unknown> }>(
        `SELECT row_to_json(v) AS row FROM ${view!.table.name} v`,
      );
      expect(rows).toHaveLength(states.size);
      for (const { row } of rows)
        expect(comparable(row)).toEqual(comparable(view!.row(String(row['id']), states.get(String(row['id'])))!));
    }
    const sums = new Map<string, number>();
    for (const event of events.filter(({ kind }) => POSTED_KINDS.includes(kind))) {
      for (const { book, unit, amount } of postingsOf(event).postings) {
        if (amount > 0) sums.set(`${book} ${unit}`, (sums.get(`${book} ${unit}`) ?? 0) + amount);
      }
    }
    const { books } = (await concord.anonymous().get('/ledger')).body as { books: { book: string; unit: string; debit: number }[] };
    expect(new Map(books.map(({ book, unit, debit }) => [`${book} ${unit}`, debit]))).toEqual(sums);
  });
});

/** A row as JSON has it: without absent columns, times in one spelling. */
const comparable = (row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([column, value]) => [
        column,
        column.endsWith('_at') || column === 'valid_until' ? new Date(String(value)).toISOString() : value,
      ]),
  );
