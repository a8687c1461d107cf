import { CAST, LINES, SCHOOL_MAP, type ActorKey, type OrganisationKey } from '@concord/story';
import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { choose, comesTo, fill, follow, offersNot, pathOf, press, refused, shown, shows } from './hand.js';
import type { Clicks, Play } from './play.js';
import { said } from './said.js';

type LineKey = keyof typeof LINES;

/** SHA-256 of a text. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Pledges of money by who makes them. */
const FUNDERS: Partial<Record<ActorKey, string>> = { harbourlight: 'P1', norvale: 'P2', brightwater: 'P3', cedarRidge: 'P4' };

/** Somebody opens the journey to a line, from the page of the need. */
async function towards(page: Page, play: Play, line: LineKey): Promise<void> {
  await page.goto(`/en${play.the('need')}`);
  await follow(page, 'Pledge to this need');
  await follow(page, LINES[line].title);
}

/** Sends a pledge that was typed, and keeps it. */
async function send(page: Page, play: Play, name: string): Promise<void> {
  await press(page, 'Send the pledge');
  play.keep(name, pathOf(page));
  await shows(page, 'Offered');
}

/** What is open on a line, as its need says. */
async function isOpen(play: Play, line: LineKey, quantity: number): Promise<void> {
  const { title, unit } = LINES[line];
  const page = await play.at('ministry', `${play.the('need')}/pledge`);
  const card = async (): Promise<string | undefined> => {
    const text = await page.locator('li.card', { has: page.getByRole('heading', { name: title, exact: true }) }).innerText();
    return /Still open: (.*?) of /u.exec(text.replace(/\s+/gu, ' '))?.[1];
  };
  await comesTo(page, card, said(quantity, unit));
}

/** So much more counts on L1: what is open follows from the sum. */
const counts = (play: Play, minor: number): Promise<void> =>
  isOpen(play, 'L1', LINES.L1.target - play.count('counted on L1', minor));

const minorOf = (words: string): number => Number(words.replaceAll(',', '')) * 100;

/** Money, on the terms that the pages propose: a grant, earmarked, by milestone. */
async function pledgeMoney(play: Play, key: ActorKey, amount: string): Promise<void> {
  const page = play.page(key);
  await towards(page, play, 'L1');
  await fill(page, { Amount: amount });
  await press(page, 'Continue', 'Continue');
  await send(page, play, FUNDERS[key]!);
  await counts(play, minorOf(amount));
}

async function amend(play: Play, amount: string): Promise<void> {
  // The Ministry looks at the first version meanwhile, and decides about it much later.
  await play.leaves('first version of P1', 'ministry', `${play.the('P1')}/steps/accept`);
  const page = await play.at('harbourlight', play.the('P1'));
  const before = await shown(page);
  await follow(page, 'Change the pledge');
  await page.locator('#field-amount').fill(amount);
  await fill(page, { Reason: 'The board approved USD 20,000 more.' });
  await press(page, 'Send the new version');
  await shows(page, 'Version 2', said(minorOf(amount), 'USD'), 'The board approved USD 20,000 more.');
  const hash = (text: string): string | undefined => /[0-9a-f]{64}/u.exec(text)?.[0];
  if (hash(before) === hash(await shown(page))) throw new Error('The new version has the hash of the old one.');
  const was = /: USD ([\d,]+)/u.exec(before)?.[1] ?? '';
  await counts(play, minorOf(amount) - minorOf(was));
}

async function pledgeEuros(play: Play, euros: string, rate: string, dollars: string): Promise<void> {
  // Somebody else is about to pledge what is open now.
  const late = await play.leaves('late pledge', 'umber', '/needs');
  await towards(late, play, 'L1');
  await fill(late, { Amount: '25,000' });
  await press(late, 'Continue', 'Continue');
  const page = play.page('norvale');
  await towards(page, play, 'L1');
  await fill(page, { Amount: euros, Currency: 'EUR' });
  await press(page, 'Continue');
  await fill(page, {
    'Exchange rate': rate,
    'Day of the rate': play.date(14),
    'Source of the rate': 'Reference rate of the central bank',
  });
  await press(page, 'Continue');
  await shows(page, said(minorOf(dollars), 'USD'));
  await send(page, play, 'P2');
  await counts(play, minorOf(dollars));
}

interface Expertise {
  readonly hours: number;
  readonly role: string;
  readonly kind: 'Pro bono or own personnel' | 'Secondment or other technical assistance';
  readonly dollarsAnHour?: number;
}

const SECONDMENT = 'Secondment or other technical assistance';
const OWN = 'Pro bono or own personnel';
const LOCALISATION: Expertise = { hours: 200, role: 'Localisation', kind: SECONDMENT, dollarsAnHour: 50 };

/** Types an offer of hours until it only has to be sent. */
async function offerHours(page: Page, play: Play, { hours, role, kind, dollarsAnHour }: Expertise): Promise<void> {
  await towards(page, play, 'L2');
  await fill(page, { Hours: String(hours), Skill: role, Role: role });
  await press(page, 'Continue');
  await choose(page, kind, 'On site only');
  await fill(page, { Languages: 'en, ny', '#field-from': play.date(55), '#field-until': play.date(365) });
  if (dollarsAnHour !== undefined) await fill(page, { 'Value of one unit': String(dollarsAnHour) });
  await press(page, 'Continue');
}

async function pledgeHours(play: Play): Promise<void> {
  const offers: readonly (readonly [string, OrganisationKey, Expertise])[] = [
    ['P5', 'lakemont', { hours: 900, role: 'Teacher training', kind: SECONDMENT, dollarsAnHour: 55 }],
    ['P6', 'kestrel', { hours: 500, role: 'Software engineering', kind: OWN, dollarsAnHour: 60 }],
    ['P7', 'cobalt', { hours: 100, role: 'Logistics', kind: OWN }],
  ];
  for (const [name, key, offer] of offers) {
    await offerHours(play.page(key), play, offer);
    await send(play.page(key), play, name);
  }
  const left = LINES.L2.target - offers.reduce((sum, [, , { hours }]) => sum + hours, 0);
  const page = play.page('openMeadow');
  await offerHours(page, play, LOCALISATION);
  await refused(page, 'Send the pledge', 'This line does not have that much room');
  await shows(page, `Still open is ${said(left, 'hour')}.`, 'Nothing was sent.');
  await isOpen(play, 'L2', left);
}

/** Pledges of all four kinds; what a line has no room for is refused and explained. */
export const pledging: readonly Clicks[] = [
  { told: /^\S+(?: Ridge)? pledges USD ([\d,]+)$/u, play: (play, [amount], actor) => pledgeMoney(play, actor, amount!) },
  { told: /^Harbourlight amends its pledge to USD ([\d,]+): a new version/u, play: (play, [amount]) => amend(play, amount!) },
  {
    told: /^Norvale pledges EUR ([\d,]+), counted at ([\d.]+) as USD ([\d,]+); the line is full$/u,
    play: (play, [euros, rate, dollars]) => pledgeEuros(play, euros!, rate!, dollars!),
  },
  {
    told: /^Umber Capital offers USD 25,000 more and is refused: line_full, open 0$/u,
    async play(play) {
      const late = play.left('late pledge');
      await refused(late, 'Send the pledge', 'This line does not have that much room');
      await shows(late, 'Nothing is open on this line any more');
      await late.close();
      const page = await play.at('umber', `${play.the('need')}/pledge`);
      await offersNot(page, LINES.L1.title);
      await isOpen(play, 'L1', 0);
    },
  },
  { told: /^Lakemont, Kestrel and Cobalt pledge 1,500 hours; Open Meadow asks for 200 and 100 are open$/u, play: pledgeHours },
  {
    told: /^Cobalt withdraws its (\d+) hours$/u,
    async play(play, [hours]) {
      const page = await play.at('cobalt', play.the('P7'));
      await follow(page, 'Withdraw the pledge');
      await fill(page, { Reason: 'The two dispatchers left the company.' });
      await press(page, 'Withdraw');
      await shows(page, 'Withdrawn', 'The two dispatchers left the company.');
      await isOpen(play, 'L2', Number(hours) + 100);
    },
  },
  {
    told: /^Open Meadow pledges the 200 hours that are open now$/u,
    async play(play) {
      const page = play.page('openMeadow');
      await offerHours(page, play, LOCALISATION);
      await send(page, play, 'P8');
      await isOpen(play, 'L2', 0);
    },
  },
  {
    told: /^Brightwater pledges (\d+) tablets, valued at replacement cost$/u,
    async play(play, [items]) {
      const page = play.page('brightwater');
      await towards(page, play, 'L3');
      await fill(page, { 'Number of items': items!, 'What the items are': 'Tablet, 10 inch, with case' });
      await press(page, 'Continue');
      await choose(page, 'Replacement cost');
      await fill(page, { 'Value of one unit': '180' });
      await press(page, 'Continue');
      await send(page, play, 'P9');
      await isOpen(play, 'L3', 0);
    },
  },
  {
    told: /^Atlas Commons pledges the map of ([\d,]+) schools under (\S+), by its checksum$/u,
    async play(play, [records, licence]) {
      const page = play.page('atlas');
      await towards(page, play, 'L4');
      await fill(page, { 'Name of the dataset': 'Map of schools in Zomba and Mangochi' });
      await press(page, 'Continue');
      await fill(page, {
        Format: 'text/csv',
        Licence: licence!,
        'Number of records': records!,
        'SHA-256 of the file': sha256Of(SCHOOL_MAP),
      });
      await press(page, 'Continue');
      await send(page, play, 'P10');
      await isOpen(play, 'L4', 0);
      await shows(await play.at('atlas', '/pledges'), CAST.atlas.name);
    },
  },
];
