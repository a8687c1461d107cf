import { VoidExpenditureInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { Expenditure, ExpenditureStruck, requireVoidable } from './domain/expenditure.js';
import { voidExpenditure } from './domain/fund.js';
import { fundResource } from './fund-book.js';
import { known } from './known.js';
import { leadEdits } from './policy.js';

/** The lead compensates an expenditure that was entered wrongly. */
export const voidExpenditureCommand = defineCommand({
  name: 'voidExpenditure',
  summary: 'Voids an expenditure that was entered wrongly, with a reason (R2).',
  on: fundResource,
  verb: 'void-expenditure',
  input: VoidExpenditureInput,
  allows: leadEdits,
  reads: ({ expenditureId }) => [{ aggregate: Expenditure, id: expenditureId }],
  decide: ({ id, at, input, state, ...decision }) => {
    const { expenditureId, reason } = input;
    const expenditure = known(decision, Expenditure, expenditureId);
    requireVoidable(expenditure, id);
    const { currency, quantity } = expenditure;
    const events = voidExpenditure(state, { expenditureId, currency, quantity, reason, at });
    decision.append(Expenditure, expenditureId, ExpenditureStruck({}));
    return events;
  },
});
