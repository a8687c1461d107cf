import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

const SHOWN_MS_MAX = 20_000;

const main = (page: Page) => page.getByRole('main');
const plain = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** Does what leads to another document, and waits until that one is there. */
async function leads(page: Page, what: string, control: Locator): Promise<void> {
  const arrived = page.waitForEvent('domcontentloaded', { timeout: 2 * SHOWN_MS_MAX });
  try {
    await Promise.all([control.click(), arrived]);
  } catch (error) {
    arrived.catch(() => undefined);
    throw new Error(`${page.url()}: "${what}" led nowhere from: ${await shown(page)}`, { cause: error });
  }
}

/** Path of the page below the language, without its query. */
export const pathOf = (page: Page): string => new URL(page.url()).pathname.replace(/^\/[a-z]{2}(?=\/)/u, '');

/** What the page shows in its main part, with plain spaces: amounts are written with spaces that do not break. */
export const shown = async (page: Page): Promise<string> => plain(await main(page).innerText());

/** Follows a link of the main part: the first of that name. */
export async function follow(page: Page, name: string | RegExp): Promise<void> {
  await leads(page, String(name), main(page).getByRole('link', { name, exact: true }).first());
}

/** Takes up what waits for somebody on their page "My work": the step, and about what. */
export async function takeUp(page: Page, step: string, about: string): Promise<void> {
  const links = main(page).getByRole('link').filter({ hasText: step }).filter({ hasText: about });
  await leads(page, `${step}: ${about}`, links.first());
}

/** Follows the button of "Next step". */
export async function next(page: Page, name: string): Promise<void> {
  await leads(page, name, page.locator('.next-step').getByRole('link', { name, exact: true }));
}

const pressed = (page: Page, name: string) => leads(page, name, main(page).getByRole('button', { name, exact: true }));

/** Presses a button that sends a form; throws with the summary of faults when the form comes back. */
export async function press(page: Page, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await pressed(page, name);
    const summary = page.locator('.error-summary');
    if ((await summary.count()) > 0) throw new Error(`"${name}" came back to ${page.url()}: ${plain(await summary.innerText())}`);
  }
}

/** Presses a button that must be refused, in these words. */
export async function refused(page: Page, name: string, words: string | RegExp): Promise<void> {
  await pressed(page, name);
  assert.match(plain(await page.locator('.error-summary').innerText()), typeof words === 'string' ? literally(words) : words);
}

const literally = (words: string): RegExp => new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&'), 'u');

/** A field by the words its label begins with, or by its id. */
const field = (page: Page, label: string): Locator =>
  label.startsWith('#') ? page.locator(label) : main(page).getByLabel(new RegExp(`^${literally(label).source}`, 'u'));

/** Types into fields by their labels; what begins with `#` is the id of a field that shares its label with others. */
export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await field(page, label).fill(value);
}

/** Chooses from a list, by the value or the words. */
export async function select(page: Page, label: string, choice: string): Promise<void> {
  await field(page, label).selectOption(choice);
}

/** Chooses a file of this content. */
export async function attach(page: Page, label: string, name: string, content: string): Promise<void> {
  await page.getByLabel(label).setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
}

/** Ticks boxes and chooses among a few, by their labels. */
export async function choose(page: Page, ...labels: readonly string[]): Promise<void> {
  for (const label of labels) await main(page).getByLabel(label).check();
}

/** Says why: the kind and the words. */
export async function because(page: Page, kind: string, words: string): Promise<void> {
  await select(page, 'Kind of reason', kind);
  await main(page).getByRole('textbox', { name: 'Reason' }).fill(words);
}

/** Throws unless the page shows this. */
export async function shows(page: Page, ...texts: readonly string[]): Promise<void> {
  const seen = await shown(page);
  for (const text of texts) assert.ok(seen.includes(text), `${page.url()} does not show "${text}" but: ${seen}`);
}

/** Throws when the page offers a link or a button of this name. */
export async function offersNot(page: Page, name: string): Promise<void> {
  const links = await main(page).getByRole('link', { name, exact: true }).count();
  const buttons = await main(page).getByRole('button', { name, exact: true }).count();
  assert.equal(links + buttons, 0, `${page.url()} offers "${name}" to somebody who may not do it`);
}

/** Rows of a table by its caption, cell by cell. */
export async function rowsOf(page: Page, caption: string): Promise<string[][]> {
  const rows = await page
    .locator('table', { has: page.locator('caption', { hasText: caption }) })
    .first()
    .locator('tbody tr')
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText)));
  return rows.map((cells) => cells.map(plain));
}

/** Reads a page, and loads it again until it shows what is expected: other contexts follow a moment later. Gives up after 20 s. */
export async function comesTo<T>(page: Page, read: (page: Page) => Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + SHOWN_MS_MAX;
  for (;;) {
    const seen = await read(page);
    if (JSON.stringify(seen) === JSON.stringify(expected)) return;
    if (Date.now() > deadline) assert.deepEqual(seen, expected, page.url());
    await page.reload();
  }
}
