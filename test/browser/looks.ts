import axe from 'axe-core';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { axeFindings } from './kit.js';

/** Pictures of every page, for people: CI keeps them. Not in the repository. */
const FOCUS_MS_MAX = 5_000;
const PICTURES = resolve(import.meta.dirname, '../../test-output/screenshots');

const WIDE = { width: 1200, height: 900 };
/** WCAG 2.2, 1.4.10: 320 CSS pixels without scrolling in two dimensions. */
const NARROW = { width: 320, height: 800 };

/** Half a word of a text that was not found, or of a value that is none. */
const UNFINISHED =
  /\b(?:undefined|NaN|Invalid Date|\[object Object\])\b|\b(?:account|administration|certificates|embeds|faults|lists|my-work|needs|needs-forms|organisations|pledging|problems|projects|proposals|sdg|site|stewarding|words):[a-z][\w.-]*/u;

/** What a page is expected to be. */
export interface Expected {
  readonly locale: 'en' | 'ar';
  /** The theme it was opened in; the other one is checked for contrast alone. */
  readonly scheme: 'light' | 'dark';
}

const other = (scheme: 'light' | 'dark') => (scheme === 'light' ? 'dark' : 'light');

/**
 * What is wrong with a page as it stands in the browser: language, direction, title, heading, words, width at 320 px, axe, and unless
 * told otherwise its contrast in the other theme.
 */
export async function faultsOf(page: Page, { locale, scheme }: Expected, themes: 'both' | 'one' = 'both'): Promise<string[]> {
  const { lang, dir, title, headings, text, twice } = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    text: document.body.innerText,
    twice: [...document.querySelectorAll('[id]')].map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index),
  }));
  const found: string[] = [];
  if (lang !== locale) found.push(`its language is ${lang}`);
  if (dir !== (locale === 'ar' ? 'rtl' : 'ltr')) found.push(`its direction is ${dir}`);
  if (title.trim() === '') found.push('it has no title');
  if (headings !== 1) found.push(`it has ${headings} headings of the first level`);
  if (twice.length > 0) found.push(`it has more than one element called ${[...new Set(twice)].join(', ')}`);
  const unfinished = UNFINISHED.exec(`${title}\n${text}`)?.[0];
  if (unfinished !== undefined) found.push(`it says "${unfinished}"`);
  found.push(...(await axeFindings(page)));
  if (themes === 'both') {
    await page.emulateMedia({ colorScheme: other(scheme) });
    found.push(...(await contrastFindings(page)).map((one) => `${other(scheme)}: ${one}`));
    await page.emulateMedia({ colorScheme: scheme });
  }
  found.push(...(await widthFindings(page)));
  return found;
}

/** Whether the page scrolls sideways on a narrow screen, and because of what. */
async function widthFindings(page: Page): Promise<string[]> {
  await page.setViewportSize(NARROW);
  const { over, names } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const outside = [...document.querySelectorAll('main *')].filter((one) => {
      const { left, right, width } = one.getBoundingClientRect();
      return (
        width > 0 && (left < 0 || right > clientWidth) && one.closest('.table-scroll, .gantt-scroll, .visually-hidden') === null
      );
    });
    return {
      over: scrollWidth - clientWidth,
      names: outside.slice(0, 3).map((one) => `${one.tagName.toLowerCase()} "${(one.textContent ?? '').slice(0, 40)}"`),
    };
  });
  await page.setViewportSize(WIDE);
  return over > 0 ? [`it is ${over} px wider than 320 px: ${names.join(', ')}`] : [];
}

/** Contrast alone, which is all that another theme changes; axe must be in the page. */
async function contrastFindings(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      runOnly: { type: 'rule', values: ['color-contrast'] },
      preload: false,
      resultTypes: ['violations'],
    }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}`));
}

/** Empties a form of the page and sends it. */
export async function sendEmpty(page: Page, index: number): Promise<void> {
  const form = page.locator('main form[method="post"]').nth(index);
  await form.evaluate((element) => {
    for (const control of (element as HTMLFormElement).elements) {
      if (control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement) control.value = '';
      if (control instanceof HTMLInputElement && !['hidden', 'radio', 'checkbox', 'submit'].includes(control.type))
        control.value = '';
    }
  });
  await form.locator('button[type="submit"]').first().click();
  await page.locator('.error-summary').waitFor();
  // The browser moves the focus a moment after the page has come; whether it did is for `summaryFaults` to say.
  await page
    .locator('.error-summary:focus')
    .waitFor({ timeout: FOCUS_MS_MAX })
    .catch(() => undefined);
}

/** What is wrong with how a page tells of faults: the summary has the focus, leads to fields, and the title says so. */
export async function summaryFaults(page: Page, title: string): Promise<string[]> {
  const told = await page.evaluate(() => ({
    focused: document.activeElement?.classList.contains('error-summary') ?? false,
    broken: [...document.querySelectorAll<HTMLAnchorElement>('.error-summary a')]
      .map((link) => link.hash)
      .filter((hash) => document.querySelector(hash) === null),
    marked: document.querySelectorAll('[aria-invalid="true"], fieldset.wrong').length,
    title: document.title,
  }));
  return [
    ...(told.focused ? [] : ['the summary of faults has no focus']),
    ...told.broken.map((hash) => `the summary leads to ${hash}, which is not there`),
    ...(told.marked > 0 ? [] : ['no field is marked as wrong']),
    ...(told.title === title ? ['the title does not say that something is wrong'] : []),
  ];
}

/** Keeps a picture of the whole page. */
export async function picture(page: Page, name: string): Promise<void> {
  const path = join(PICTURES, `${name}.png`);
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, fullPage: true, animations: 'disabled' });
}
