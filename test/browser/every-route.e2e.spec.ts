import type { Page } from 'playwright-core';
import { axeFindings, Site } from './kit.js';
import { faultsOf, picture, sendEmpty, summaryFaults, type Expected } from './looks.js';
import { listedPages, listedSteps, pagesOf, unvisited, type PageRoute } from './route-table.js';
import { Troupe } from './troupe.js';
import { scenery, visitsOf, type Visit } from './visits.js';
import { World } from './world.js';

// Every page of the route table in English and Arabic, light and dark, wide and at 320 px, as somebody whom it concerns, and with its
// faults where it has a form: clean for axe, one heading, the right language and direction. A new route fails here until it has a
// visit. Pictures of all go to test-output/screenshots.

const LOOKS: readonly Expected[] = [
  { locale: 'en', scheme: 'light' },
  { locale: 'ar', scheme: 'dark' },
];
const AREAS = [
  'site',
  'needs',
  'needs-forms',
  'lists',
  'projects',
  'organisations',
  'account',
  'pledging',
  'proposals',
  'stewarding',
  'my-work',
  'administration',
  'embeds',
  'certificates',
  'about',
];

let site: Site;
let pages: readonly PageRoute[];
let visits: Readonly<Record<string, readonly Visit[]>>;
const troupes = new Map<string, Troupe>();

beforeAll(async () => {
  site = await Site.start();
  pages = await listedPages();
  visits = visitsOf(await scenery(new World(site.url)));
  for (const { locale, scheme } of LOOKS) troupes.set(locale, new Troupe(site, { colorScheme: scheme }));
}, 180_000);

afterAll(async () => {
  for (const troupe of troupes.values()) await troupe.close();
  await site?.stop();
});

/** Name of a picture: the route, with the step that was opened, and a number where there are several visits. */
function nameOf(route: string, visit: Visit, index: number): string {
  const step = /:(?:step|topic)$/u.test(route) ? visit.path.split('/').at(-1) : undefined;
  const path = step === undefined ? route : route.replace(/:\w+$/u, step);
  const name = path === '' ? 'home' : path.replaceAll(/[^a-z0-9-]+/gu, '-').replace(/^-|-$/gu, '');
  return step !== undefined || index === 0 ? name : `${name}-${index + 1}`;
}

/** Makes a visit and says what is wrong with the page, and with its faults. */
async function make({ who, path, status = 200, faulty }: Visit, look: Expected, name: string): Promise<string[]> {
  const page = await troupes.get(look.locale)!.window(who ?? 'nobody');
  const answer = await page.goto(`/${look.locale}${path === '/' ? '' : path}`);
  if (answer?.status() !== status) return [`it answers ${answer?.status()}`];
  const found = await faultsOf(page, look);
  await picture(page, `${look.locale}-${look.scheme}/${name}`);
  if (faulty === undefined) return found;
  const title = await page.title();
  await sendEmpty(page, faulty);
  const faults = [...(await summaryFaults(page, title)), ...(await faultsOf(page, look, 'one'))];
  await picture(page, `${look.locale}-${look.scheme}/${name}-faults`);
  return [...found, ...faults.map((one) => `with faults: ${one}`)];
}

it('visits every page and every step that the route table has', async () => {
  const steps = await listedSteps();
  expect(pages.length).toBeGreaterThan(80);
  expect([...new Set(pages.map(({ area }) => area))].sort()).toEqual([...AREAS].sort());
  expect(unvisited(pages, steps, visits)).toEqual([]);
});

it('would miss a new page, a new step, and a visit of nothing', () => {
  const added = pagesOf([
    { path: ':locale/new-page', file: 'routes/site/home.tsx' },
    { path: 'x.csv', file: 'routes/lists/file.ts' },
  ]);
  expect(added).toEqual([{ path: 'new-page', area: 'site' }]);
  expect(unvisited(added, { 'new-page/steps/:step': ['leap'] }, { gone: [{ path: '/gone' }] })).toEqual([
    'nobody visits new-page',
    'gone is no page',
    'nobody visits new-page/steps/:step for leap',
  ]);
});

describe.each(LOOKS)('in $locale, $scheme', (look) => {
  it.each(AREAS)('every page of %s is clean, and so are its forms with faults', async (area) => {
    const found: string[] = [];
    for (const { path } of pages.filter((one) => one.area === area))
      for (const [index, visit] of visits[path]!.entries()) {
        const faults = await make(visit, look, nameOf(path, visit, index)).catch((error: unknown) => [
          String(error).split('\n')[0] ?? '',
        ]);
        found.push(...faults.map((one) => `${visit.path} as ${visit.who ?? 'nobody'}: ${one}`));
      }
    expect(found).toEqual([]);
  });
});

/** Opens the first page of an area in a window of its own. */
async function firstOf(area: string, look: (page: Page) => Promise<void>): Promise<void> {
  const visit = visits[pages.find((one) => one.area === area)!.path]![0]!;
  const page = await troupes.get('en')!.window(visit.who ?? 'nobody');
  await page.goto(`/en${visit.path === '/' ? '' : visit.path}`);
  try {
    await look(page);
  } finally {
    await page.emulateMedia({ media: null, forcedColors: null });
  }
}

it.each(AREAS)('%s prints without what is for the screen only, dark on white', async (area) => {
  await firstOf(area, async (page) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = await page.evaluate(() => ({
      bars: [...document.querySelectorAll('.site-header, .site-footer, .breadcrumb, .skip')].filter((one) => one.checkVisibility())
        .length,
      paper: getComputedStyle(document.documentElement).backgroundColor,
      ink: getComputedStyle(document.documentElement).color,
      words: document.body.innerText.trim().length,
    }));
    expect(seen).toEqual({ bars: 0, paper: 'rgb(255, 255, 255)', ink: 'rgb(0, 0, 0)', words: expect.any(Number) });
    expect(seen.words).toBeGreaterThan(20);
    await axeFindings(page);
    await picture(page, `print/${area}`);
    await page.emulateMedia({ media: null, colorScheme: 'light' });
  });
});

it.each(AREAS)('%s keeps its edges and its charts in forced colours', async (area) => {
  await firstOf(area, async (page) => {
    await page.emulateMedia({ forcedColors: 'active' });
    expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    const faint = await page.evaluate(() =>
      [...document.querySelectorAll('.badge, .chip, .button, .notice, .next-step, .error-summary, .card')]
        .filter((one) => one.checkVisibility() && getComputedStyle(one).borderTopStyle === 'none')
        .map((one) => one.className),
    );
    expect(faint).toEqual([]);
    await picture(page, `forced-colours/${area}`);
  });
});

it('finds what is wrong with a page', async () => {
  const page = await troupes.get('en')!.window('nobody');
  await page.goto('/en/accessibility');
  expect(await faultsOf(page, LOOKS[0]!)).toEqual([]);
  await page.evaluate(() => {
    document.documentElement.lang = 'fr';
    document.documentElement.dir = 'rtl';
    document
      .querySelector('main')!
      .insertAdjacentHTML(
        'beforeend',
        '<h1>Twice</h1><p id="main">needs:field.none</p><img src="/assets/icon.svg"><svg width="900" height="9"></svg>',
      );
  });
  const found = (await faultsOf(page, LOOKS[0]!)).join('\n');
  for (const part of [
    'language is fr',
    'direction is rtl',
    '2 headings',
    'called main',
    'needs:field.none',
    'image-alt',
    'wider than 320 px',
  ])
    expect(found).toContain(part);
  expect(await summaryFaults(page, await page.title())).toHaveLength(3);
});
