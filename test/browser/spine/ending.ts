import { BOOKS, CAST, REFUND, type ActorKey } from '@concord/story';
import type { Page } from 'playwright-core';
import { reloadUntil } from '../kit.js';
import { because, choose, comesTo, fill, follow, next, offersNot, press, rowsOf, select, shows } from './hand.js';
import type { Clicks, Play } from './play.js';
import { said, typed } from './said.js';

/** The books of the fund, as the budget shows them: received, spent, refunded, balance. */
export const BOOKS_SHOWN: string[][] = [BOOKS.EUR, BOOKS.USD].map(({ currency, received, spent, refunded, balance }) => [
  currency,
  ...[received, spent, refunded, balance].map((minor) => said(minor, currency)),
]);

/** The same from the page. */
export const booksOf = (page: Page): Promise<string[][]> => rowsOf(page, 'Balances by currency');

async function refund(play: Play): Promise<void> {
  const budget = `${play.the('project')}/budget`;
  const payer = await play.at('harbourlight', budget);
  await offersNot(payer, 'Refund money');
  await payer.goto(`/en${play.the('project')}/fund/refund`);
  await shows(payer, 'This is not yours to do', CAST.lantern.name);
  const page = await play.at('lantern', budget);
  await follow(page, 'Refund money');
  const option = page.getByLabel('To whom, by which pledge').locator('option', { hasText: CAST.harbourlight.name });
  await select(page, 'To whom, by which pledge', (await option.getAttribute('value'))!);
  await fill(page, { Amount: typed(REFUND.amount), 'Refunded on': play.date(378), 'Reference of the payment': 'P1-REFUND' });
  await because(page, 'Agreed by the parties', 'Training cost less than planned.');
  await press(page, 'Refund money');
  await shows(page, 'A refund waits for the payer’s word:');
  await payer.goto(`/en${budget}`);
  await follow(payer, 'Refund money');
  await shows(payer, said(REFUND.amount, REFUND.currency));
  await press(payer, 'Refund money');
  await comesTo(payer, booksOf, BOOKS_SHOWN);
}

async function lapseAs(play: Play, key: ActorKey): Promise<void> {
  const page = await play.at(key, play.the('P8'));
  await follow(page, 'Let the rest lapse');
  await fill(page, { Reason: 'The localisation was done in fewer hours.' });
  await press(page, 'Agree that the rest lapses');
}

async function lapse(play: Play, hours: number): Promise<void> {
  await lapseAs(play, 'openMeadow');
  await shows(play.page('openMeadow'), 'Partly delivered', 'the other side has to agree');
  await lapseAs(play, 'ministry');
  await shows(play.page('ministry'), 'Lapsed', `Lapsed ${said(hours, 'hour')}`);
  await reloadUntil(await play.at('forum', `${play.the('project')}/budget`), 'Money in and out Settled');
}

async function report(play: Play): Promise<void> {
  const page = await play.at('lantern', play.the('project'));
  await follow(page, 'Final report');
  await next(page, 'Submit the report');
  await fill(page, {
    'Progress and what comes next': 'Sixty schools have offline lessons; 372 teachers were trained.',
    'What was learned': 'Survey the power supply first.',
  });
  await press(page, 'Submit the report');
  const steward = await play.at('ministry', play.the('project'));
  await follow(steward, 'Final report');
  await next(steward, 'Accept the report');
  await choose(steward, 'On track');
  await press(steward, 'Accept the report');
  await shows(steward, 'Accepted', 'Rating: On track');
}

async function rateAs(play: Play, key: ActorKey, score: string, comment: string): Promise<void> {
  const page = await play.at(key, play.the('project'));
  await follow(page, 'Rate the partnership');
  await choose(page, score);
  await fill(page, { Comment: comment });
  await press(page, 'Rate the partnership');
  await shows(page, comment);
}

async function rate(play: Play): Promise<void> {
  const steward = await play.at('ministry', play.the('project'));
  await shows(steward, 'This is still missing:', 'the stewardship plan', 'the lead’s rating', 'the steward’s rating');
  await offersNot(steward, 'Close the project');
  const page = await play.at('lantern', play.the('project'));
  await follow(page, 'Record the stewardship plan');
  await select(page, 'Who maintains the result', CAST.openMeadow.name);
  await fill(page, {
    'How that is paid for': 'The Ministry pays for hosting; Open Meadow keeps the software.',
    'How it was handed over': 'Both districts run the lessons with their own staff.',
  });
  await press(page, 'Record the stewardship plan');
  await shows(page, 'The Ministry pays for hosting; Open Meadow keeps the software.');
  await rateAs(play, 'lantern', '5: excellent', 'Clear and fair.');
  await rateAs(play, 'ministry', '4: very good', 'On time and open.');
}

async function closeAs(play: Play, key: ActorKey, outcome: string): Promise<void> {
  const page = await play.at(key, play.the('project'));
  await follow(page, 'Close the project');
  await press(page, 'Close the project');
  await shows(page, outcome);
}

async function close(play: Play): Promise<void> {
  await closeAs(play, 'ministry', 'Recorded; a second person must agree');
  await closeAs(play, 'ministry2', 'Nothing: this project is closed.');
  const need = await play.at('forum', play.the('need'));
  await reloadUntil(need, 'Nothing: this need is closed.');
}

/** Refund, remainder, report, stewardship plan, ratings and closure. */
export const ending: readonly Clicks[] = [
  { told: /^Lantern refunds USD 12,000 to Harbourlight$/u, play: refund },
  {
    told: /^Open Meadow and the Ministry let (\d+) hours lapse: the fund is settled$/u,
    play: (play, [hours]) => lapse(play, Number(hours)),
  },
  {
    told: /^Lantern finishes the work$/u,
    async play(play) {
      const page = await play.at('lantern', play.the('project'));
      await follow(page, 'Declare the work finished');
      await press(page, 'Declare the work finished');
      await shows(page, 'Finishing');
    },
  },
  { told: /^Lantern reports; the Ministry accepts: on track$/u, play: report },
  { told: /^The stewardship plan names Open Meadow; both sides rate the partnership$/u, play: rate },
  { told: /^Two approvers of the Ministry close the project; the need closes with partners$/u, play: close },
];
