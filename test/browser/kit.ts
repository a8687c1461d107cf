import axe from 'axe-core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { findBrowser } from '../../infra/scripts/browser.mjs';
import { Standalone } from '../e2e/standalone.js';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How a page is opened. */
export interface Opening extends Pick<
  BrowserContextOptions,
  'colorScheme' | 'viewport' | 'locale' | 'forcedColors' | 'reducedMotion'
> {
  /** Whether scripts run; they do unless this is false. */
  readonly scripts?: boolean;
}

/** A running Concord with its demo, and a real browser before it. */
export class Site {
  private constructor(
    private readonly app: Standalone,
    private readonly dataDir: string,
    private readonly browser: Browser,
  ) {}

  /** Starts both. The demo is the story half-way (domain.md section 6); all accounts have the password `SHARED_PASSWORD` of @concord/story. */
  static async start(settings: Readonly<Record<string, string>> = {}): Promise<Site> {
    const executablePath = findBrowser();
    if (executablePath === undefined)
      throw new Error('There is no Chromium: run `npm test`, which installs it, or name one in CONCORD_BROWSER.');
    const dataDir = await mkdtemp(join(tmpdir(), 'concord-browser-'));
    const app = await Standalone.start(dataDir, settings);
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    return new Site(app, dataDir, browser);
  }

  /** Where it serves. */
  get url(): string {
    return this.app.url;
  }

  /** A fresh visitor: own cookies, own settings. Close the context when done. */
  async visitor({ scripts = true, ...options }: Opening = {}): Promise<BrowserContext> {
    return this.browser.newContext({
      viewport: { width: 1200, height: 900 },
      javaScriptEnabled: scripts,
      ...options,
      baseURL: this.url,
    });
  }

  /** Opens a path for a fresh visitor, hands the page over, and closes it. */
  async open<T>(path: string, opening: Opening, look: (page: Page) => Promise<T>): Promise<T> {
    const context = await this.visitor(opening);
    try {
      const page = await context.newPage();
      await page.goto(path);
      return await look(page);
    } finally {
      await context.close();
    }
  }

  /** Ends the browser and the app and removes what they left. */
  async stop(): Promise<void> {
    await this.browser.close();
    await this.app.interrupt();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Signs somebody in by the page; ends at `back`. Works with scripts off. */
export async function signIn(page: Page, email: string, password: string, back = '/needs'): Promise<void> {
  await page.goto(`/en/sign-in?return=${encodeURIComponent(back)}`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
}

const SHOWN_MS_MAX = 20_000;

/**
 * Reloads the page until its main part holds the text (runs of white space count as one space). For what another context shows of a
 * write: its listeners follow within milliseconds, on a busy machine within seconds. Throws with the last text after 20 seconds.
 */
export async function reloadUntil(page: Page, text: string | RegExp): Promise<void> {
  const deadline = Date.now() + SHOWN_MS_MAX;
  for (;;) {
    const shown = (await page.getByRole('main').innerText()).replace(/\s+/gu, ' ');
    if (typeof text === 'string' ? shown.includes(text) : text.test(shown)) return;
    if (Date.now() > deadline) throw new Error(`${page.url()} does not show ${String(text)} but: ${shown}`);
    await page.reload();
  }
}

/** Findings of axe-core, one line each; empty when the page is clean. The page must run scripts. */
export async function axeFindings(page: Page): Promise<string[]> {
  // By the debugger, which the content policy of the page does not concern.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      // Nothing plays, and no rule we run reads style sheets.
      preload: false,
      // WCAG 2.2 AA asks for it (2.5.8); axe leaves it out unless told.
      rules: { 'target-size': { enabled: true } },
    }),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** Bytes of a page and its style sheets and scripts as they travel (gzip), by kind. */
export async function weightOf(
  site: Site,
  path: string,
): Promise<{ readonly page: number; readonly styles: number; readonly scripts: number }> {
  const html = await (await fetch(`${site.url}${path}`)).text();
  const sum = async (pattern: RegExp) => {
    const sizes = [...html.matchAll(pattern)].map(async ([, file = '']) => travelled(`${site.url}${file}`));
    return (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  };
  return {
    page: await travelled(`${site.url}${path}`),
    styles: await sum(/<link rel="stylesheet" href="([^"]+)"/gu),
    scripts: await sum(/<(?:script[^>]* src|link rel="modulepreload" href)="([^"]+)"/gu),
  };
}

async function travelled(url: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((done, fail) => {
    request(url, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () => done(bytes));
    })
      .on('error', fail)
      .end();
  });
}
