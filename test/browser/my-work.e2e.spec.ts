import { emailOf, SHARED_PASSWORD, type ActorKey } from '@concord/story';
import { createClient, type Client } from '@concord/client';
import type { Me, NeedResource, SessionTokens } from '@concord/contracts';
import type { BrowserContext, Page } from 'playwright-core';
import type { z } from 'zod';
import { signIn, Site, weightOf } from './kit.js';
import { World } from './world.js';

// Inbox, what waits, and what is live, in real Chromium: everything by forms without scripts; with them two tabs agree, and what is
// new is announced and never moved under the reader.

type Need = z.output<typeof NeedResource>;

let site: Site;
let ministry: Client;
let need: Need;

/** The API as somebody of the demo, for their first organisation. */
async function apiOf(key: ActorKey): Promise<Client> {
  const api = createClient({ baseUrl: site.url, followS: 5 });
  const credentials = { email: emailOf(key), password: SHARED_PASSWORD };
  const { body } = await api.post<z.output<typeof SessionTokens>>('/sessions', { body: credentials });
  const signedIn = api.as({ token: body.accessToken });
  const { body: me } = await signedIn.get<z.output<typeof Me>>('/me');
  const organisation = me.memberships[0]?.organisation.id;
  return signedIn.as({ token: body.accessToken, ...(organisation === undefined ? {} : { organisation }) });
}

beforeAll(async () => {
  site = await Site.start();
  ministry = await apiOf('ministry');
  const { body: clock } = await ministry.get<{ readAt: string }>('/inbox', { query: { limit: 1 } });
  const inDays = (days: number) => new Date(Date.parse(clock.readAt) + days * 86_400_000).toISOString();
  const drafted = await ministry.post<Need>('/needs', {
    body: {
      title: 'Solar lamps for reading rooms',
      summary: 'Forty reading rooms need light after dusk.',
      language: 'en',
      needType: 'technical_assistance',
      country: 'MW',
      sdgTargets: ['7.1'],
      lines: [{ kind: 'in_kind', title: 'Lamps', unit: 'item', target: 400, recipient: 'owner' }],
      criteria: [{ title: 'Relevance', weight: 100 }],
      intakeClosesAt: inDays(20),
      validUntil: inDays(90),
    },
  });
  await ministry.post(`/needs/${drafted.body.id}/submit`, { body: {} });
  need = drafted.body;
}, 120_000);

afterAll(() => site?.stop());

const main = (of: Page) => of.getByRole('main');
const headerCount = (of: Page) => of.locator('header [data-live-count]').textContent();

async function opened(key: ActorKey, back: string, scripts: boolean): Promise<{ visitor: BrowserContext; page: Page }> {
  const visitor = await site.visitor({ scripts });
  const page = await visitor.newPage();
  await signIn(page, emailOf(key), SHARED_PASSWORD, back);
  return { visitor, page };
}

describe('without scripts', () => {
  it('shows the focal point what waits, and leads there', async () => {
    const { visitor, page } = await opened('office', '/work', false);
    expect(new URL(page.url()).pathname).toBe('/en/my-work');
    const row = page.getByRole('row', { name: 'Solar lamps for reading rooms' });
    await row.getByRole('link', { name: 'Endorse or return the need' }).click();
    expect(new URL(page.url()).pathname).toBe(`/en/needs/${need.id}/endorse`);
    await visitor.close();
  });

  it('keeps what was begun: to go on with, or to discard, for the organisation alone', async () => {
    const { body: draft } = await ministry.post<Need>('/needs', { body: { title: 'A bridge, half described', language: 'en' } });
    const world = new World(site.url);
    const returned = await world.need('A ferry without a timetable', 'submitted');
    await world.post('office', `/needs/${returned.id}/return`, { reason: { code: 'incomplete', text: 'Say when it sails.' } });
    const { visitor, page } = await opened('ministry', '/drafts', false);
    expect(await page.getByRole('row', { name: returned.title }).innerText()).toContain('Returned: Say when it sails.');
    const row = page.getByRole('row', { name: draft.title });
    expect(await row.innerText()).toContain('Draft');
    await row.getByRole('link', { name: /^Continue/u }).click();
    expect(new URL(page.url()).pathname).toBe(`/en/needs/${draft.id}/edit`);
    await page.goto('/en/my-work');
    await main(page).getByRole('link', { name: 'Drafts', exact: true }).click();
    await row.getByRole('link', { name: /^Discard/u }).click();
    await page.getByLabel('Reason').fill('The bridge was mended.');
    await page.getByRole('button', { name: 'Withdraw' }).click();
    await page.waitForURL(new RegExp(`/needs/${draft.id}$`, 'u'));
    await page.goto('/en/drafts');
    expect(await row.count()).toBe(0);
    await visitor.close();
    const other = await opened('kestrel', '/drafts', false);
    expect(await main(other.page).innerText()).toContain('No drafts');
    await other.visitor.close();
  });

  it('shows why, who, what and when in the inbox, and takes items out one by one or many at once', async () => {
    const { visitor, page } = await opened('ministry', '/inbox', false);
    const unread = Number(await headerCount(page));
    expect(unread).toBeGreaterThan(10);
    const first = page.locator('.inbox > li').first();
    expect(await first.innerText()).toMatch(/You get this because .+/u);
    await first.getByRole('button', { name: 'Done' }).click();
    expect(Number(await headerCount(page))).toBe(unread - 1);
    for (const at of [0, 1, 2]) await page.locator('.inbox > li input[type=checkbox]').nth(at).check();
    await page.getByRole('group', { name: 'With the chosen ones' }).getByRole('button', { name: 'Mark read', exact: true }).click();
    expect(Number(await headerCount(page))).toBe(unread - 4);
    await page.getByRole('link', { name: 'Done', exact: true }).click();
    await page.locator('.inbox > li').first().getByRole('button', { name: 'Mark unread' }).click();
    await page.getByRole('link', { name: 'Inbox', exact: true }).last().click();
    expect(Number(await headerCount(page))).toBe(unread - 3);
    await page.getByRole('button', { name: 'Mark all read' }).click();
    expect(await page.locator('.unread-count').isVisible()).toBe(false);
    await visitor.close();
  });

  it('says what has to be chosen when nothing was', async () => {
    const { visitor, page } = await opened('ministry', '/inbox', false);
    await page.getByRole('group', { name: 'With the chosen ones' }).getByRole('button', { name: 'Mark unread' }).click();
    expect(await page.locator('.error-summary').innerText()).toContain('Choose at least one item');
    await visitor.close();
  });

  it('follows an organisation in place, lists it, and stops', async () => {
    const { visitor, page } = await opened('kestrel', '/organisations?q=lantern', false);
    await main(page).getByRole('link', { name: 'Lantern Schools Trust' }).click();
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    expect(await page.locator('.follow').innerText()).toContain('You follow this');
    await page.goto('/en/follows');
    await page.getByRole('row', { name: 'Lantern Schools Trust' }).getByRole('button', { name: 'Stop following' }).click();
    expect(await main(page).innerText()).toContain('You follow nothing yet');
    await visitor.close();
  });
});

describe('live', () => {
  it('keeps the unread count of two tabs the same within two seconds, and tells of what is new', async () => {
    const { visitor, page } = await opened('office', '/inbox', true);
    const other = await visitor.newPage();
    await other.goto('/en/needs');
    const before = Number(await headerCount(page));
    // The rooms are joined when the script has asked for the count once more.
    await Promise.all([page, other].map((one) => joined(one)));
    await apiOf('office').then((office) => office.post(`/needs/${need.id}/endorse`, { body: {} }));
    await apiOf('ministry2').then((second) => second.post(`/needs/${need.id}/publish`, { body: {} }));
    const expected = String(before + 1);
    await page.locator('.live-news p').waitFor({ state: 'visible', timeout: 10_000 });
    expect(await headerCount(page)).toBe(expected);
    const shows = (one: Page) =>
      one.waitForFunction((text) => document.querySelector('header [data-live-count]')?.textContent === text, expected, {
        timeout: 2_000,
      });
    await shows(other);
    await page.getByRole('link', { name: 'Show', exact: true }).click();
    await page.locator('.inbox > li').first().getByRole('button', { name: 'Done' }).click();
    await other.waitForFunction(
      (text) => document.querySelector('header [data-live-count]')?.textContent === text,
      String(before),
      {
        timeout: 2_000,
      },
    );
    await visitor.close();
  });

  it('announces on a need what happened since, without moving anything, and shows it on demand', async () => {
    const { visitor, page } = await opened('brightwater', `/needs/${need.id}`, true);
    await joined(page);
    const place = () => page.evaluate(() => document.querySelector('#history')?.getBoundingClientRect().top);
    const entries = await page.locator('.timeline li').count();
    await page.locator('#history').scrollIntoViewIfNeeded();
    const before = await place();
    await ministry.post(`/needs/${need.id}/amend`, {
      body: {
        reason: { code: 'clarification', text: 'The rooms are named now.' },
        summary: 'Forty named reading rooms need light after dusk.',
      },
    });
    const told = page.locator('.live-news p');
    await told.waitFor({ state: 'attached' });
    await page.waitForFunction(() => document.querySelector<HTMLElement>('.live-news p')?.hidden === false, undefined, {
      timeout: 10_000,
    });
    expect(await page.locator('.live-news').getAttribute('role')).toBe('status');
    expect(await page.locator('.timeline li').count()).toBe(entries);
    expect(Math.abs((await place())! - before!)).toBeLessThanOrEqual(1);
    await Promise.all([page.waitForEvent('load'), told.getByRole('link', { name: 'Show' }).click()]);
    expect(await page.locator('.timeline li').count()).toBe(entries + 1);
    await visitor.close();
  });

  it('says when live updates are lost, with a link to reload', async () => {
    const { visitor, page } = await opened('brightwater', '/needs', true);
    await joined(page);
    await visitor.setOffline(true);
    await page.locator('[data-live-state=lost]').waitFor({ state: 'visible', timeout: 30_000 });
    expect(await page.locator('[data-live-state=lost]').innerText()).toMatch(/\d\d:\d\d UTC/u);
    expect(await page.getByRole('link', { name: 'Reload the page' }).getAttribute('href')).toBe('/en/needs');
    await visitor.setOffline(false);
    await page.locator('[data-live-state=lost]').waitFor({ state: 'hidden', timeout: 30_000 });
    await visitor.close();
  });

  it('costs a signed-in reader at most 25 kB of script, and others none', async () => {
    const { visitor, page } = await opened('brightwater', '/inbox', true);
    const names = await page.locator('script[src]').evaluateAll((all) => all.map((one) => (one as HTMLScriptElement).src));
    expect(names).toHaveLength(1);
    expect((await weightOf(site, `/en/needs/${need.id}`)).scripts).toBe(0);
    const bytes = await Promise.all(
      (await page.evaluate(() => performance.getEntriesByType('resource').map((one) => one.name)))
        .filter((name) => name.endsWith('.js'))
        .map(async (name) => (await page.request.get(name)).headers()['content-length']),
    );
    expect(bytes.reduce((sum, one) => sum + Number(one), 0)).toBeLessThan(25_000);
    await visitor.close();
  });
});

/** Waits until the page has joined its rooms: the script then reads the count of the server again. */
const joined = (page: Page) =>
  page.waitForFunction(
    () => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/inbox/unread')),
    undefined,
    {
      timeout: 15_000,
    },
  );
