import { verifyStream, type ExportedStream } from '@concord/client';
import { emailOf, SHARED_PASSWORD } from '@concord/story';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signIn, Site } from './kit.js';
import { World } from './world.js';

// What is found, and what leaves the pages: files, feeds, cards in foreign frames, certificates; totals by goal, country and on the
// map; and what integrators are told.

let site: Site;
let need: string;
let project: string;
let pledge: { id: string; hash: string };

beforeAll(async () => {
  site = await Site.start();
  const { items } = (await (await fetch(`${site.url}/api/v1/pledges?kind=funding`)).json()) as {
    items: { id: string; hash: string; needId: string; projectId: string }[];
  };
  const [first] = items;
  need = first!.needId;
  project = first!.projectId;
  pledge = first!;
}, 120_000);

afterAll(() => site?.stop());

const pathOf = (path: string): string =>
  path.replace(':need', need).replace(':project', project).replace(':pledge', pledge.id).replace(':hash', pledge.hash);
const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(`${site.url}${pathOf(path)}`, { headers });

describe('files', () => {
  it('hold the rows of the page with its filter, in its language', async () => {
    const all = await (await get('/fr/needs.csv')).text();
    const [head = '', row = ''] = all.split('\r\n');
    expect(head.split(',').slice(0, 3)).toEqual(['id', 'url', 'title']);
    expect(row).toContain(need);
    expect(row).toContain('technical_assistance');
    const none = await (await get('/fr/needs.csv?country=FJ')).text();
    expect(none.trim()).toBe(head);
    expect((await (await get('/fr/needs.csv?bom=1')).arrayBuffer()).slice(0, 3)).toEqual(new Uint8Array([0xef, 0xbb, 0xbf]).buffer);
  });

  it('agree with the API to the minor unit', async () => {
    const { lines } = (await (await get('/api/v1/needs/:need/funding')).json()) as {
      lines: { id: string; target: number; unit: string }[];
    };
    const rows = (await (await get('/en/needs/:need/lines.csv')).text()).trim().split('\r\n').slice(1);
    expect(rows).toHaveLength(lines.length);
    const money = lines.find(({ unit }) => unit === 'USD')!;
    expect(rows.find((one) => one.startsWith(money.id))).toContain(`,USD,${(money.target / 100).toFixed(2)},`);
    const json = (await (await get('/en/needs/:need/lines.json')).json()) as { items: { id: string; target: number }[] };
    expect(json.items.find(({ id }) => id === money.id)?.target).toBe(money.target);
  });

  it.each(['needs', 'projects', 'organisations'])('of %s come in every form, and columns are explained', async (list) => {
    for (const [format, type] of [
      ['csv', 'text/csv'],
      ['json', 'application/json'],
      ['atom', 'application/atom+xml'],
      ['feed.json', 'application/feed+json'],
    ]) {
      const answer = await get(`/en/${list}.${format}`);
      expect([format, answer.status, answer.headers.get('content-type')]).toEqual([format, 200, expect.stringContaining(type!)]);
      if (format !== 'csv' && format !== 'json') expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const head = (await (await get(`/en/${list}.csv`)).text()).split('\r\n')[0]!.split(',');
    const dictionary = await (await get('/en/data')).text();
    expect(head.filter((name) => !dictionary.includes(`<code dir="ltr">${name}</code>`))).toEqual([]);
  });

  it('answers a feed that has not changed with 304, and a wrong filter with 400', async () => {
    const etag = (await get('/en/needs.atom')).headers.get('etag') ?? '';
    expect((await get('/en/needs.atom', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/en/needs.csv?status=nonsense')).status).toBe(400);
    expect((await get('/en/needs/00000000-0000-7000-8000-000000000000/lines.csv')).status).toBe(200);
  });

  it('puts dates into a calendar', async () => {
    const text = await (await get('/es/projects.ics')).text();
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/u);
    expect(text).toContain('BEGIN:VEVENT');
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  });

  it('are linked from the list with its filters', async () => {
    await site.open('/en/needs?country=MW', { scripts: false }, async (page) => {
      const link = page.getByRole('link', { name: 'Atom feed' });
      expect(await link.getAttribute('href')).toBe('/en/needs.atom?country=MW');
    });
  });
});

it('never shows a draft in anything that leaves the pages, but in the file of its owner', async () => {
  await site.open('/en', { scripts: false }, async (page) => {
    await signIn(page, emailOf('ministry'), SHARED_PASSWORD, '/needs/new');
    await page.getByLabel('Name of the need').fill('Not public yet');
    await page.getByRole('button', { name: 'Begin the draft' }).click();
    await page.waitForURL(/\/needs\/[0-9a-f-]{36}\/edit$/u);
    const draft = /needs\/([0-9a-f-]{36})/u.exec(page.url())![1]!;
    const own = await page.context().request.get(`${site.url}/en/needs.csv?status=draft`);
    expect(await own.text()).toContain('Not public yet');
    const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    for (const path of [
      `/en/embed/need/${draft}`,
      `/en/badge/${draft}.svg`,
      '/en/needs.atom?status=draft',
      '/en/needs.feed.json',
      '/en/needs.ics',
    ]) {
      const answer = await get(path, { cookie: cookies });
      expect([path, (await answer.text()).includes('Not public yet')]).toEqual([path, false]);
      expect([path, answer.headers.getSetCookie()]).toEqual([path, []]);
    }
    expect((await get(`/en/embed/need/${draft}`, { cookie: cookies })).status).toBe(404);
    expect((await get(`/en/badge/${draft}.svg`, { cookie: cookies })).status).toBe(404);
  });
});

it('shows cards and badges on a foreign page, and no other page in a frame', async () => {
  const pages: Readonly<Record<string, string>> = {
    '/card': `<iframe src="${site.url}/en/embed/need/${need}"></iframe><img src="${site.url}/en/badge/${project}.svg">`,
    '/page': `<iframe src="${site.url}/en/needs/${need}"></iframe>`,
  };
  const foreign = createServer((request, answer) =>
    answer.setHeader('content-type', 'text/html').end(pages[request.url ?? ''] ?? ''),
  );
  await new Promise<void>((listening) => foreign.listen(0, '127.0.0.1', listening));
  const origin = `http://localhost:${(foreign.address() as AddressInfo).port}`;
  try {
    await site.open(`${origin}/card`, {}, async (page) => {
      await page.frameLocator('iframe').getByText('Live figures from Concord').waitFor();
      expect(await page.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(50);
      expect(await page.context().cookies()).toEqual([]);
    });
    await site.open(`${origin}/page`, {}, async (page) => {
      expect(await page.frameLocator('iframe').getByText('Ministry of Open Learning').count()).toBe(0);
    });
    expect((await get('/en/needs/:need')).headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  } finally {
    foreign.close();
  }
});

describe('the certificate', () => {
  it('prints: nothing but the paper, in black on white, in the currency of the pledge', async () => {
    await site.open(`/en${pathOf('/pledges/:pledge/certificate')}`, { scripts: false, colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const { unit } = (await (await get('/api/v1/pledges/:pledge')).json()) as { unit: string };
      expect(await page.getByRole('main').innerText()).toContain(unit);
      expect(await page.getByText(pledge.hash, { exact: true }).isVisible()).toBe(true);
      expect(await page.getByText('Use the print command').isVisible()).toBe(false);
      const { ink, paper } = await page.evaluate(() => {
        const { color } = getComputedStyle(document.body);
        return { ink: color, paper: getComputedStyle(document.documentElement).backgroundColor };
      });
      expect([ink, paper]).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
      expect((await page.locator('svg.qr').boundingBox())?.width).toBeGreaterThan(100);
    });
  });

  it('is true, and with another hash it is not', async () => {
    await site.open(`/en${pathOf('/verify/:hash?pledge=:pledge')}`, { scripts: false }, async (page) => {
      await page.getByText('The certificate is true').waitFor();
      await page.getByLabel('Hash of the offer (SHA-256)').fill('0'.repeat(64));
      await page.getByRole('button', { name: 'Check' }).click();
      await page.waitForURL(/verify\?pledge/u);
      await page.getByText('The certificate does not fit').waitFor();
    });
    const wrong = await (await get(`/en/verify/${'0'.repeat(64)}?pledge=:pledge`)).text();
    expect(wrong).toContain('The certificate does not fit');
    const unknown = await (await get('/en/verify/:hash?pledge=00000000-0000-7000-8000-000000000000')).text();
    expect(unknown).toContain('Nothing was found');
  });
});

it('keeps what matters visible in forced colours: the parts of bars, the edges of states and buttons', async () => {
  await site.open(`/en/needs/${need}`, { forcedColors: 'active' }, async (page) => {
    const seen = await page.evaluate(() => {
      const look = (selector: string) => getComputedStyle(document.querySelector(selector)!);
      return {
        badge: look('.badge').borderTopWidth,
        button: look('.next-step .button').borderTopWidth,
        delivered: look('.bar-delivered').fill,
        committed: look('.bar-committed').fill,
        whole: look('.bar-whole').fill,
      };
    });
    expect([seen.badge, seen.button]).toEqual(['1px', '1px']);
    expect(new Set([seen.delivered, seen.committed, seen.whole]).size).toBe(3);
  });
});

it('says on the map what the table says', async () => {
  await site.open('/en/map', { scripts: false }, async (page) => {
    const drawn = await page.locator('svg a').evaluateAll((links) => links.map((one) => one.getAttribute('aria-label')));
    const rows = await page
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => `${row.querySelector('th')?.textContent}: needs: ${row.querySelectorAll('td')[0]?.textContent}`),
      );
    expect(rows).toEqual(drawn);
    expect(rows.length).toBeGreaterThan(0);
    await page.locator('svg a').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/countries\/MW$/u);
  });
});

describe('the search', () => {
  const wordsOf = async (list: string, q: string) =>
    (await (await get(`/api/v1/${list}?count=estimate&limit=5&q=${q}`)).json()) as {
      items: { title?: string; name?: string }[];
      count: { value: number };
    };

  it('begins on the home page, shows the first of three lists side by side, and leads to the rest of each', async () => {
    const found = await Promise.all(['needs', 'projects', 'organisations'].map((list) => wordsOf(list, 'lessons')));
    const all = found.reduce((sum, { count }) => sum + count.value, 0);
    await site.open('/en', { scripts: false }, async (page) => {
      const box = page.getByRole('main').getByRole('search');
      await box.getByLabel('Words to look for').fill('lessons');
      await box.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL(/\/en\/search\?q=lessons$/u);
      expect(await page.locator('h2[aria-live=polite]').innerText()).toBe(`${all} results`);
      const shown = await page.getByRole('main').innerText();
      for (const { items } of found) for (const { title, name } of items) expect(shown).toContain(title ?? name);
      expect(await box.getByLabel('Words to look for').inputValue()).toBe('lessons');
      await page.getByRole('link', { name: 'All needs with these words' }).click();
      await page.waitForURL(/\/en\/needs\?q=lessons$/u);
      await page.getByRole('heading', { name: '1 need' }).waitFor();
    });
  });

  it('says where nothing was found, asks nothing without words, and keeps any text as a text', async () => {
    const one = await (await get('/en/search?q=lantern')).text();
    expect(one).toContain('Lantern Schools Trust');
    expect(one).toContain('Nothing was found here.');
    expect(await (await get('/en/search')).text()).not.toContain('aria-live="polite"');
    const odd = await get(`/en/search?q=${encodeURIComponent(`"><b>&% \u0000${'x'.repeat(300)}`)}`);
    expect(odd.status).toBe(404);
    const long = await get(`/en/search?q=${encodeURIComponent(`"><b>&%${'x'.repeat(300)}`)}`);
    expect(long.status).toBe(200);
    const text = await long.text();
    expect(text).toContain('Nothing was found');
    expect(text).not.toContain('"><b>');
  });
});

describe('what integrators are told', () => {
  /** What curl would send. */
  function sent(command: string, token: string): readonly [string, RequestInit] {
    const one = (pattern: RegExp) => pattern.exec(command)?.[1];
    const body = one(/-d '([^']*)'/u);
    const headers = [...command.matchAll(/-H (["'])([\w-]+): (.*?)\1/gu)].map(([, , name = '', value = '']): [string, string] => [
      name,
      value.replace('$TOKEN', token),
    ]);
    return [one(/^curl '([^']+)'/u) ?? '', { headers, ...(body === undefined ? {} : { method: 'POST', body }) }];
  }

  it('works as it stands: the commands, the addresses, and the check without a server', async () => {
    const world = new World(site.url);
    const { organisationId } = await world.as('ministry');
    const { token } = await world.post<{ token: string }>('ministry', '/tokens', {
      name: 'First steps',
      organisationId,
      scopes: ['read', 'write'],
      expiresInDays: 30,
    });
    await site.open('/en/developers', { scripts: false }, async (page) => {
      const [read = '', write = ''] = await page.locator('.command').allInnerTexts();
      expect(read).toContain(`${site.url}/api/v1/`);
      expect((await fetch(...sent(read, ''))).status).toBe(200);
      expect((await fetch(...sent(write, ''))).status).toBe(401);
      const drafted = await fetch(...sent(write, token));
      expect([drafted.status, await (await fetch(...sent(write, token))).text()]).toEqual([201, await drafted.text()]);
      const links = page.locator('[aria-labelledby=addresses] a');
      for (const link of await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? '')))
        expect([link, (await get(link)).headers.get('content-type')]).toEqual([link, expect.stringContaining('json')]);
      const codes = await page.locator('[aria-labelledby=rules] code').allInnerTexts();
      const paths = codes.filter((code) => code.startsWith('/')).map((code) => code.replace('<id>', need));
      expect(paths.length).toBeGreaterThan(4);
      for (const path of paths) expect([path, (await get(path)).status]).toEqual([path, 200]);
      const stream = paths.find((path) => path.includes('/stream'))!;
      const verdict = await verifyStream((await (await get(stream)).json()) as ExportedStream);
      expect(verdict).toMatchObject({ intact: true, faults: [] });
      expect(verdict.events).toBeGreaterThan(3);
    });
  });
});
