import { emailOf, SHARED_PASSWORD } from '@concord/story';
import type { Page } from 'playwright-core';
import { PagesBeforeTrouble } from './api-in-trouble.js';
import { axeFindings, Site } from './kit.js';

// What a reader meets when things go wrong: too many requests, a fault, no answer, a form sent twice, an answer that is lost, and
// somebody else who was first. All of it without scripts in the page.

let site: Site;
let pages: PagesBeforeTrouble;

beforeAll(async () => {
  site = await Site.start();
  pages = await PagesBeforeTrouble.start(site.url);
}, 150_000);

afterAll(async () => {
  await pages?.stop();
  await site?.stop();
});

const isList = (method: string, path: string) => method === 'GET' && path.startsWith('/api/v1/needs?');
const isDraft = (method: string, path: string) => method === 'POST' && path === '/api/v1/needs';
const problem = (code: string, status: number) => ({
  type: `/problems/${code}`,
  title: code,
  status,
  code,
  correlationId: 'seen-by-operators',
});

async function signedIn(page: Page, back: string): Promise<void> {
  await page.goto(`${pages.url}/en/sign-in?return=${encodeURIComponent(back)}`);
  await page.getByLabel('E-mail address').fill(emailOf('ministry'));
  await page.getByLabel('Password').fill(SHARED_PASSWORD);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

/** Titles of the drafts that the API has, as their owner sees them. */
async function draftsCalled(page: Page, title: string): Promise<number> {
  const answer = await page.context().request.get(`${pages.url}/en/needs.json?status=draft`);
  const { items } = (await answer.json()) as { items: { title: string }[] };
  return items.filter((one) => one.title === title).length;
}

async function fillDraft(page: Page, title: string): Promise<void> {
  await page.getByLabel('Name of the need').fill(title);
  await page.getByLabel('Language of the text').selectOption('en');
}

describe('a page whose data cannot be had', () => {
  it('says that there were too many requests, when to come back, and comes back', async () => {
    const answer = { status: 429, headers: { 'retry-after': '1' }, body: problem('rate_limited', 429) };
    await site.open(`${pages.url}/en`, { scripts: false }, async (page) => {
      pages.make({ matches: isList, times: 2, answer });
      const shown = await page.goto(`${pages.url}/en/needs?country=MW`);
      expect(shown?.status()).toBe(503);
      await page.getByRole('heading', { name: 'The service is busy right now' }).waitFor();
      expect(await page.getByRole('main').innerText()).toContain('Try again in 1 second.');
      await page.getByRole('link', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: '1 need' }).waitFor();
      expect(new URL(page.url()).search).toBe('?country=MW');
    });
  });

  it.each([
    ['en', 'Something went wrong here'],
    ['ar', 'seen-by-operators'],
  ])('names the correlation id of a fault and nothing of its inside, in %s', async (locale, words) => {
    await site.open(`${pages.url}/en`, {}, async (page) => {
      pages.make({
        matches: isList,
        times: 1,
        answer: { status: 500, body: { ...problem('internal', 500), detail: 'SELECT secret' } },
      });
      const shown = await page.goto(`${pages.url}/${locale}/needs`);
      expect(shown?.status()).toBe(500);
      const said = await page.getByRole('main').innerText();
      expect(said).toContain(words);
      expect(said).toContain('seen-by-operators');
      expect(await page.content()).not.toContain('SELECT secret');
      expect(await axeFindings(page)).toEqual([]);
    });
  });

  it('says so when the API does not answer at all', async () => {
    await site.open(`${pages.url}/en`, { scripts: false }, async (page) => {
      pages.make({ matches: isList, times: 2 });
      const shown = await page.goto(`${pages.url}/en/needs`);
      expect(shown?.status()).toBe(503);
      await page.getByRole('heading', { name: 'The service is busy right now' }).waitFor();
    });
  });
});

describe('a form', () => {
  it('that is sent twice by a double click has one effect', async () => {
    await site.open(`${pages.url}/en`, { scripts: false }, async (page) => {
      await signedIn(page, '/needs/new');
      await fillDraft(page, 'Sent twice');
      const from = pages.commands.length;
      await page.getByRole('button', { name: 'Begin the draft' }).dblclick();
      await page.waitForURL(/\/edit$/u);
      const sent = pages.commands.slice(from).filter((one) => one.startsWith('POST /api/v1/needs '));
      expect(new Set(sent).size).toBe(1);
      expect(await draftsCalled(page, 'Sent twice')).toBe(1);
    });
  });

  it('whose very same bytes arrive twice has one effect, and both get its answer', async () => {
    await site.open(`${pages.url}/en`, { scripts: false }, async (page) => {
      await signedIn(page, '/needs/new');
      await fillDraft(page, 'Same bytes');
      const fields = await page
        .locator('main form')
        .evaluate((form) => [...new FormData(form as HTMLFormElement)].map(([name, value]) => [name, String(value)] as const));
      const send = () =>
        page.context().request.post(`${pages.url}/en/needs/new`, {
          form: Object.fromEntries(fields),
          headers: { origin: pages.url },
          maxRedirects: 0,
        });
      const answers = await Promise.all([send(), send(), send()]);
      expect(answers.map((answer) => answer.status())).toEqual([302, 302, 302]);
      expect(new Set(answers.map((answer) => answer.headers()['location'])).size).toBe(1);
      expect(await draftsCalled(page, 'Same bytes')).toBe(1);
    });
  });

  it('whose answer is lost is sent again under its key and has one effect', async () => {
    await site.open(`${pages.url}/en`, { scripts: false }, async (page) => {
      await signedIn(page, '/needs/new');
      await fillDraft(page, 'Answer lost');
      const from = pages.commands.length;
      pages.make({ matches: isDraft, times: 1 });
      await page.getByRole('button', { name: 'Begin the draft' }).click();
      await page.waitForURL(/\/edit$/u);
      const sent = pages.commands.slice(from).filter((one) => one.startsWith('POST /api/v1/needs '));
      expect([sent.length, new Set(sent).size]).toEqual([2, 1]);
      expect(await draftsCalled(page, 'Answer lost')).toBe(1);
    });
  });

  it('that is refused for now keeps what was typed and its key, and works on the next try', async () => {
    await site.open(`${pages.url}/en`, { scripts: false }, async (page) => {
      await signedIn(page, '/needs/new');
      await fillDraft(page, 'Kept');
      const from = pages.commands.length;
      const answer = { status: 503, headers: { 'retry-after': '1' }, body: problem('overloaded', 503) };
      pages.make({ matches: isDraft, times: 2, answer });
      await page.getByRole('button', { name: 'Begin the draft' }).click();
      await page.getByRole('alert').waitFor();
      expect(await page.title()).toMatch(/^Error:/u);
      expect(await page.getByLabel('Name of the need').inputValue()).toBe('Kept');
      await page.getByRole('button', { name: 'Begin the draft' }).click();
      await page.waitForURL(/\/edit$/u);
      expect(new Set(pages.commands.slice(from)).size).toBe(1);
      expect(await draftsCalled(page, 'Kept')).toBe(1);
    });
  });
});

it('shows both versions when somebody else was first, loses nothing, and saves what was chosen', async () => {
  await site.open(`${pages.url}/en`, {}, async (page) => {
    await signedIn(page, '/needs/new');
    await fillDraft(page, 'Two at once');
    await page.getByRole('button', { name: 'Begin the draft' }).click();
    await page.waitForURL(/\/edit$/u);
    const about = `${page.url()}/about`;
    await page.goto(about);
    const other = await page.context().newPage();
    await other.goto(about);
    await other.getByLabel('Use case').fill('The other one');
    await other.getByRole('button', { name: 'Save' }).click();
    await other.waitForURL(/\/edit$/u);
    await page.getByLabel('Use case').fill('Mine');
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.request().method() === 'POST'),
      page.getByRole('button', { name: 'Save' }).click(),
    ]);
    expect(answer.status()).toBe(412);
    await page.getByRole('heading', { name: 'Somebody else changed this meanwhile' }).waitFor();
    expect(await page.locator('.conflict').innerText()).toContain('The other one');
    expect(await page.locator('input[name="useCase"]').inputValue()).toBe('Mine');
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('radio', { name: /Mine/u }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/edit$/u);
    await page.goto(about);
    expect(await page.getByLabel('Use case').inputValue()).toBe('Mine');
  });
});
