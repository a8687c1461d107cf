import { emailOf, SHARED_PASSWORD } from '@concord/story';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { signIn, Site } from './kit.js';

// What every page weighs as it travels, over the route table of the build: a page 60 kB in all, no script where nobody is
// signed in; a live page, or one for somebody signed in, 170 kB of scripts. A new route is weighed without a line here; one whose address cannot be made fails.

const PAGE_BYTES_MAX = 60_000;
const SCRIPT_BYTES_MAX = 170_000;

interface Route {
  readonly id: string;
  readonly path?: string;
  readonly parentId?: string;
  readonly module: { readonly default?: unknown; readonly handle?: { readonly scripts?: boolean } };
}

let site: Site;
let routes: readonly Route[];
/** Value of a parameter by the segment before it, or by its own name. */
let values: Readonly<Record<string, string>>;
const cookies: string[] = [''];

async function first(path: string): Promise<{ id: string; lineId?: string; organisationId?: string }> {
  const { items } = (await (await fetch(`${site.url}/api/v1${path}`)).json()) as { items: { id: string }[] };
  return items[0]!;
}

/** The cookies of somebody who is signed in. */
const cookiesOf = (who: Parameters<typeof emailOf>[0]): Promise<string> =>
  site.open('/en', { scripts: false }, async (page) => {
    await signIn(page, emailOf(who), SHARED_PASSWORD);
    return (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  });

beforeAll(async () => {
  site = await Site.start();
  const file = pathToFileURL(join(resolve(import.meta.dirname, '../..'), 'apps/web/build/server/index.js')).href;
  const build = (await import(file)) as { routes: Record<string, Route> };
  routes = Object.values(build.routes);
  const pledge = await first('/pledges?kind=funding');
  const milestone = await first('/milestones');
  const report = await first('/reports');
  values = {
    needs: (await first('/needs')).id,
    projects: (await first('/projects')).id,
    organisations: (await first('/organisations')).id,
    pledges: pledge.id,
    pledge: pledge.id,
    milestones: milestone.id,
    reports: report.id,
    problems: 'line_full',
    sdgs: '4',
    countries: 'MW',
    need: (await first('/needs')).id,
    project: (await first('/projects')).id,
    line: pledge.lineId!,
    lines: '0',
  };
  cookies.push(await cookiesOf('ministry'), await cookiesOf('lantern'), await cookiesOf('registrar'));
}, 150_000);

afterAll(() => site?.stop());

interface Weighed {
  readonly status: number;
  readonly bytes: number;
  readonly text: string;
  readonly location: string | undefined;
}

function travelled(path: string, cookie: string): Promise<Weighed> {
  return new Promise((done, fail) => {
    const headers = { 'accept-encoding': 'gzip', ...(cookie === '' ? {} : { cookie }) };
    request(`${site.url}${path}`, { headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const raw = Buffer.concat(chunks);
        void unpacked(raw, answer.headers['content-encoding']).then(
          (text) => done({ status: answer.statusCode ?? 0, bytes: raw.length, text, location: answer.headers.location }),
          fail,
        );
      });
    })
      .on('error', fail)
      .end();
  });
}

async function unpacked(raw: Buffer, encoding: string | undefined): Promise<string> {
  const { gunzipSync } = await import('node:zlib');
  return (encoding === 'gzip' ? gunzipSync(raw) : raw).toString('utf8');
}

/** The address of a route in a language; a parameter without a value gets one that names nothing: the page then says so, and is weighed. */
function addressOf(path: string, locale: string): string {
  const parts = path.split('/').filter((part) => !part.endsWith('?'));
  return `/${parts
    .map((part, index) => {
      if (part === ':locale') return locale;
      if (!part.startsWith(':')) return part;
      return values[parts[index - 1] ?? ''] ?? values[part.slice(1)] ?? '00000000-0000-7000-8000-000000000000';
    })
    .join('/')}`;
}

const sizes = new Map<string, number>();
async function filesOf(html: string, pattern: RegExp): Promise<number> {
  let sum = 0;
  for (const [, file = ''] of html.matchAll(pattern)) {
    if (!sizes.has(file)) sizes.set(file, (await travelled(file, '')).bytes);
    sum += sizes.get(file)!;
  }
  return sum;
}

const isPage = ({ path, module }: Route): boolean =>
  module.default !== undefined && path !== undefined && path.startsWith(':locale');

/** Weighs a route for the reader who sees it: somebody without a session first, then members of organisations and a registrar. */
async function weigh(route: Route, locale: string) {
  const address = addressOf(route.path!, locale);
  let seen: Weighed | undefined;
  let signedIn = false;
  for (const cookie of cookies) {
    seen = await travelled(address, cookie);
    signedIn = cookie !== '';
    if (seen.status === 200) break;
  }
  const html = seen!.text;
  const styles = await filesOf(html, /<link rel="stylesheet" href="([^"]+)"/gu);
  const scripts = await filesOf(html, /<(?:script[^>]* src|link rel="modulepreload" href)="([^"]+)"/gu);
  return {
    address,
    signedIn,
    status: seen!.status,
    all: seen!.bytes + styles,
    scripts,
    tags: (html.match(/<script/gu) ?? []).length,
  };
}

it.each(['en', 'ar'])(
  'keeps every page of the route table within its budget in %s',
  async (locale) => {
    const over: string[] = [];
    const shown: string[] = [];
    for (const route of routes.filter(isPage)) {
      const { address, signedIn, status, all, scripts, tags } = await weigh(route, locale);
      if (status === 200) shown.push(route.path!);
      if (status >= 500) over.push(`${address} answers ${status}`);
      if (route.module.handle?.scripts && status === 200) {
        if (scripts > SCRIPT_BYTES_MAX) over.push(`${address} sends ${scripts} bytes of script`);
        if (scripts === 0) over.push(`${address} says it has scripts and sends none`);
      } else if (!signedIn && (tags > 0 || scripts > 0)) over.push(`${address} sends scripts`);
      // Whoever is signed in also gets the small script of the unread count.
      else if (scripts > SCRIPT_BYTES_MAX) over.push(`${address} sends ${scripts} bytes of script`);
      else if (all > PAGE_BYTES_MAX) over.push(`${address} weighs ${all} bytes`);
    }
    expect(over).toEqual([]);
    // The measure means something only where pages are shown, not where they are refused.
    expect(shown.length).toBeGreaterThan(30);
    expect(shown).toEqual(expect.arrayContaining([':locale/needs', ':locale/needs/:id', ':locale/projects/:id', ':locale/map']));
  },
  180_000,
);

it('would see a page that is too heavy, and a script', async () => {
  expect((await travelled('/en/needs', '')).bytes).toBeGreaterThan(1_000);
  expect(await filesOf('<link rel="stylesheet" href="/openapi.json"/>', /<link rel="stylesheet" href="([^"]+)"/gu)).toBeGreaterThan(
    PAGE_BYTES_MAX,
  );
});
