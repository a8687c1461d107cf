import { ExpenditureRecorded, ExpenditureVoided, FundOpened, FundReopened, FundSettled, FundsRefunded } from '@concord/contracts';
import { Refused, type DomainEvent } from '@concord/kernel';
import { SPEC_META, fold, given, type Past } from '@concord/testing';
import fc from 'fast-check';
import { refundFunds } from './refund.js';
import {
  CommitmentFinished,
  CommitmentOpened,
  FundsReceiptReversed,
  FundsReceived,
  ProjectEnded,
  RefundOffered,
} from './fund-events.js';
import {
  Fund,
  balanceOf,
  markCommitment,
  openCommitment,
  recordExpenditure,
  requireDisbursement,
  reverseReceipt,
  settling,
  voidExpenditure,
} from './fund.js';

const id = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const [need, owner, lead, funder, pledgeId, deliveryId, expenditureId] = [1, 2, 3, 4, 5, 6, 7].map(id) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const { at } = SPEC_META;
const reason = { code: 'unspent', text: 'Transport cost less.' };
const opened = FundOpened({ needId: need, ownerId: owner, recipientId: lead });
const committed = CommitmentOpened({ pledgeId, organisationId: funder, kind: 'funding', currency: 'USD' });
const received = (quantity: number) => FundsReceived({ pledgeId, deliveryId, currency: 'USD', quantity });
const finished = CommitmentFinished({ pledgeId });
const spending = (quantity: number) => ({ expenditureId, currency: 'USD', quantity, spentOn: '2026-01-01', purpose: 'Survey', at });
const spent = (quantity: number) =>
  ExpenditureRecorded({ needId: need, expenditureId, currency: 'USD', quantity, spentOn: '2026-01-01', purpose: 'Survey' });
const refund = { pledgeId, currency: 'USD', quantity: 12, refundedOn: '2026-01-01', reference: 'RF-1', reason };
const byLead = { organisation: lead, at };
const byFunder = { organisation: funder, at };

describe('a fund', () => {
  it('spends no more than it received, per currency (R17)', () => {
    given(Fund, [opened, committed, received(100)])
      .when((fund) => recordExpenditure(fund, spending(100)))
      .then(spent(100));
    given(Fund, [opened, committed, received(100)])
      .when((fund) => recordExpenditure(fund, spending(101)))
      .refused('fund_exceeded', { available: 100 });
    given(Fund, [opened, committed, received(100)])
      .when((fund) => recordExpenditure(fund, { ...spending(1), currency: 'EUR' }))
      .refused('fund_exceeded', { available: 0 });
    given(Fund, [opened, committed, received(100)])
      .when((fund) => recordExpenditure(fund, { ...spending(1), spentOn: '2026-01-02' }))
      .refused('future_date');
  });

  it('compensates an expenditure that was entered wrongly (R2)', () => {
    const state = given(Fund, [opened, committed, received(100), spent(90)])
      .when((fund) => voidExpenditure(fund, { expenditureId, currency: 'USD', quantity: 90, reason, at }))
      .then(ExpenditureVoided({ needId: need, expenditureId, currency: 'USD', quantity: 90, reason }));
    expect(balanceOf(state, 'USD')).toBe(100);
  });

  it('refunds when the lead offers and the payer acknowledges, and is settled with the last of it', () => {
    const past: Past[] = [opened, committed, received(100), finished, spent(88)];
    given(Fund, past)
      .when((fund) => refundFunds(fund, refund, byFunder))
      .refused('not_offered');
    const offered = RefundOffered({ ...refund, organisationId: funder });
    given(Fund, past)
      .when((fund) => refundFunds(fund, refund, byLead))
      .then(offered);
    given(Fund, [...past, offered])
      .when((fund) => refundFunds(fund, { ...refund, quantity: 11 }, byFunder))
      .refused('not_offered');
    given(Fund, [...past, offered])
      .when((fund) => refundFunds(fund, refund, byFunder))
      .then(FundsRefunded({ needId: need, ...refund, organisationId: funder }), FundSettled({ needId: need }));
  });

  it('refunds no more than is there, nor more than the pledge paid', () => {
    const other = CommitmentOpened({ pledgeId: id(8), organisationId: id(9), kind: 'funding', currency: 'USD' });
    const past: Past[] = [
      opened,
      committed,
      other,
      received(10),
      FundsReceived({ pledgeId: id(8), deliveryId, currency: 'USD', quantity: 90 }),
    ];
    const offer = (more: object, code: string, details?: object) =>
      given(Fund, past)
        .when((fund) => refundFunds(fund, { ...refund, ...more }, byLead))
        .refused(code, details as Record<string, unknown>);
    offer({ quantity: 101 }, 'fund_exceeded', { available: 100 });
    offer({ quantity: 11 }, 'exceeds_received', { left: 10 });
    offer({ currency: 'EUR' }, 'wrong_currency');
    offer({ pledgeId: id(77) }, 'not_found');
  });

  it('is settled when nothing is open and nothing is left, and reopened when that is undone', () => {
    const past: Past[] = [opened, committed, received(100), spent(100)];
    const state = given(Fund, past)
      .when((fund) => settling(fund, markCommitment(fund, pledgeId, false), at))
      .then(finished, FundSettled({ needId: need }));
    expect(state.status).toBe('settled');
    const other = { organisationId: funder, kind: 'expertise', unit: 'hour' } as const;
    given(Fund, [...past, finished, FundSettled({ needId: need })])
      .when((fund) => settling(fund, [openCommitment(fund, id(8), other)], at))
      .then(CommitmentOpened({ pledgeId: id(8), organisationId: funder, kind: 'expertise' }), FundReopened({ needId: need }));
    given(Fund, [...past, finished, FundSettled({ needId: need })])
      .when((fund) => recordExpenditure(fund, spending(1)))
      .refused('wrong_state');
  });

  it('is settled, and forgets an offered refund, when the money was spent after all', () => {
    const offered = RefundOffered({ ...refund, organisationId: funder });
    const state = given(Fund, [opened, committed, received(100), finished, spent(88), offered])
      .when((fund) => recordExpenditure(fund, spending(12)))
      .then(spent(12), FundSettled({ needId: need }));
    expect(state.pendingRefund).toBeUndefined();
  });

  it('gives back no receipt that is spent', () => {
    const receipt = { pledgeId, deliveryId, currency: 'USD', quantity: 100 };
    given(Fund, [opened, committed, received(100), spent(1)])
      .when((fund) => reverseReceipt(fund, receipt))
      .refused('fund_exceeded', { available: 99 });
    given(Fund, [opened, committed, received(100)])
      .when((fund) => reverseReceipt(fund, receipt))
      .then(FundsReceiptReversed(receipt));
  });

  it('takes no commitment and pays nothing when the project stopped (R40)', () => {
    given(Fund, [opened, ProjectEnded({ reason })])
      .when((fund) => openCommitment(fund, pledgeId, { organisationId: funder, kind: 'funding', unit: 'USD' }))
      .refused('wrong_state');
    const suspended = { ...fold(Fund, [opened]), suspended: true };
    expect(() => requireDisbursement(suspended)).toThrow(expect.objectContaining({ code: 'project_suspended' }));
  });

  it('never spends and refunds more than it received, and is settled exactly when it should be (R17)', () => {
    const step = fc.record({
      action: fc.constantFrom('receive', 'spend', 'void', 'refund', 'finish'),
      quantity: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const past: DomainEvent[] = [opened, committed];
        let fund = fold(Fund, past);
        const expenditures: number[] = [];
        for (const { action, quantity } of steps) {
          try {
            const events = take(fund, action, quantity, expenditures);
            for (const event of events) fund = Fund.evolve(fund, event, SPEC_META);
            past.push(...events);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
          }
          expect(balanceOf(fund, 'USD')).toBeGreaterThanOrEqual(0);
          const settledNow = fund.commitments[pledgeId]?.open === false && balanceOf(fund, 'USD') === 0;
          expect(fund.status).toBe(settledNow ? 'settled' : 'open');
        }
        expect(fold(Fund, past)).toEqual(fund);
      }),
      { numRuns: 50 },
    );
  });
});

function take(
  fund: ReturnType<typeof fold<typeof Fund.initial>>,
  action: string,
  quantity: number,
  expenditures: number[],
): DomainEvent[] {
  switch (action) {
    case 'receive':
      return fund.commitments[pledgeId]?.open ? settling(fund, [received(quantity)], at) : [];
    case 'spend': {
      const events = recordExpenditure(fund, spending(quantity));
      expenditures.push(quantity);
      return events;
    }
    case 'void': {
      const last = expenditures.at(-1);
      if (last === undefined) return [];
      const events = voidExpenditure(fund, { expenditureId, currency: 'USD', quantity: last, reason, at });
      expenditures.pop();
      return events;
    }
    case 'refund':
      return refundFunds(
        fund,
        { ...refund, quantity: fund.pendingRefund?.quantity ?? quantity },
        fund.pendingRefund ? byFunder : byLead,
      );
    default:
      return settling(fund, markCommitment(fund, pledgeId, false), at);
  }
}
