import { FundResource } from '@concord/contracts';
import { cents, DOUBLE_ENTRY, SPENDING, usd, type Amount } from '../figures.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

/** Writes an expenditure of the fund and returns its id. */
async function record(stage: Stage, day: number, amount: Amount, purpose: string, expenditureId?: string): Promise<void> {
  const entry = { amount, spentOn: stage.date(day - 1), purpose, ...(expenditureId === undefined ? {} : { expenditureId }) };
  await stage.post('lantern', `/funds/${stage.the('project')}/record-expenditure`, entry, FundResource);
}

async function spent(stage: Stage, dollars: number): Promise<void> {
  const fund = await stage.get(`/funds/${stage.the('project')}`, FundResource);
  stage.check('Spent in USD', fund.balances.find(({ currency }) => currency === 'USD')?.spent, cents(dollars));
}

/** Lantern spends; what it never has is refused (R17). */
const spend = ({ day, amounts, purpose, dollarsAfter }: (typeof SPENDING)[number]): Step => ({
  day,
  title: `Lantern spends: ${purpose.toLowerCase()}`,
  actor: 'lantern',
  async play(stage) {
    for (const amount of amounts) await record(stage, day, amount, purpose);
    await spent(stage, dollarsAfter);
    await stage.told('ministry', 'ExpenditureRecorded', 'steward');
  },
});

/** USD 4,500 are entered twice and the second entry is voided (domain.md section 6, step 15; R2). */
export const doubleEntry: readonly Step[] = [
  {
    day: 299,
    title: 'Lantern enters USD 4,500 for solar chargers, twice',
    actor: 'lantern',
    async play(stage) {
      const twin = globalThis.crypto.randomUUID();
      await record(stage, 299, DOUBLE_ENTRY.amount, 'Solar chargers');
      await record(stage, 299, DOUBLE_ENTRY.amount, 'Solar chargers', twin);
      stage.keep('double entry', twin);
      await spent(stage, DOUBLE_ENTRY.dollarsWithBoth);
      await stage.refused(
        'lantern',
        `/funds/${stage.the('project')}/record-expenditure`,
        { amount: usd(60_000), spentOn: stage.date(299), purpose: 'Too much' },
        'fund_exceeded',
      );
    },
  },
  {
    day: 303,
    title: 'The second entry is voided',
    actor: 'lantern',
    async play(stage) {
      const voiding = {
        expenditureId: stage.the('double entry'),
        reason: { code: 'entered_twice', text: 'The same invoice was entered twice.' },
      };
      await stage.post('lantern', `/funds/${stage.the('project')}/void-expenditure`, voiding, FundResource);
      await spent(stage, DOUBLE_ENTRY.dollarsAfter);
      await stage.told('ministry', 'ExpenditureVoided', 'steward');
    },
  },
];

/** After the first milestone. */
export const firstSpending: readonly Step[] = [spend(SPENDING[0])];
/** After the second. */
export const secondSpending: readonly Step[] = [spend(SPENDING[1])];
/** After the third. */
export const thirdSpending: readonly Step[] = [spend(SPENDING[2])];
/** After the fourth. */
export const lastSpending: readonly Step[] = [spend(SPENDING[3])];
