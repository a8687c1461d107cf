import { emailOf, SHARED_PASSWORD } from '@concord/story';
import type { Page } from 'playwright-core';
import { Site } from './kit.js';
import { said } from './troupe.js';
import { World, type Need } from './world.js';

// From the home page to a pledge with the keyboard alone, without scripts: sign in, find a need, pledge, take it back. At every stop
// the focus is visible and on the screen.

// Without motion: a page that scrolls softly shows its focus a moment later.
const STOPS_MAX = 120;
const FOCUS_MS_MAX = 10_000;

let site: Site;
let need: Need;

beforeAll(async () => {
  site = await Site.start();
  need = await new World(site.url).need('Night ferries', 'published');
}, 120_000);

afterAll(() => site?.stop());

interface Focus {
  readonly tag: string;
  readonly name: string;
  /** Whether the reader sees where the focus is: on the screen, and with an outline. */
  readonly isSeen: boolean;
}

/** Where the focus is, by what the reader would call it. */
const focused = (page: Page): Promise<Focus> =>
  page.evaluate(() => {
    const at = document.activeElement as HTMLElement;
    const labels =
      at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement ? at.labels : null;
    const name = at.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? at.textContent ?? '';
    const box = at.getBoundingClientRect();
    const { outlineStyle, outlineWidth } = getComputedStyle(at);
    return {
      tag: at.tagName.toLowerCase(),
      name: name.replace(/\s+/gu, ' ').trim(),
      isSeen: box.bottom > 0 && box.top < innerHeight && outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    };
  });

/** Presses Tab until the focus is on something with this tag and name; names the stops when it never is. */
async function tabTo(page: Page, tag: string, name: string): Promise<void> {
  const stops: string[] = [];
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    stops.push(`${at.tag} "${at.name}"`);
    if (at.tag !== 'body' && !at.isSeen) throw new Error(`The focus is not seen on ${stops.at(-1)} of ${page.url()}.`);
    if (at.tag === tag && at.name.startsWith(name)) return;
  }
  throw new Error(`Tab never comes to ${tag} "${name}" on ${page.url()}, but to ${stops.join(', ')}.`);
}

/** Waits until the browser has moved the focus there by itself: it does so a moment after the page has come, or a link was followed. */
async function comesTo(page: Page, name: string): Promise<void> {
  for (const deadline = Date.now() + FOCUS_MS_MAX; ;) {
    const at = await focused(page);
    if (at.name.startsWith(name)) return;
    if (Date.now() > deadline)
      throw new Error(`The focus does not come to "${name}" on ${page.url()}; it is on ${at.tag} "${at.name}".`);
  }
}

async function type(page: Page, label: string, text: string): Promise<void> {
  await tabTo(page, 'input', label);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function follow(page: Page, tag: 'a' | 'button', name: string): Promise<void> {
  await tabTo(page, tag, name);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

it('pledges to a need and withdraws the pledge', async () => {
  await site.open('/en', { scripts: false, reducedMotion: 'reduce' }, async (page) => {
    await page.keyboard.press('Tab');
    expect((await focused(page)).name).toBe('Skip to content');
    await follow(page, 'a', 'Sign in');
    await type(page, 'E-mail address', emailOf('harbourlight'));
    await type(page, 'Password', SHARED_PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    await follow(page, 'a', 'Needs');
    await tabTo(page, 'input', 'Search');
    await page.keyboard.type('ferries');
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    await follow(page, 'a', need.title);
    await follow(page, 'a', 'Pledge to this need');
    await follow(page, 'a', 'Equipment');
    await follow(page, 'button', 'Continue');
    // The summary of faults has the focus when the page comes; its link leads into the field.
    await comesTo(page, 'Something needs your attention');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await comesTo(page, 'Amount');
    await page.keyboard.type('1,000');
    await follow(page, 'button', 'Continue');
    await follow(page, 'button', 'Continue');
    await follow(page, 'button', 'Send the pledge');
    expect(await said(page)).toContain('Harbourlight Foundation: USD 1,000');
    await follow(page, 'a', 'Withdraw the pledge');
    await tabTo(page, 'textarea', 'Reason');
    await page.keyboard.type('Typed by the keyboard alone.');
    await follow(page, 'button', 'Withdraw');
    expect(await said(page)).toContain('Typed by the keyboard alone.');
  });
}, 60_000);

it('would find a focus that nobody sees', async () => {
  await site.open('/en', { reducedMotion: 'reduce' }, async (page) => {
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('a:focus-visible { outline: none }');
      document.adoptedStyleSheets = [sheet];
    });
    await expect(tabTo(page, 'button', 'There is none')).rejects.toThrow('The focus is not seen');
  });
});
