import {
  LineClosed,
  LineOpened,
  PledgeAccepted,
  PledgeAmended,
  PledgeLapsed,
  PledgeMade,
  type AmendPledgeInput,
  type MakePledgeInput,
} from '@concord/contracts';
import { daysAfter } from '@concord/kernel';
import { fold, given } from '@concord/testing';
import { CapacityReserved, Line } from './line.js';
import { acceptPledge, amendPledge, declinePledge, lapseOffer, makePledge, offerOf, withdrawPledge } from './offer.js';
import { Pledge } from './pledge.js';

const id = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [need, owner, lineId, funder, pledgeId] = [id(1), id(2), id(3), id(4), id(5)];
const at = '2026-01-01T00:00:00.000Z';
const opened = LineOpened({
  needId: need,
  ownerId: owner,
  kind: 'funding',
  title: 'Lessons',
  unit: 'USD',
  target: 60_000_000,
  recipient: 'lead',
});
const line = fold(Line, [opened]);
const reason = { code: 'more_found', text: 'The board agreed to more.' };

const money = (amount: number, currency = 'USD', more: object = {}): MakePledgeInput => ({
  lineId,
  kind: 'funding',
  amount: { amount, currency },
  instrument: 'grant',
  earmarking: 3,
  schedule: { type: 'by_milestone' },
  ...more,
});
const exchange = { rate: '1.2000', rateDate: '2025-12-31', source: 'European Central Bank' };
const make = (input: MakePledgeInput, on = line) =>
  makePledge(on, {
    lineId,
    organisationId: funder,
    offer: offerOf(input),
    validUntil: input.validUntil,
    acceptPartial: input.acceptPartial,
    at,
  });
const made = make(money(28_000_000));

describe('an offer', () => {
  it('stands 90 days unless it says otherwise (R11)', () => {
    expect(made.data.validUntil).toBe(daysAfter(at, 90));
    expect(make(money(1, 'USD', { validUntil: '2026-02-01T00:00:00Z' })).data.validUntil).toBe('2026-02-01T00:00:00.000Z');
    expect(() => make(money(1, 'USD', { validUntil: at }))).toThrow(expect.objectContaining({ code: 'invalid_date' }));
    expect(() => make(money(1, 'USD', { validUntil: '2032-01-01T00:00:00Z' }))).toThrow(
      expect.objectContaining({ code: 'invalid_date' }),
    );
  });

  it('counts in the currency of the line by the rate it states (R4)', () => {
    expect(make(money(12_500_000, 'EUR', { exchange })).data).toMatchObject({
      unit: 'EUR',
      quantity: 12_500_000,
      counted: 15_000_000,
    });
  });

  it('has to state a rate for another currency, and none for the same', () => {
    expect(() => make(money(5, 'EUR'))).toThrow(expect.objectContaining({ code: 'exchange_missing' }));
    expect(() => make(money(5, 'USD', { exchange }))).toThrow(expect.objectContaining({ code: 'exchange_not_needed' }));
    expect(() => make(money(5, 'EUR', { exchange: { ...exchange, rateDate: '2026-01-02' } }))).toThrow(
      expect.objectContaining({ code: 'future_date' }),
    );
  });

  it('does not count beyond exact integers, nor as nothing', () => {
    const huge = { ...exchange, rate: '999999999' };
    expect(() => make(money(Number.MAX_SAFE_INTEGER, 'EUR', { exchange: huge }))).toThrow(
      expect.objectContaining({ code: 'amount_too_large' }),
    );
    const tiny = { ...exchange, rate: '0.0000000001' };
    expect(() => make(money(1, 'EUR', { exchange: tiny }))).toThrow(expect.objectContaining({ code: 'amount_too_small' }));
  });

  it('is refused beyond what is open, or cut to it when the pledger agrees (R3)', () => {
    const full = fold(Line, [opened, CapacityReserved({ pledgeId: id(9), quantity: 59_999_990 })]);
    expect(() => make(money(11), full)).toThrow(expect.objectContaining({ code: 'line_full', details: { open: 10 } }));
    expect(make(money(11, 'USD', { acceptPartial: true }), full).data).toMatchObject({ quantity: 10, counted: 10 });
    expect(make(money(500, 'EUR', { exchange, acceptPartial: true }), full).data).toMatchObject({ quantity: 8, counted: 10 });
    const none = fold(Line, [opened, CapacityReserved({ pledgeId: id(9), quantity: 60_000_000 })]);
    expect(() => make(money(1, 'USD', { acceptPartial: true }), none)).toThrow(
      expect.objectContaining({ code: 'line_full', details: { open: 0 } }),
    );
  });

  it('cuts dated instalments in proportion, to the last unit (R5)', () => {
    const full = fold(Line, [opened, CapacityReserved({ pledgeId: id(9), quantity: 59_999_990 })]);
    const instalments = [1, 2, 3].map((month) => ({ dueOn: `2026-0${month}-01`, quantity: 20 }));
    const { terms } = make(money(60, 'USD', { acceptPartial: true, schedule: { type: 'by_date', instalments } }), full).data;
    expect(terms).toMatchObject({ schedule: { instalments: [{ quantity: 4 }, { quantity: 3 }, { quantity: 3 }] } });
  });

  it('has to be of the kind the line asks for, and the line open', () => {
    const hours: MakePledgeInput = {
      lineId,
      kind: 'expertise',
      hours: 900,
      skill: 'Teaching',
      role: 'Trainer',
      languages: ['en'],
      remote: true,
      from: '2026-01-01',
      until: '2026-06-01',
      aidType: 'D02',
      unitValue: { amount: 5500, currency: 'USD' },
    };
    expect(() => make(hours)).toThrow(expect.objectContaining({ code: 'wrong_kind' }));
    const closed = fold(Line, [opened, LineClosed({ needId: need, reason: 'need_closed' })]);
    expect(() => make(money(1), closed)).toThrow(expect.objectContaining({ code: 'wrong_state' }));
  });

  it('has a hash over everything the owner accepts', () => {
    expect(make(money(28_000_000)).data.hash).toBe(made.data.hash);
    expect(make(money(28_000_001)).data.hash).not.toBe(made.data.hash);
    expect(make(money(28_000_000, 'USD', { earmarking: 4 })).data.hash).not.toBe(made.data.hash);
  });
});

describe('amending', () => {
  const amend = (amount: number, currency = 'USD', day = at) =>
    amendPledge(fold(Pledge, [made]), fold(Line, [opened, CapacityReserved({ pledgeId, quantity: made.data.counted })]), {
      offer: offerOf(money(amount, currency, currency === 'EUR' ? { exchange } : {}) as unknown as AmendPledgeInput),
      at: day,
      reason,
    });

  it('replaces the offer and says by how much', () => {
    expect(amend(30_000_000).data).toMatchObject({
      quantity: 30_000_000,
      quantityChange: 2_000_000,
      countedChange: 2_000_000,
      version: 2,
    });
    expect(amend(30_000_000).data.hash).not.toBe(made.data.hash);
  });

  it('may use what the pledge holds already, and no more than is open beside it', () => {
    expect(amend(60_000_000).data.countedChange).toBe(32_000_000);
    expect(() => amend(60_000_001)).toThrow(expect.objectContaining({ code: 'line_full', details: { open: 60_000_000 } }));
  });

  it('keeps the currency, and ends with the offer', () => {
    expect(() => amend(5, 'EUR')).toThrow(expect.objectContaining({ code: 'unit_changed' }));
    expect(() => amend(5, 'USD', daysAfter(at, 91))).toThrow(expect.objectContaining({ code: 'offer_expired' }));
  });

  it('clears an acceptance (R9)', () => {
    const accepted = PledgeAccepted({ needId: need, lineId, organisationId: funder, hash: made.data.hash });
    const amended = PledgeAmended(amend(30_000_000).data);
    expect(fold(Pledge, [made, accepted, amended])).not.toHaveProperty('acceptedHash');
  });
});

describe('accepting, declining, withdrawing, lapsing', () => {
  const place = { needId: need, lineId, organisationId: funder };
  const amounts = { kind: 'funding', unit: 'USD', quantity: 28_000_000, counted: 28_000_000 } as const;
  const by = { hash: made.data.hash, person: 'approver-1', recipientId: undefined, at };

  it('accepts the current version only, and not by its author (R22, R26)', () => {
    given(Pledge, [made])
      .when((state) => acceptPledge(state, by))
      .then(PledgeAccepted({ ...place, hash: made.data.hash }));
    given(Pledge, [made])
      .when((state) => acceptPledge(state, { ...by, hash: '0'.repeat(64) }))
      .refused('stale_version', { current: made.data.hash });
    given(Pledge, [made])
      .when((state) => acceptPledge(state, { ...by, person: 'person-1' }))
      .refused('same_person');
    given(Pledge, [made, PledgeAccepted({ ...place, hash: made.data.hash })])
      .when((state) => acceptPledge(state, by))
      .refused('already_accepted');
  });

  it('ends an offer once', () => {
    const after = given(Pledge, [made]).when((state) => withdrawPledge(state, reason));
    const withdrawn = withdrawPledge(fold(Pledge, [made]), reason);
    after.then(withdrawn);
    given(Pledge, [made, withdrawn])
      .when((state) => declinePledge(state, reason))
      .refused('wrong_state');
    given(Pledge, [made, withdrawn])
      .when((state) => withdrawPledge(state, reason))
      .refused('wrong_state');
    given(Pledge, [made, declinePledge(fold(Pledge, [made]), reason)])
      .when((state) => acceptPledge(state, by))
      .refused('wrong_state');
  });

  it('lapses when its time is up or its line is closed, else stays (R11)', () => {
    const closed = fold(Line, [opened, LineClosed({ needId: need, reason: 'need_withdrawn' })]);
    given(Pledge, [made])
      .when((state) => lapseOffer(state, line, daysAfter(at, 90)))
      .then(PledgeLapsed({ ...place, ...amounts, cause: 'expired' }));
    given(Pledge, [made])
      .when((state) => lapseOffer(state, closed, at))
      .then(PledgeLapsed({ ...place, ...amounts, cause: 'line_closed' }));
    given(Pledge, [made])
      .when((state) => lapseOffer(state, line, daysAfter(at, 89)))
      .then();
    given(Pledge, [PledgeMade(made.data), withdrawPledge(fold(Pledge, [made]), reason)])
      .when((state) => lapseOffer(state, closed, daysAfter(at, 99)))
      .then();
  });
});
