import { CAST, CRITERIA, SCORES, type ActorKey, type OrganisationKey } from '@concord/story';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { reloadUntil } from '../kit.js';
import {
  choose,
  comesTo,
  fill,
  follow,
  next,
  offersNot,
  pathOf,
  press,
  refused,
  rowsOf,
  select,
  shown,
  shows,
  takeUp,
} from './hand.js';
import { numberOf } from './opening.js';
import type { Clicks, Play } from './play.js';
import { points } from './said.js';

const TITLES = { lantern: 'Lessons that travel', bluefin: 'Servers in a box', kestrel: 'Sync when you can' } as const;
type Lead = keyof typeof TITLES;

/** Three reviewers whose marks count, and one who has to declare a conflict. */
const REVIEWERS: readonly ActorKey[] = ['ministry2', 'office', 'fieldmark'];
const CONFLICTED: ActorKey = 'lakemont';

const proposalOf = (play: Play, lead: Lead): string => play.the(`proposal ${lead}`);

/** Drafts a proposal part by part, with its partners, and submits it. */
async function propose(play: Play, lead: Lead, partners: readonly OrganisationKey[] = []): Promise<void> {
  const page = await play.at(lead, play.the('need'));
  await next(page, 'Propose');
  await fill(page, {
    'Name of the proposal': TITLES[lead],
    Summary: `${TITLES[lead]}: lessons that reach every pupil without a connection.`,
  });
  await press(page, 'Begin the proposal');
  play.keep(`proposal ${lead}`, pathOf(page).replace('/edit', ''));
  await follow(page, 'Name, summary and duration');
  await fill(page, { 'Duration in months': '11' });
  await press(page, 'Save');
  await follow(page, 'Approach');
  await page.getByRole('textbox').fill('Survey of the sites, a pilot in 30 schools, the other 30, then handover to the districts.');
  await press(page, 'Save');
  await follow(page, 'Answers to the criteria');
  for (const { title } of CRITERIA) await fill(page, { [title]: `How we meet ${title.toLowerCase()}.` });
  await press(page, 'Save');
  if (partners.length > 0) await withPartners(page, partners);
  await next(page, 'Submit the proposal');
  await press(page, 'Submit this version');
  await shows(page, 'Submitted', 'The review starts when the intake closes.');
}

async function withPartners(page: Page, partners: readonly OrganisationKey[]): Promise<void> {
  await follow(page, 'Partners');
  for (const { name } of partners.map((key) => CAST[key])) {
    await fill(page, { 'Name or capability of an organisation': name });
    await press(page, 'Find', `Add ${name}`);
  }
  await follow(page, 'Continue');
}

/** Those of other organisations tell the owner their number. */
async function appoint(play: Play): Promise<void> {
  const numbers = new Map<ActorKey, string>();
  for (const key of ['office', 'fieldmark', CONFLICTED] as const) numbers.set(key, await numberOf(play, key));
  const page = await play.at('ministry', play.the('need'));
  await follow(page, 'Reviewers');
  await select(page, 'A member of your organisation', CAST.ministry.people[1]);
  await press(page, 'Appoint a reviewer');
  for (const number of numbers.values()) {
    await fill(page, { 'Or the number of another person': number });
    await press(page, 'Appoint a reviewer');
  }
  assert.equal((await rowsOf(page, 'Reviewers of this need')).length, REVIEWERS.length + 1);
}

async function score(play: Play, reviewer: ActorKey, lead: keyof typeof SCORES, marks: readonly number[]): Promise<void> {
  const page = await play.at(reviewer, '/my-work');
  await takeUp(page, 'Score the proposal', TITLES[lead]);
  await follow(page, 'Score the proposal');
  const lists = page.getByLabel('Mark, 0 to 10');
  for (const [index, mark] of marks.entries()) await lists.nth(index).selectOption(String(mark));
  await press(page, 'Save my marks');
  await page.goto('/en/my-work');
  assert.equal(await page.getByRole('link', { name: 'Score the proposal' }).filter({ hasText: TITLES[lead] }).count(), 0);
}

async function review(play: Play): Promise<void> {
  const conflicted = await play.at(CONFLICTED, '/my-work');
  await takeUp(conflicted, 'Score the proposal', TITLES.lantern);
  await follow(conflicted, 'Declare a conflict of interest');
  await choose(conflicted, 'Employment');
  await press(conflicted, 'Declare the conflict');
  await conflicted.goto(`/en${proposalOf(play, 'lantern')}`);
  await offersNot(conflicted, 'Score the proposal');
  await conflicted.goto(`/en${proposalOf(play, 'lantern')}/score`);
  await shows(conflicted, 'You declared a conflict of interest and score none of the proposals to this need.');
  for (const lead of ['lantern', 'bluefin'] as const) {
    const { marks, results, mean } = SCORES[lead];
    for (const [index, reviewer] of REVIEWERS.entries()) await score(play, reviewer, lead, marks[index]!);
    const page = await play.at('ministry', proposalOf(play, lead));
    const found = (await rowsOf(page, 'Marks by criterion')).map((row) => row.at(-2)!);
    assert.deepEqual(found.sort(), results.map(points).sort());
    await shows(page, `3 full scores. Mean: ${points(mean)}`);
  }
}

async function accept(play: Play): Promise<void> {
  const page = await play.at('ministry', '/my-work');
  await takeUp(page, 'Accept or decline the proposal', TITLES.lantern);
  await next(page, 'Accept the proposal');
  await press(page, 'Accept this version');
  await shows(page, 'Shortlisted', 'a second one has to accept the same version');
  await next(page, 'Accept the proposal');
  await refused(page, 'Accept this version', 'Two different people are needed');
  const second = await play.at('ministry2', '/my-work');
  await takeUp(second, 'Accept or decline the proposal', TITLES.lantern);
  await next(second, 'Accept the proposal');
  await press(second, 'Accept this version');
  await shows(second, 'Accepted');
  await follow(second, 'To the project');
  play.keep('project', pathOf(second));
  await reloadUntil(second, 'In preparation');
  const need = await play.at('bluefin', play.the('need'));
  await shows(need, 'Partnered');
  const outcome = (await rowsOf(need, 'Proposals and what was decided')).map(([lead, decision, mean]) => [lead, decision, mean]);
  assert.deepEqual(outcome, [
    [CAST.lantern.name, 'Accepted', points(SCORES.lantern.mean)],
    [CAST.bluefin.name, 'Declined', points(SCORES.bluefin.mean)],
  ]);
}

/** From three proposals to the award of one, and until it is final. */
export const choosing: readonly Clicks[] = [
  {
    told: /^Lantern with Open Meadow, Bluefin and Kestrel submit proposals$/u,
    async play(play) {
      await propose(play, 'lantern', ['openMeadow']);
      await propose(play, 'bluefin');
      await propose(play, 'kestrel');
    },
  },
  {
    told: /^Kestrel withdraws; the Ministry appoints four reviewers$/u,
    async play(play) {
      const page = await play.at('kestrel', proposalOf(play, 'kestrel'));
      await follow(page, 'Withdraw the proposal');
      await fill(page, { Reason: 'Our engineers pledge hours instead.' });
      await press(page, 'Withdraw');
      await shows(page, 'Withdrawn');
      await appoint(play);
    },
  },
  {
    told: /^The clock closes intake; the review of two proposals starts$/u,
    async play(play) {
      // A page names the last day, so intake closes when that day ends.
      await play.moveTo(22);
      const page = await play.at('ministry', play.the('need'));
      await reloadUntil(page, 'Under review');
      await next(page, 'Judge proposals');
      const states = async (): Promise<string[]> =>
        (await rowsOf(page, 'Proposals received')).map(([title, , state]) => `${title}: ${state}`).sort();
      await comesTo(page, states, [`${TITLES.lantern}: In review`, `${TITLES.bluefin}: In review`, `${TITLES.kestrel}: Withdrawn`]);
    },
  },
  { told: /^Three reviewers score; the fourth has a conflict and is refused$/u, play: review },
  {
    told: /^The Ministry shortlists both$/u,
    async play(play) {
      for (const lead of ['lantern', 'bluefin'] as const) {
        const page = await play.at('ministry', '/my-work');
        await takeUp(page, 'Shortlist or decline the proposal', TITLES[lead]);
        await next(page, 'Shortlist the proposal');
        await press(page, 'Shortlist');
        await shows(page, 'Shortlisted');
      }
    },
  },
  { told: /^Two approvers of the Ministry accept Lantern by its hash; Bluefin is declined$/u, play: accept },
  {
    told: /^Harbourlight wants to confirm and is refused: the award is not final$/u,
    async play(play) {
      const page = await play.at('harbourlight', `${play.the('P1')}/steps/confirm`);
      // Nothing to confirm: the page of the pledge says whose turn it is, and the need by when the decision is final.
      assert.equal(pathOf(page), play.the('P1'));
      await offersNot(page, 'Confirm the pledge');
      await page.goto(`/en${play.the('need')}`);
      await shows(page, 'The decision may be appealed; then it is final.', 'By when:');
    },
  },
  {
    told: /^Ten days have passed without an appeal: the award is final$/u,
    async play(play) {
      const page = await play.at('lantern', play.the('need'));
      await reloadUntil(page, 'Carry out the project, milestone by milestone.');
      await next(page, 'To the project');
      assert.equal(pathOf(page), play.the('project'));
      assert.match(await shown(page), /In preparation/u);
    },
  },
];
