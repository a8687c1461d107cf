import { DOUBLE_ENTRY, SPENDING } from '@concord/story';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { because, comesTo, fill, follow, press, refused, rowsOf, select, shows } from './hand.js';
import type { Clicks, Play } from './play.js';
import { said, typed } from './said.js';

interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Types an expenditure of the day before, from the budget. */
async function enter(play: Play, { amount, currency }: Money, purpose: string): Promise<Page> {
  const page = await play.at('lantern', `${play.the('project')}/budget`);
  await follow(page, 'Record spending');
  await select(page, 'Currency', currency);
  await fill(page, { Amount: typed(amount), 'Spent on': play.date(play.day - 1), Purpose: purpose });
  return page;
}

/** Dollars spent so far, and the rows behind them. */
async function spent(play: Play, dollars: number): Promise<void> {
  const page = await play.at('forum', `${play.the('project')}/budget`);
  const found = async (): Promise<string | undefined> =>
    (await rowsOf(page, 'Balances by currency')).find(([currency]) => currency === 'USD')?.[2];
  await comesTo(page, found, said(dollars * 100, 'USD'));
}

async function spend(play: Play, purpose: string): Promise<void> {
  const found = SPENDING.find((one) => one.purpose.toLowerCase() === purpose)!;
  for (const amount of found.amounts) {
    const page = await enter(play, amount, found.purpose);
    await press(page, 'Record spending');
    await shows(page, 'Recorded', found.purpose);
  }
  await spent(play, found.dollarsAfter);
}

/** What the lead spends, enters twice and voids. */
export const spending: readonly Clicks[] = [
  { told: /^Lantern spends: (.*)$/u, play: (play, [purpose]) => spend(play, purpose!) },
  {
    told: /^Lantern enters USD 4,500 for solar chargers, twice$/u,
    async play(play) {
      for (let time = 1; time <= 2; time += 1)
        await press(await enter(play, DOUBLE_ENTRY.amount, 'Solar chargers'), 'Record spending');
      await spent(play, DOUBLE_ENTRY.dollarsWithBoth);
      const page = await enter(play, { amount: 6_000_000, currency: 'USD' }, 'Too much');
      await refused(page, 'Record spending', 'The fund does not hold that much.');
      assert.equal(await page.locator('.field.wrong input').inputValue(), '60000');
    },
  },
  {
    told: /^The second entry is voided$/u,
    async play(play) {
      const page = await play.at('lantern', `${play.the('project')}/budget`);
      const entry = page.getByRole('row', { name: /Solar chargers/u }).last();
      await entry.getByRole('link', { name: 'Void the spending' }).click();
      await because(page, 'Something is wrong', 'The same invoice was entered twice.');
      await press(page, 'Void the spending');
      await shows(page, 'Reversing entry: The same invoice was entered twice.');
      await spent(play, DOUBLE_ENTRY.dollarsAfter);
    },
  },
];
