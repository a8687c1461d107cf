import { createClient } from '@concord/client';
import { emailOf, SHARED_PASSWORD, type ActorKey } from '@concord/story';
import type { Page } from 'playwright-core';
import { signIn, Site } from './kit.js';

// Pledges of all four kinds and proposals to one need, without scripts, as those concerned do it: the line that is full, another
// currency, amend, accept, decline, withdraw; drafting with a partner, review with scores, shortlist, two approvers, outcome.

let site: Site;
let need = '';
let pledge = '';
let proposal = '';

/** The API for a person of the story, acting for their organisation. */
async function apiOf(who: ActorKey) {
  const anonymous = createClient({ baseUrl: site.url, followS: 5 });
  const { body } = await anonymous.post<{ accessToken: string }>('/sessions', {
    body: { email: emailOf(who), password: SHARED_PASSWORD },
  });
  const signedIn = anonymous.as({ token: body.accessToken });
  const { body: me } = await signedIn.get<{ memberships: { organisation: { id: string } }[] }>('/me');
  return anonymous.as({ token: body.accessToken, organisation: me.memberships[0]!.organisation.id });
}

const NEED = {
  title: 'Library tablets',
  summary: 'Twelve town libraries have no way to lend out digital books.',
  language: 'en',
  needType: 'technical_assistance',
  country: 'MW',
  sdgTargets: ['4.a'],
  lines: [
    { kind: 'funding', title: 'Equipment', unit: 'USD', target: 7_000_000, recipient: 'lead' },
    { kind: 'expertise', title: 'Training', unit: 'hour', target: 160, recipient: 'lead' },
    { kind: 'in_kind', title: 'Readers', unit: 'item', target: 24, recipient: 'owner' },
    { kind: 'data', title: 'Catalogue', unit: 'dataset', target: 1, recipient: 'lead' },
  ],
  criteria: [
    { title: 'Relevance', weight: 60 },
    { title: 'Cost', weight: 40 },
  ],
  intakeClosesAt: '2031-01-31T23:59:59.000Z',
  validUntil: '2031-06-30T23:59:59.000Z',
};

beforeAll(async () => {
  site = await Site.start();
  const ministry = await apiOf('ministry');
  need = (await ministry.post<{ id: string }>('/needs', { body: NEED })).body.id;
  await ministry.post(`/needs/${need}/submit`, { body: {} });
  await (await apiOf('office')).post(`/needs/${need}/endorse`, { body: {} });
  await ministry.post(`/needs/${need}/publish`, { body: {} });
}, 120_000);

afterAll(() => site?.stop());

const as = <T>(who: ActorKey, path: string, look: (page: Page) => Promise<T>): Promise<T> =>
  site.open('/en', { scripts: false }, async (page) => {
    await signIn(page, emailOf(who), SHARED_PASSWORD, path);
    return look(page);
  });

const button = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true });
/** Text of the page with plain spaces: amounts are written with spaces that do not break. */
const mainText = async (page: Page) => (await page.locator('main').innerText()).replace(/\s+/gu, ' ');
const press = (page: Page, ...names: string[]) =>
  names.reduce((before, name) => before.then(() => button(page, name).click()), Promise.resolve());
const sent = async (page: Page) => {
  await page.waitForURL(/\/pledges\/[0-9a-f-]{36}$/u);
  return page.url().split('/').pop()!;
};
const line = (page: Page, title: string) => page.getByRole('link', { name: title, exact: true }).click();

describe('pledges', () => {
  it('of money: what is open is explained and can be taken; the offer can be changed', async () => {
    await as('harbourlight', `/needs/${need}/pledge`, async (page) => {
      await line(page, 'Equipment');
      await press(page, 'Continue');
      expect(await page.getByRole('alert').innerText()).toContain('Fill this in.');
      await page.getByLabel('Amount').fill('90,000');
      await press(page, 'Continue', 'Continue', 'Send the pledge');
      expect(await mainText(page)).toContain('Still open is USD 70,000');
      await page.getByRole('button', { name: /^Pledge what is open/u }).click();
      pledge = await sent(page);
      expect(await mainText(page)).toContain('Harbourlight Foundation: USD 70,000');
      await page.getByRole('link', { name: 'Change the pledge' }).click();
      await page.getByLabel('Amount').first().fill('40000');
      await page.getByLabel('Reason').fill('Our board decided so.');
      await press(page, 'Send the new version');
      await sent(page);
      expect(await mainText(page)).toContain('Our board decided so.');
    });
  }, 60_000);

  it('of money in another currency, paid on dates', async () => {
    await as('norvale', `/needs/${need}/pledge`, async (page) => {
      await line(page, 'Equipment');
      await page.getByLabel('Amount').fill('20000');
      await page.getByLabel('Currency').fill('EUR');
      await press(page, 'Continue');
      await page.getByLabel('Exchange rate').fill('1.2000');
      await page.getByLabel('Day of the rate').fill('2026-01-05');
      await page.getByLabel('Source of the rate').fill('Central bank');
      await page.getByLabel('On dates').check();
      await page.locator('summary', { hasText: 'Instalments on dates' }).click();
      await page.locator('#field-instalments-0-dueOn').fill('2031-02-01');
      await page.locator('#field-instalments-0-amount').fill('15000');
      await press(page, 'Continue');
      expect(await page.getByRole('alert').innerText()).toContain('must sum to the amount');
      await page.locator('#field-instalments-1-dueOn').fill('2031-04-01');
      await page.locator('#field-instalments-1-amount').fill('5000');
      await press(page, 'Continue');
      expect(await mainText(page)).toContain('USD 24,000');
      await press(page, 'Send the pledge');
      const other = await sent(page);
      await as('ministry', `/pledges/${other}/steps/decline`, async (owner) => {
        await owner.getByLabel('Reason').fill('Too late.');
        await press(owner, 'Decline');
        await sent(owner);
        expect(await mainText(owner)).toContain('Too late.');
      });
    });
  }, 60_000);

  it('of expertise, goods and data', async () => {
    await as('lakemont', `/needs/${need}/pledge`, async (page) => {
      await line(page, 'Training');
      await page.getByLabel('Hours').fill('100');
      await page.getByLabel('Skill').fill('Teaching');
      await page.getByLabel('Role').fill('Trainer');
      await press(page, 'Continue');
      await page.getByLabel('Pro bono or own personnel').check();
      await page.getByLabel('From').fill('2031-02-01');
      await page.getByLabel('Until', { exact: true }).fill('2031-05-01');
      await press(page, 'Continue', 'Send the pledge');
      const made = await sent(page);
      await page.goto(`/en/pledges/${made}/steps/withdraw`);
      await page.getByLabel('Reason').fill('No trainers left.');
      await press(page, 'Withdraw');
      await sent(page);
    });
    await as('brightwater', `/needs/${need}/pledge`, async (page) => {
      await line(page, 'Readers');
      await page.getByLabel('Number of items').fill('24');
      await page.getByLabel('What the items are').fill('Readers');
      await press(page, 'Continue');
      await page.getByLabel('Replacement cost').check();
      await page.getByLabel('Value of one unit').fill('180');
      await press(page, 'Continue', 'Send the pledge');
      await sent(page);
    });
    await as('atlas', `/needs/${need}/pledge`, async (page) => {
      await line(page, 'Catalogue');
      await page.getByLabel('Name of the dataset').fill('Catalogue');
      await press(page, 'Continue');
      await page.getByLabel('Format').fill('CSV');
      await page.getByLabel('Licence').fill('none such');
      await page.getByLabel('Number of records').fill('1,240');
      await page.getByLabel('SHA-256').fill('a'.repeat(64));
      await press(page, 'Continue');
      expect(await page.getByRole('alert').innerText()).toContain('SPDX');
      await page.getByLabel('Licence').fill('CC-BY-4.0');
      await press(page, 'Continue', 'Send the pledge');
      await sent(page);
    });
  }, 60_000);

  it('are accepted by hash, and confirmed only after the award', async () => {
    await as('ministry', `/pledges/${pledge}/steps/accept`, async (page) => {
      await press(page, 'Accept this version');
      await sent(page);
      expect(await mainText(page)).toContain('accepted by the owner of the need');
      await page.goto(`/en/needs/${need}/pledges`);
      expect(await mainText(page)).toContain('5 pledges');
    });
    await as('harbourlight', `/pledges/${pledge}/steps/confirm`, async (page) => {
      expect(await mainText(page)).toContain('once the need has accepted a proposal');
    });
  }, 60_000);
});

describe('proposals', () => {
  it('are drafted in parts with a partner, and submitted by the lead', async () => {
    await as('lantern', `/needs/${need}/propose`, async (page) => {
      await page.getByLabel('Name of the proposal').fill('Lending shelves');
      await page.getByLabel('Summary').fill('A shelf in every town.');
      await press(page, 'Begin the proposal');
      await page.waitForURL(/\/edit$/u);
      proposal = /\/proposals\/([0-9a-f-]{36})/u.exec(page.url())![1]!;
      await page.goto(`/en/proposals/${proposal}/edit/about`);
      await page.getByLabel('Duration in months').fill('9');
      await press(page, 'Save');
      await page.getByRole('link', { name: 'Approach' }).click();
      await page.getByRole('textbox').fill('Town by town.');
      await press(page, 'Save');
      await page.getByRole('link', { name: 'Answers to the criteria' }).click();
      await page.getByLabel('Relevance').fill('High.');
      await page.getByLabel('Cost').fill('Low.');
      await press(page, 'Save');
      await page.getByRole('link', { name: 'Partners' }).click();
      await page.getByLabel('Name or capability of an organisation').fill('Open Meadow');
      await press(page, 'Find', 'Add Open Meadow Collective');
      await button(page, 'Remove Open Meadow Collective').waitFor();
      await page.goto(`/en/proposals/${proposal}/steps/submit`);
      await press(page, 'Submit this version');
      await page.waitForURL(new RegExp(`/proposals/${proposal}$`, 'u'));
    });
  }, 60_000);

  it('are scored, shortlisted and accepted by two', async () => {
    await as('ministry', `/needs/${need}/reviewers`, async (page) => {
      for (const name of ['Amina Banda', 'Chikondi Phiri']) {
        await page.getByLabel('A member of your organisation').selectOption({ label: name });
        await press(page, 'Appoint a reviewer');
        await page.getByRole('rowheader', { name }).waitFor();
      }
      await page.goto(`/en/needs/${need}/steps/close-intake`);
      await press(page, 'Close the intake now');
      await page.waitForURL(new RegExp(`/needs/${need}$`, 'u'));
    });
    for (const who of ['ministry', 'ministry2'] as const)
      await as(who, `/proposals/${proposal}/score`, async (page) => {
        await press(page, 'Save my marks');
        expect(await page.getByRole('alert').innerText()).toContain('Relevance: Fill this in.');
        for (const mark of await page.getByLabel('Mark, 0 to 10').all()) await mark.selectOption('8');
        await press(page, 'Save my marks');
        await page.waitForURL(new RegExp(`/proposals/${proposal}$`, 'u'));
      });
    await as('ministry', `/needs/${need}/proposals`, async (page) => {
      expect(await mainText(page)).toContain('80.00');
      await page.goto(`/en/proposals/${proposal}/steps/shortlist`);
      await press(page, 'Shortlist');
      await page.waitForURL(new RegExp(`/proposals/${proposal}$`, 'u'));
      for (let time = 1; time <= 2; time += 1) {
        await page.goto(`/en/proposals/${proposal}/steps/accept`);
        await press(page, 'Accept this version');
      }
      expect(await page.getByRole('alert').innerText()).toContain('Two different people are needed');
    });
    await as('ministry2', `/proposals/${proposal}/steps/accept`, async (page) => {
      await press(page, 'Accept this version');
      await page.waitForURL(new RegExp(`/proposals/${proposal}$`, 'u'));
      expect(await mainText(page)).toContain('Accepted');
    });
  }, 60_000);
});
