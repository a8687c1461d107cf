import { emailOf, SHARED_PASSWORD, type ActorKey } from '@concord/story';
import type { BrowserContext, Page } from 'playwright-core';
import { signIn, type Opening, type Site } from './kit.js';

/** People of the demo, each with a window of their own that stays signed in; `nobody` is not. */
export class Troupe {
  private readonly windows = new Map<ActorKey | 'nobody', Promise<{ context: BrowserContext; page: Page }>>();

  constructor(
    private readonly site: Site,
    private readonly opening: Opening,
  ) {}

  /** The window of somebody, at a page in English. */
  async at(who: ActorKey | 'nobody', path: string): Promise<Page> {
    const page = await this.window(who);
    await page.goto(`/en${path}`);
    return page;
  }

  /** The window of somebody, wherever they left it. */
  async window(who: ActorKey | 'nobody'): Promise<Page> {
    const known = this.windows.get(who) ?? this.open(who);
    this.windows.set(who, known);
    return (await known).page;
  }

  private async open(who: ActorKey | 'nobody') {
    const context = await this.site.visitor(this.opening);
    const page = await context.newPage();
    if (who !== 'nobody') await signIn(page, emailOf(who), SHARED_PASSWORD);
    return { context, page };
  }

  /** Closes every window. */
  async close(): Promise<void> {
    for (const opened of this.windows.values()) await (await opened).context.close();
    this.windows.clear();
  }
}

/** Presses a button of the main part by its whole name. */
export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('main').getByRole('button', { name, exact: true }).click();

/** What the main part says, in plain spaces. */
export const said = async (page: Page): Promise<string> => (await page.getByRole('main').innerText()).replace(/\s+/gu, ' ');
