import { RefundFundsInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { refundFunds } from './domain/refund.js';
import { fundResource } from './fund-book.js';
import { leadOrPayer } from './policy.js';

/** Unspent money goes back: the lead says so, the payer acknowledges the same. */
export const refundFundsCommand = defineCommand({
  name: 'refundFunds',
  summary:
    'Refunds unspent money of a pledge: first the lead offers it, then the payer acknowledges the same amount and date (R17).',
  on: fundResource,
  verb: 'refund',
  input: RefundFundsInput,
  allows: leadOrPayer,
  decide: ({ at, input, state, subject }) => {
    const { amount, ...refund } = input;
    return refundFunds(
      state,
      { ...refund, currency: amount.currency, quantity: amount.amount },
      { organisation: subject.organisation ?? '', at },
    );
  },
});
