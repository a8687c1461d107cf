import { fold } from '@concord/testing';
import { Expenditure, ExpenditureEntered, ExpenditureStruck, requireVoidable } from './expenditure.js';

const fundId = '01890000-0000-7000-8000-000000000001';
const entered = ExpenditureEntered({ fundId, currency: 'USD', quantity: 450_000 });

describe('an expenditure', () => {
  it('is voided once, and by its own fund only', () => {
    const expenditure = fold(Expenditure, [entered]);
    expect(() => requireVoidable(expenditure, fundId)).not.toThrow();
    expect(() => requireVoidable(expenditure, fundId.replace('1', '2'))).toThrow(expect.objectContaining({ code: 'not_found' }));
    const struck = fold(Expenditure, [entered, ExpenditureStruck({})]);
    expect(() => requireVoidable(struck, fundId)).toThrow(expect.objectContaining({ code: 'wrong_state' }));
  });
});
