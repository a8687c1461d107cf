import { FundResource } from '@concord/contracts';
import { cents, eur, usd, type Amount } from '../figures.js';
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

/** Lantern spends; what it never has is refused (R17). `dollarsAfter` is all that was spent in USD by then. */
export const spend = (day: number, amounts: readonly Amount[], purpose: string, dollarsAfter: number): Step => ({
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
      await record(stage, 299, usd(4_500), 'Solar chargers');
      await record(stage, 299, usd(4_500), 'Solar chargers', twin);
      stage.keep('double entry', twin);
      await spent(stage, 219_000);
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
      await spent(stage, 214_500);
      await stage.told('ministry', 'ExpenditureVoided', 'steward');
    },
  },
];

/** After the first milestone. */
export const firstSpending: readonly Step[] = [spend(150, [usd(80_000), eur(25_000)], 'Site survey, servers and content', 80_000)];
/** After the second. */
export const secondSpending: readonly Step[] = [
  spend(250, [usd(130_000), eur(37_500)], 'Thirty schools and teacher training', 210_000),
];
/** After the third. */
export const thirdSpending: readonly Step[] = [
  spend(340, [usd(133_500), eur(37_500)], 'Thirty more schools and training', 348_000),
];
/** After the fourth. */
export const lastSpending: readonly Step[] = [spend(376, [usd(90_000), eur(25_000)], 'Handover and maintenance', 438_000)];
