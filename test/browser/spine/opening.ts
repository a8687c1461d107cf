import {
  CAST,
  CRITERIA,
  emailOf,
  LINES,
  MEMBERS,
  ORGANISATIONS,
  SHARED_PASSWORD,
  type ActorKey,
  type CastOrganisation,
  type OrganisationKey,
} from '@concord/story';
import type { Page } from 'playwright-core';
import { reloadUntil } from '../kit.js';
import { choose, comesTo, fill, follow, next, offersNot, pathOf, press, rowsOf, select, shows, takeUp } from './hand.js';
import type { Clicks, Play } from './play.js';
import { said, typed } from './said.js';

/** So many browsers at a time: a person each. */
const TOGETHER = 4;

async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const one = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: TOGETHER }, one));
}

async function signUp(play: Play, key: ActorKey, name: string): Promise<Page> {
  const page = await play.enter(key);
  await page.goto('/en/register');
  await fill(page, { 'Your name': name, 'E-mail address': emailOf(key), Password: SHARED_PASSWORD });
  await press(page, 'Create my account');
  return page;
}

/** Everybody registers by the page; the second registrar tells the first one their number and becomes one. */
async function gather(play: Play): Promise<void> {
  await each(MEMBERS, async ({ key, name }) => {
    await signUp(play, key, name);
  });
  await signUp(play, 'registrar2', 'Registrar Two');
  const registrar = await play.at('registrar', '/admin');
  await follow(registrar, 'Platform roles');
  await fill(registrar, { 'Id of the person': await numberOf(play, 'registrar2') });
  await press(registrar, 'Open');
  await choose(registrar, 'registrar');
  await press(registrar, 'Save');
  await shows(registrar, 'Done.');
}

/** The number that somebody finds in their settings. */
export async function numberOf(play: Play, key: ActorKey): Promise<string> {
  const page = await play.at(key, '/settings');
  return page.locator('dl.facts code').innerText();
}

const identifierOf = (key: OrganisationKey): string => `${CAST[key].register}-${1_000 + ORGANISATIONS.indexOf(key)}`;

/** An organisation by its first member, who then invites the second. */
async function found(play: Play, key: OrganisationKey): Promise<void> {
  const { name, type, country, people, orgKind }: CastOrganisation = CAST[key];
  const page = play.page(key);
  await fill(page, { 'Name of the organisation': name, 'Identifier in its register': identifierOf(key) });
  await select(page, 'Type', type);
  if (orgKind !== undefined) await select(page, 'Kind', orgKind);
  await select(page, 'Country', country);
  await press(page, 'Register the organisation');
  play.keep(`organisation ${key}`, pathOf(page).replace('/verification', ''));
  if (people.length === 1) return;
  await follow(page, 'Members');
  const second = `${key}2` as const;
  await fill(page, { 'E-mail address': emailOf(second) });
  await press(page, 'Make the invitation');
  const { pathname, search } = new URL(await page.locator('.notice.success code').innerText());
  const colleague = play.page(second);
  await colleague.goto(`${pathname}${search}`);
  await press(colleague, 'Accept');
  await shows(colleague, 'You are a member now, and act for this organisation.');
}

async function askForVerification(play: Play, key: OrganisationKey): Promise<void> {
  const { name, people } = CAST[key];
  const page = play.page(key);
  // Registering led here; who invited somebody is one page further.
  if (!pathOf(page).endsWith('/verification')) await follow(page, 'Verification');
  await fill(page, {
    'Proof that it exists in law': `Entry of ${name} in its register`,
    'Name of the contact': people[0],
    'E-mail of the contact': emailOf(key),
    'Checked on': play.date(-1),
    'List that was checked': 'UN consolidated list',
    'Who may sign for it': people.join('\n'),
  });
  await choose(page, 'No match');
  await press(page, 'Ask for verification');
  await shows(page, 'The registrars were asked.');
}

/** All at once from the queue, as a registrar does with those they looked at. */
async function verifyAll(play: Play, key: 'registrar' | 'registrar2', outcome: string): Promise<void> {
  const page = await play.at(key, '/admin/verification');
  for (const organisation of ORGANISATIONS) await choose(page, `Choose: ${CAST[organisation].name}`);
  await press(page, 'Verify the chosen');
  await shows(page, ...ORGANISATIONS.map((organisation) => `${CAST[organisation].name}: ${outcome}`));
}

async function verify(play: Play): Promise<void> {
  await each(ORGANISATIONS, (key) => askForVerification(play, key));
  await verifyAll(play, 'registrar', 'Recorded. A second registrar must do the same.');
  await verifyAll(play, 'registrar2', 'verified');
  const page = await play.at('registrar', '/organisations?standing=verified');
  await reloadUntil(page, `${ORGANISATIONS.length} organisations`);
}

const KINDS = { funding: 'Ask for money', expertise: 'Ask for expertise', in_kind: 'Ask for goods', data: 'Ask for data' } as const;
const QUANTITIES = { funding: 'Amount', expertise: 'Hours', in_kind: 'Number of items', data: 'Number of datasets' } as const;
const RECIPIENTS = { lead: 'the lead of the accepted proposal', owner: 'the owner of the need' } as const;

async function ask(page: Page): Promise<void> {
  await follow(page, 'What is wanted');
  for (const line of Object.values(LINES)) {
    const { kind, title, target, recipient } = line;
    await follow(page, KINDS[kind]);
    await fill(page, { 'What is wanted': title, [QUANTITIES[kind]]: kind === 'funding' ? typed(target) : String(target) });
    if ('minimum' in line) await fill(page, { 'Minimum to start': typed(line.minimum) });
    await choose(page, RECIPIENTS[recipient]);
    await press(page, 'Save');
  }
  await follow(page, 'Continue');
}

/** The draft, part by part, from the list of what is missing. */
async function draft(play: Play): Promise<void> {
  const page = await play.at('ministry', '/');
  await follow(page, 'Post a need');
  await fill(page, { 'Name of the need': 'Offline lessons, 60 schools' });
  await press(page, 'Begin the draft');
  play.keep('need', pathOf(page).replace('/edit', ''));
  await follow(page, 'What it is about');
  await fill(page, {
    'The problem, and who is affected':
      'Sixty rural schools without a steady connection need lessons that work offline, and 360 teachers who can use them.',
    'Use case': 'Remote Learning',
    'Building blocks': 'eLearning\nContent management',
    'Known solutions': 'MeadowLearn',
  });
  await choose(page, 'Technical assistance');
  await press(page, 'Save');
  await follow(page, 'Place and goals');
  await select(page, 'Country', 'Malawi');
  await fill(page, { Regions: 'MW-ZO, MW-MG', 'SDG targets': '4.a' });
  await press(page, 'Save');
  await ask(page);
  await follow(page, 'How proposals are judged');
  for (const [index, { title, weight }] of CRITERIA.entries())
    await fill(page, { [`#field-criteria-${index}-title`]: title, [`#field-criteria-${index}-weight`]: String(weight) });
  await press(page, 'Save');
  await follow(page, 'Dates');
  await fill(page, { 'Proposals until': play.date(21), 'The need is valid until': play.date(120) });
  await press(page, 'Save');
  await reloadUntil(page, 'Everything that is asked is there. After it is submitted, a national focal point has to endorse it.');
}

/** Target, pledged, committed, delivered and gap of every line, as its need or project shows them. */
export const figuresOf = (page: Page): Promise<string[][]> => rowsOf(page, 'The figures of each line');

async function publish(play: Play): Promise<void> {
  const page = await play.at('ministry2', '/my-work');
  await takeUp(page, 'Publish the need', 'Offline lessons, 60 schools');
  await next(page, 'Publish');
  await press(page, 'Publish now');
  await shows(page, 'Open for proposals');
  const none = Object.values(LINES).map(({ title, unit, target }) => {
    const all = said(target, unit);
    return [title, all, ...[0, 0, 0].map((nothing) => said(nothing, unit)), all];
  });
  await comesTo(page, figuresOf, none);
}

/** From the first account to the published need. */
export const opening: readonly Clicks[] = [
  { told: /^Twenty-two people and a second registrar sign up$/u, play: gather },
  {
    told: /^Sixteen organisations register, each with its approvers$/u,
    play: (play) => each(ORGANISATIONS, (key) => found(play, key)),
  },
  { told: /^Two registrars verify all sixteen$/u, play: verify },
  {
    told: /^The registrars make the National Digital Office the focal point of MW$/u,
    async play(play) {
      const page = await play.at('registrar', play.the('organisation office'));
      await follow(page, 'Look after it as a registrar');
      await page.getByText('Choose countries').click();
      await choose(page, 'Malawi');
      await press(page, 'Save the countries');
      await shows(page, 'It endorses needs for: Malawi');
    },
  },
  { told: /^The Ministry drafts the need: four lines, five weighted criteria$/u, play: draft },
  {
    told: /^The Ministry submits; publication waits for the focal point$/u,
    async play(play) {
      const page = await play.at('ministry', '/my-work');
      await takeUp(page, 'Finish and submit the draft', 'Offline lessons, 60 schools');
      await next(page, 'Go on editing');
      await next(page, 'Check your answers');
      await press(page, 'Submit the need');
      await shows(page, 'Endorse the need in the country’s name', CAST.office.name);
      const second = await play.at('ministry2', `${play.the('need')}/publish`);
      await shows(second, 'a national focal point has to endorse it');
      await offersNot(second, 'Publish now');
    },
  },
  {
    told: /^The office endorses in the country's name$/u,
    async play(play) {
      const page = await play.at('office', '/my-work');
      await takeUp(page, 'Endorse or return the need', 'Offline lessons, 60 schools');
      await press(page, 'Endorse in the country’s name');
      await shows(page, 'Endorsed');
    },
  },
  { told: /^The Ministry publishes; the four lines open$/u, play: publish },
];
