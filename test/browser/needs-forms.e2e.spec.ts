import { CAST, emailOf, SHARED_PASSWORD, type ActorKey } from '@concord/story';
import type { Page } from 'playwright-core';
import { reloadUntil, signIn, Site } from './kit.js';

// A need from its first word to its publication, as those concerned do it, without scripts: draft, edit conflict, gaps,
// check, submission, return, endorsement, publication, invitation, amendment, shortlist, withdrawal.

let site: Site;
let need = '';

beforeAll(async () => {
  site = await Site.start();
}, 120_000);

afterAll(() => site?.stop());

/** Somebody of the story at a page, without scripts. */
const as = <T>(who: ActorKey, path: string, look: (page: Page) => Promise<T>): Promise<T> =>
  site.open('/en', { scripts: false }, async (page) => {
    await signIn(page, emailOf(who), SHARED_PASSWORD, path);
    return look(page);
  });

const button = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true });
const save = (page: Page) => button(page, 'Save').click();

/** A line of the draft, typed by its owner. */
async function addLine(page: Page, link: string, fields: Readonly<Record<string, string>>): Promise<void> {
  await page.getByRole('link', { name: link }).click();
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value);
  await page.getByLabel('the lead of the accepted proposal').check();
  await save(page);
  await page.waitForURL(/\/edit\/lines$/u);
}

describe('a need', () => {
  it('is drafted part by part, with all faults at once', async () => {
    await as('ministry', '/needs/new', async (page) => {
      await button(page, 'Begin the draft').click();
      expect(await page.getByRole('alert').innerText()).toContain('Fill this in.');
      expect(await page.title()).toMatch(/^Error: /u);
      await page.getByLabel('Name of the need').fill('Library tablets for 12 towns');
      await button(page, 'Begin the draft').click();
      await page.waitForURL(/\/needs\/[0-9a-f-]{36}\/edit$/u);
      need = /\/needs\/([0-9a-f-]{36})/u.exec(page.url())![1]!;
      expect(await page.getByRole('main').innerText()).toContain('8 things are missing');
      await page.getByRole('link', { name: 'Describe the problem.' }).click();
      await page
        .getByLabel('The problem, and who is affected')
        .fill(
          'Twelve town libraries have no way to lend out **digital books**.\n\n- <img src="/absent.png" onerror="document.title = 1">',
        );
      await page.getByLabel('Technical assistance').check();
      await page.getByLabel('Use case').fill('Remote learning');
      await save(page);
      await page.getByRole('link', { name: 'Place and goals' }).click();
      await page.getByLabel('Country', { exact: true }).selectOption('MW');
      await page.getByLabel('Regions').fill('ZM-01');
      await page.getByLabel('SDG targets', { exact: true }).fill('4.a');
      await save(page);
      expect(await page.getByRole('alert').innerText()).toContain('This region is not in the country.');
      expect(await page.getByLabel('SDG targets', { exact: true }).inputValue()).toBe('4.a');
      await page.getByLabel('Regions').fill('mw-zo');
      await save(page);
      expect(await page.getByRole('main').innerText()).toContain('looks the same');
    });
  }, 60_000);

  it('asks for money, expertise, goods and data', async () => {
    await as('ministry', `/needs/${need}/edit/lines`, async (page) => {
      await addLine(page, 'Ask for money', { 'What is wanted': 'Equipment', Amount: '60,000', 'Minimum to start': '45 000' });
      await addLine(page, 'Ask for expertise', { 'What is wanted': 'Training', Hours: '160' });
      await addLine(page, 'Ask for goods', { 'What is wanted': 'Tablets', 'Number of items': '24' });
      await addLine(page, 'Ask for data', { 'What is wanted': 'Catalogue', 'Number of datasets': '1' });
      const table = await page.getByRole('table').innerText();
      expect(table).toContain('60,000');
      expect(table).toContain('45,000');
      await page.goto(`/en/needs/${need}/edit/criteria`);
      for (const [index, weight] of ['50', '30', '10'].entries()) {
        await page.locator(`#field-criteria-${index}-title`).fill(`Criterion of ${weight}`);
        await page.locator(`#field-criteria-${index}-weight`).fill(weight);
      }
      await save(page);
      await page.getByRole('link', { name: 'The weights of the criteria must sum to 100.' }).click();
      await page.locator('#field-criteria-2-weight').fill('20');
      await save(page);
    });
  }, 60_000);

  it('shows both versions when two people edit, and takes the chosen one for each field', async () => {
    await as('ministry', `/needs/${need}/edit/about`, async (mine) => {
      await as('ministry2', `/needs/${need}/edit/about`, async (theirs) => {
        await theirs.getByLabel('Name of the need').fill('Tablets for 12 town libraries');
        await theirs.getByLabel('Use case').fill('Lending');
        await save(theirs);
      });
      await mine.getByLabel('Name of the need').fill('Library tablets');
      await save(mine);
      await mine.getByRole('heading', { name: 'Somebody else changed this meanwhile' }).waitFor();
      await mine.locator('input[name="_choose.title"][value="mine"]').check();
      await mine.locator('input[name="_choose.useCase"][value="theirs"]').check();
      await save(mine);
      await mine.waitForURL(/\/edit$/u);
      await mine.goto(`/en/needs/${need}/edit/about`);
      expect(await mine.getByLabel('Name of the need').inputValue()).toBe('Library tablets');
      expect(await mine.getByLabel('Use case').inputValue()).toBe('Lending');
      await mine.goto(`/en/needs/${need}/edit/dates`);
      await mine.getByLabel('Proposals until').fill('2031-01-31');
      await mine.getByLabel('The need is valid until').fill('2031-06-30');
      await save(mine);
    });
  }, 60_000);

  it('is checked, submitted, returned, endorsed and published', async () => {
    await as('ministry', `/needs/${need}/check`, async (page) => {
      expect(await page.getByRole('main').innerText()).toContain('a national focal point has to endorse it');
      await button(page, 'Submit the need').click();
      await page.waitForURL(new RegExp(`/needs/${need}$`, 'u'));
    });
    await as('office', `/needs/${need}/endorse`, async (page) => {
      await button(page, 'Return with this reason').click();
      expect(await page.getByRole('alert').innerText()).toContain('Fill this in.');
      await page.getByLabel('Reason').fill('Say which towns.');
      await button(page, 'Return with this reason').click();
      await page.waitForURL(/\/needs$/u);
    });
    await as('ministry', `/needs/${need}/edit`, async (page) => {
      expect(await page.getByRole('main').innerText()).toContain('Say which towns.');
      await page.goto(`/en/needs/${need}/check`);
      await button(page, 'Submit the need').click();
      await page.waitForURL(new RegExp(`/needs/${need}$`, 'u'));
    });
    await as('office', `/needs/${need}/endorse`, async (page) => {
      await button(page, 'Endorse in the country’s name').click();
      await page.waitForURL(new RegExp(`/needs/${need}$`, 'u'));
    });
    await as('ministry', `/needs/${need}/publish`, async (page) => {
      await button(page, 'Publish now').click();
      await page.waitForURL(new RegExp(`/needs/${need}$`, 'u'));
      expect(await page.getByRole('main').innerText()).toContain('Open for proposals');
      expect(await page.locator('.prose strong').allInnerTexts()).toEqual(['digital books']);
      expect(await page.locator('.prose li').allInnerTexts()).toEqual(['<img src="/absent.png" onerror="document.title = 1">']);
      expect(await page.locator('.prose img').count()).toBe(0);
    });
  }, 60_000);

  it('invites, grows, is kept in sight, and is withdrawn', async () => {
    await as('ministry', `/needs/${need}`, async (page) => {
      await page.getByRole('link', { name: 'Invite organisations' }).click();
      await page.getByLabel('Name or capability of an organisation').fill(CAST.lantern.name);
      await button(page, 'Find').click();
      await button(page, `Invite ${CAST.lantern.name}`).click();
      await page.getByText('Nobody yet.').waitFor({ state: 'detached' });
      await page.goto(`/en/needs/${need}/amend`);
      await page.locator('#field-lines-0-target').fill('50000');
      await page.getByLabel('Reason').fill('Prices fell.');
      await button(page, 'Publish the amendment').click();
      await page.getByRole('alert').waitFor();
      await page.locator('#field-lines-0-target').fill('70000');
      await button(page, 'Publish the amendment').click();
      await page.waitForURL(new RegExp(`/needs/${need}$`, 'u'));
      // The figures of the lines are the pledges' context, which hears of the amendment.
      await reloadUntil(page, 'USD 70,000');
    });
    await as('lantern', `/needs/${need}`, async (page) => {
      await page.getByRole('button', { name: 'Add to our shortlist' }).click();
      await page.getByRole('link', { name: 'Library tablets' }).waitFor();
      await page.getByRole('button', { name: 'Take off the list: Library tablets' }).click();
      await page.getByText('The shortlist is empty').waitFor();
    });
    await as('ministry', `/needs/${need}/steps/withdraw`, async (page) => {
      await page.getByLabel('Reason').fill('The libraries found another way.');
      await button(page, 'Withdraw it').click();
      await page.waitForURL(new RegExp(`/needs/${need}$`, 'u'));
      expect(await page.getByRole('main').innerText()).toContain('The libraries found another way.');
    });
  }, 60_000);
});

it('offers nothing of it to a stranger', async () => {
  await as('bluefin', `/needs/${need}/amend`, async (page) => {
    await page.getByRole('heading', { name: 'There is nothing here, or you may not see it' }).waitFor();
  });
});
