import type { LoggedEvent } from '@concord/platform';
import fc from 'fast-check';
import { POSTED_KINDS, postingsOf } from './ledger-entries.js';

const facts = {
  needId: 'need-1',
  lineId: 'line-1',
  organisationId: 'funder-1',
  projectId: 'project-1',
  unit: 'USD',
  currency: 'USD',
  quantity: 100,
  quantityChange: -20,
  cause: 'remainder',
  lapsed: false,
};
const event = (kind: string, more: object = {}, stream = 'project-1'): LoggedEvent => ({
  stream,
  version: 1,
  kind,
  data: { ...facts, ...more } as never,
  at: '2026-01-01T00:00:00.000Z',
});
const lines = (kind: string, more: object = {}) =>
  postingsOf(event(kind, more)).postings.map(({ book, account: [account], amount }) => `${book} ${account} ${amount}`);

describe('the ledger', () => {
  it('promises on offer, commits on confirmation, moves on acknowledgement', () => {
    expect(lines('PledgeMade')).toEqual(['promised line 100', 'promised pledger -100']);
    expect(lines('PledgeConfirmed')).toEqual([
      'promised line -100',
      'promised pledger 100',
      'committed line 100',
      'committed pledger -100',
    ]);
    expect(lines('PledgeDelivered')).toEqual([
      'committed line -100',
      'committed pledger 100',
      'moved fund 100',
      'moved pledger -100',
    ]);
  });

  it('reverses what comes to nothing, in the book where it stood', () => {
    for (const kind of ['PledgeWithdrawn', 'PledgeDeclined'])
      expect(lines(kind)).toEqual(['promised line -100', 'promised pledger 100']);
    expect(lines('PledgeLapsed', { cause: 'expired' })[0]).toBe('promised line -100');
    expect(lines('PledgeLapsed', { cause: 'line_closed' })[0]).toBe('promised line -100');
    expect(lines('PledgeLapsed', { cause: 'remainder' })[0]).toBe('committed line -100');
    expect(lines('PledgeLapsed', { cause: 'project_cancelled' })[0]).toBe('committed line -100');
    expect(lines('PledgeDeliveryReversed')).toEqual([
      'moved fund -100',
      'moved pledger 100',
      'committed line 100',
      'committed pledger -100',
    ]);
    expect(lines('PledgeDeliveryReversed', { lapsed: true })).toEqual(['moved fund -100', 'moved pledger 100']);
  });

  it('follows changes, spending and refunds', () => {
    expect(lines('PledgeAmended')).toEqual(['promised line -20', 'promised pledger 20']);
    expect(lines('CommitmentRevised', { quantityChange: 0 })).toEqual([]);
    expect(lines('ExpenditureRecorded')).toEqual(['moved spending 100', 'moved fund -100']);
    expect(lines('ExpenditureVoided')).toEqual(['moved spending -100', 'moved fund 100']);
    expect(lines('FundsRefunded')).toEqual(['moved pledger 100', 'moved fund -100']);
    expect(postingsOf(event('FundsRefunded', { projectId: undefined }, 'project-9')).projectId).toBe('project-9');
  });

  it('sums to zero per book and unit for whatever happens (R18)', () => {
    const any = fc.record({
      kind: fc.constantFrom(...POSTED_KINDS),
      quantity: fc.integer({ min: 1, max: 1e9 }),
      quantityChange: fc.integer({ min: -1e9, max: 1e9 }),
      cause: fc.constantFrom('expired', 'remainder'),
      lapsed: fc.boolean(),
      unit: fc.constantFrom('USD', 'EUR', 'hour'),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (happened) => {
        const sums = new Map<string, number>();
        for (const { kind, ...more } of happened) {
          for (const { book, unit, amount } of postingsOf(event(kind, more)).postings)
            sums.set(`${book} ${unit}`, (sums.get(`${book} ${unit}`) ?? 0) + amount);
        }
        expect([...sums.values()].every((sum) => sum === 0)).toBe(true);
      }),
    );
  });
});
