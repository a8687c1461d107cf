import { emailOf, SHARED_PASSWORD } from '@concord/story';
import { signIn, Site } from './kit.js';

// The pages of the foundation in real Chromium: nothing is asked of others, everything works without scripts.

let site: Site;
let need: string;

beforeAll(async () => {
  site = await Site.start();
  const listed = (await (await fetch(`${site.url}/api/v1/needs`)).json()) as { items: { id: string }[] };
  need = listed.items[0]!.id;
}, 120_000);

afterAll(() => site?.stop());

const PATHS = [
  '/',
  '/needs',
  '/needs?country=MW&q=lessons',
  '/needs?q=nothing-like-this',
  '/needs/:need',
  '/sign-in',
  '/accessibility',
  '/problems',
  '/problems/line_full',
  '/nothing-here',
];
const pathOf = (locale: string, path: string) => `/${locale}${path === '/' ? '' : path.replace(':need', need)}`;

describe.each(PATHS)('%s', (path) => {
  it('asks nothing of anybody else', async () => {
    const context = await site.visitor();
    const asked: string[] = [];
    context.on('request', (request) => void asked.push(new URL(request.url()).origin));
    const page = await context.newPage();
    await page.goto(pathOf('en', path));
    await context.close();
    expect([...new Set(asked)]).toEqual([site.url]);
  });
});

describe('without scripts', () => {
  it('signs in, acts for the organisation, and signs out', async () => {
    await site.open('/en', { scripts: false }, async (page) => {
      await signIn(page, emailOf('ministry'), SHARED_PASSWORD, `/needs/${need}`);
      expect(new URL(page.url()).pathname).toBe(`/en/needs/${need}`);
      await page.getByText('Amina Banda').click();
      await expect(page.getByRole('link', { name: 'My work' }).first().isVisible()).resolves.toBe(true);
      const cookies = await page.context().cookies();
      expect(cookies.filter(({ httpOnly, sameSite }) => !httpOnly || sameSite !== 'Lax')).toEqual([]);
      expect(await page.content()).not.toMatch(/eyJ[\w-]+\.[\w-]+/u);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('link', { name: 'Sign in' }).waitFor();
    });
  });

  it('shows every fault of a form at once, with what was typed, and gives the summary the focus', async () => {
    await site.open('/fr/sign-in', { scripts: false }, async (page) => {
      await page.getByLabel('Adresse électronique').fill('pas une adresse');
      await page.getByRole('main').getByRole('button').click();
      const summary = page.getByRole('alert');
      await summary.waitFor();
      expect(await summary.getByRole('link').count()).toBe(2);
      expect(await page.getByLabel('Adresse électronique').inputValue()).toBe('pas une adresse');
      expect(await page.title()).toMatch(/^Erreur/u);
    });
  });

  it('filters a list, keeps everything in the address, and keeps it when the language changes', async () => {
    await site.open('/en/needs', { scripts: false }, async (page) => {
      await page.getByLabel(/Partnered/u).check();
      await page.getByRole('button', { name: 'Show results' }).click();
      await page.getByRole('heading', { name: '1 need' }).waitFor();
      expect(new URL(page.url()).searchParams.getAll('status')).toEqual(['partnered']);
      await page.getByText('English', { exact: true }).first().click();
      await page.getByRole('link', { name: 'Español' }).click();
      await page.getByRole('heading', { name: '1 necesidad' }).waitFor();
      expect(new URL(page.url()).searchParams.getAll('status')).toEqual(['partnered']);
    });
  });
});

it('keeps what was typed when the session is gone, and sends it after sign-in', async () => {
  await site.open('/en', { scripts: false }, async (page) => {
    await signIn(page, emailOf('ministry'), SHARED_PASSWORD, '/acting');
    await page.getByLabel(/Nobody/u).check();
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Sign in to go on' }).waitFor();
    await page.getByLabel('E-mail address').fill(emailOf('ministry'));
    await page.getByLabel('Password').fill(SHARED_PASSWORD);
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Send what I typed' }).click();
    await page.waitForURL(/\/en$/u);
  });
});

it('refuses a form from another site, and shows the same page for what is absent and what is forbidden', async () => {
  const foreign = await fetch(`${site.url}/en/sign-in`, {
    method: 'POST',
    headers: { origin: 'https://elsewhere.example' },
    body: new URLSearchParams(),
  });
  expect(foreign.status).toBe(403);
  const named = await fetch(`${site.url}/en/needs/00000000-0000-7000-8000-000000000000`);
  const unknown = await fetch(`${site.url}/en/nothing`);
  expect([named.status, unknown.status]).toEqual([404, 404]);
});

it('keeps the API as it was, and answers a page that has not changed with 304', async () => {
  const api = await fetch(`${site.url}/api/v1/nothing`);
  expect([api.status, api.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  const headers = { cookie: 'concord_locale=en' };
  const first = await fetch(`${site.url}/en/needs`, { headers });
  const again = await fetch(`${site.url}/en/needs`, { headers: { ...headers, 'if-none-match': first.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
  expect(first.headers.get('content-security-policy')).toContain("script-src 'none'");
});

it('names in its policies the cookies that it sets, all of them', async () => {
  await site.open('/en', { scripts: false }, async (page) => {
    await signIn(page, emailOf('ministry'), SHARED_PASSWORD, '/policies');
    const set = (await page.context().cookies()).map(({ name }) => name).sort();
    const named = await page.locator('#privacy dl code').allInnerTexts();
    expect(set).toEqual([...named].sort());
    for (const name of ['Privacy', 'Moderation', 'Accessibility']) {
      const link = page.getByRole('main').getByRole('link', { name, exact: true });
      await page.locator(`${await link.getAttribute('href')} h2`, { hasText: name }).waitFor();
    }
    const log = await page.getByRole('link', { name: /^Decisions of the registrars/u }).getAttribute('href');
    expect((await fetch(`${site.url}${log}`)).status).toBe(200);
    await page.getByRole('link', { name: 'Accessibility statement' }).click();
    await page.getByRole('heading', { level: 1, name: 'Accessibility' }).waitFor();
  });
});
