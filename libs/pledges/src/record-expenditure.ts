import { RecordExpenditureInput } from '@concord/contracts';
import { Refused } from '@concord/kernel';
import { defineCommand } from '@concord/platform';
import { Expenditure, ExpenditureEntered } from './domain/expenditure.js';
import { recordExpenditure } from './domain/fund.js';
import { fundResource } from './fund-book.js';
import { leadEdits } from './policy.js';

/** The lead writes down what it spent. */
export const recordExpenditureCommand = defineCommand({
  name: 'recordExpenditure',
  summary:
    'Records spending from the fund; never more than is there, per currency (R17). The expenditure’s id is the client’s, or made.',
  on: fundResource,
  verb: 'record-expenditure',
  input: RecordExpenditureInput,
  allows: leadEdits,
  reads: ({ expenditureId }) => (expenditureId === undefined ? [] : [{ aggregate: Expenditure, id: expenditureId }]),
  decide: ({ id, at, input, state, ...decision }) => {
    const { amount, spentOn, purpose, expenditureId = decision.newId() } = input;
    const { amount: quantity, currency } = amount;
    if (decision.read(Expenditure, expenditureId).version > 0) {
      throw new Refused('already_exists', 'An expenditure with this id exists. Use another id.', { expenditureId });
    }
    const events = recordExpenditure(state, { expenditureId, currency, quantity, spentOn, purpose, at });
    decision.append(Expenditure, expenditureId, ExpenditureEntered({ fundId: id, currency, quantity }));
    return events;
  },
});
