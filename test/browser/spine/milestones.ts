import { CAST, INSTALMENTS, LINES, PLAN, RECEIVED, SIGNERS, type ActorKey, type OrganisationKey } from '@concord/story';
import { reloadUntil } from '../kit.js';
import { attach, because, comesTo, fill, follow, next, pathOf, press, refused, rowsOf, shows, takeUp } from './hand.js';
import { figuresOf } from './opening.js';
import type { Clicks, Play } from './play.js';
import { said, typed } from './said.js';

const PAYERS = { P1: 'harbourlight', P2: 'norvale', P3: 'brightwater', P4: 'cedarRidge' } as const satisfies Record<
  string,
  OrganisationKey
>;
const MONEY = Object.keys(PAYERS) as (keyof typeof PAYERS)[];
const currencyOf = (name: keyof typeof PAYERS): string => (name === 'P2' ? 'EUR' : 'USD');
const instalment = (name: keyof typeof PAYERS, n: number): number => INSTALMENTS[name][n - 1]!;
const titleOf = (n: number): string => PLAN[n - 1]!.title;

/** What is handed in for each milestone, and the day before which it was captured. */
const PROOF: readonly (readonly [caption: string, day: number])[] = [
  ['Sixty survey sheets, one a site', 88],
  ['Thirty school reports and the lists of 180 teachers', 176],
  ['Sixty school reports and the lists of 372 teachers', 296],
  ['Minutes of the handover to two districts', 360],
];

async function addEvidence(play: Play, n: number, caption: string, day: number): Promise<void> {
  const page = await play.at('lantern', '/my-work');
  await takeUp(page, 'Submit the milestone with its evidence', titleOf(n));
  await follow(page, 'Add evidence');
  await attach(page, 'File', `milestone-${n}.txt`, `Milestone ${n} of Offline lessons, 60 schools\n${caption}\n`);
  await fill(page, { 'What it shows': caption, 'Captured on': play.date(day - 1) });
  await press(page, 'Add evidence');
  await shows(page, 'Recorded', caption);
}

async function submit(play: Play, n: number, narrative: string, version: number): Promise<void> {
  const page = await play.at('lantern2', play.the(`M${n}`));
  await follow(page, 'Submit the milestone');
  await fill(page, { 'What was done': narrative });
  await press(page, 'Submit the milestone');
  await shows(page, `Submitted version ${version}`, narrative);
}

/** Signs for an organisation, from what waits for it. */
async function sign(play: Play, n: number, key: ActorKey): Promise<void> {
  const page = await play.at(key, '/my-work');
  await takeUp(page, 'Sign or return the milestone', titleOf(n));
  await next(page, 'Sign the milestone');
  await press(page, 'Sign the milestone');
  await shows(page, 'Recorded');
}

async function release(play: Play, n: number): Promise<void> {
  const page = await play.at('ministry', '/my-work');
  await takeUp(page, 'Release the milestone', titleOf(n));
  await next(page, 'Release the milestone');
  await press(page, 'Release the milestone');
  await shows(page, 'Recorded; a second person must agree', 'Accepted');
  await next(page, 'Release the milestone');
  await refused(page, 'Release the milestone', 'Two different people are needed');
  const second = await play.at('ministry2', '/my-work');
  await takeUp(second, 'Release the milestone', titleOf(n));
  await next(second, 'Release the milestone');
  await press(second, 'Release the milestone');
  await shows(second, 'Recorded', 'Nothing: this milestone is released.');
  for (const name of MONEY) {
    const pledge = await play.at(PAYERS[name], play.the(name));
    await reloadUntil(pledge, `Due and not delivered ${said(instalment(name, n), currencyOf(name))}`);
  }
}

async function pay(play: Play, n: number): Promise<void> {
  for (const name of MONEY) {
    const page = await play.at(PAYERS[name], play.the(name));
    await next(page, 'Record a delivery');
    await fill(page, {
      [`Amount in ${currencyOf(name)}`]: typed(instalment(name, n)),
      'Reference of the payment': `${name}-M${n}`,
    });
    await press(page, 'Record a delivery');
    await shows(page, 'Recorded', said(instalment(name, n), currencyOf(name)));
    play.keep(`payment ${name} M${n}`, pathOf(page));
  }
}

/** The lead acknowledges what waits for it, one payment after the other; then the money is in the fund and on the line. */
async function acknowledge(play: Play, n: number): Promise<void> {
  for (const name of MONEY) {
    const page = await play.at('lantern', `/deliveries/${play.idOf(`payment ${name} M${n}`)}`);
    await next(page, 'Acknowledge the delivery');
    await press(page, 'Acknowledge the delivery');
    await shows(page, 'Nothing: this delivery is acknowledged.');
  }
  const expected = RECEIVED[n - 1]!;
  const page = await play.at('forum', `${play.the('project')}/budget`);
  const received = async (): Promise<string[]> => (await rowsOf(page, 'Balances by currency')).map((row) => row[1]!);
  await comesTo(page, received, [said(expected.eur, 'EUR'), said(expected.usd, 'USD')]);
  const delivered = async (): Promise<string> => (await figuresOf(page))[0]![4]!;
  await comesTo(page, delivered, said(expected.counted, LINES.L1.unit));
}

/** Milestones from their start to the money on the account; one comes back and is signed in its second version only. */
export const milestones: readonly Clicks[] = [
  {
    told: /^Lantern starts M(\d)$/u,
    async play(play, [n]) {
      const page = await play.at('lantern', '/my-work');
      await takeUp(page, 'Start', titleOf(Number(n)));
      await next(page, 'Start work on the milestone');
      await press(page, 'Start work on the milestone');
      await shows(page, 'Recorded', 'In progress');
    },
  },
  {
    told: /^Lantern adds evidence and submits M(\d)$/u,
    async play(play, [text]) {
      const n = Number(text);
      const [caption, day] = PROOF[n - 1]!;
      await addEvidence(play, n, caption, day);
      await submit(play, n, `${caption}.`, 1);
      if (n === 2) await play.leaves('first version of M2', 'ministry', `${play.the('M2')}/steps/sign`);
    },
  },
  {
    told: /^The Ministry, Harbourlight and Fieldmark sign version \d of M(\d)$/u,
    async play(play, [n]) {
      for (const { key } of SIGNERS.slice(0, 3)) await sign(play, Number(n), key);
      await shows(play.page('fieldmark'), 'Submitted', CAST.forum.name);
    },
  },
  {
    told: /^The Parents' Forum signs too: M(\d) is accepted$/u,
    async play(play, [n]) {
      await sign(play, Number(n), 'forum');
      await shows(play.page('forum'), 'Accepted');
    },
  },
  {
    told: /^Two approvers of the Ministry release M(\d): four instalments fall due$/u,
    play: (play, [n]) => release(play, Number(n)),
  },
  { told: /^Four funders pay for M(\d)$/u, play: (play, [n]) => pay(play, Number(n)) },
  { told: /^Lantern acknowledges the money for M(\d)$/u, play: (play, [n]) => acknowledge(play, Number(n)) },
  {
    told: /^Fieldmark returns M2: 6 of 30 reports lack photos$/u,
    async play(play) {
      const page = await play.at('fieldmark', play.the('M2'));
      await follow(page, 'Return the milestone');
      await because(page, 'The proof does not suffice', '6 of the 30 school reports have no photos.');
      await press(page, 'Return the milestone');
      await shows(page, 'Version 1 was returned (verifier)', '6 of the 30 school reports have no photos.');
    },
  },
  {
    told: /^Lantern adds the photos and submits version 2; a signature on version 1 is refused$/u,
    async play(play) {
      await addEvidence(play, 2, 'Photos of the six schools that were missing', 188);
      await submit(play, 2, 'All 30 reports have photos now.', 2);
      const old = play.left('first version of M2');
      await refused(old, 'Sign the milestone', 'This names an older version. Read the present one, then decide.');
      await shows(old, 'Submitted version 2', 'All 30 reports have photos now.');
      await old.close();
    },
  },
];
