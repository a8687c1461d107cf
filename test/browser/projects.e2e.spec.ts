import { emailOf, SHARED_PASSWORD, type ActorKey } from '@concord/story';
import type { Page } from 'playwright-core';
import { eventually } from '../faults/eventually.js';
import { signIn, Site } from './kit.js';

// Projects as everybody reads them, and the steps of lead, signers, steward and funder by forms alone, with scripts off.

let site: Site;
let project: string;
let open: string;

interface Listed<Item> {
  readonly items: readonly Item[];
}
const api = async <T>(path: string): Promise<T> => (await (await fetch(`${site.url}/api/v1${path}`)).json()) as T;

beforeAll(async () => {
  site = await Site.start();
  project = (await api<Listed<{ id: string }>>('/projects')).items[0]!.id;
  const { items } = await api<Listed<{ id: string; status: string }>>(`/milestones?project=${project}&sort=due`);
  open = items.find(({ status }) => status === 'planned')!.id;
}, 120_000);

afterAll(() => site?.stop());

const top = () => `/projects/${project}`;
const milestone = (id: string) => `${top()}/milestones/${id}`;

/** Signs somebody in with scripts off, opens a page and hands it over. */
const as = <T>(key: ActorKey, path: string, look: (page: Page) => Promise<T>): Promise<T> =>
  site.open('/en', { scripts: false }, async (page) => {
    await signIn(page, emailOf(key), SHARED_PASSWORD, path);
    return look(page);
  });

const press = (page: Page, name: string) => page.getByRole('main').getByRole('button', { name, exact: true }).click();
const recorded = (page: Page) => page.locator('.notice.success').waitFor();

it('gives the same rows as files: list, budget and calendar', async () => {
  const read = async (path: string) => (await fetch(`${site.url}/en${path}`)).text();
  expect(await read('/projects.csv?country=MW')).toContain(project);
  expect(await read('/projects.csv?country=FR')).not.toContain(project);
  expect(await read(`${top()}/budget.csv`)).toMatch(/^received,.*Norvale Development Agency,EUR,.*3750000,no/mu);
  const calendar = await read(`${top()}/milestones.ics`);
  expect(calendar.match(/BEGIN:VEVENT/gu)).toHaveLength(5);
  expect(calendar.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
});

/** A day as the English pages show it. */
const shown = (instant: string): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant));

it('draws the milestones over months, with the same dates as a table', async () => {
  // The story begins on the day on which it is played.
  const { items } = await api<Listed<{ title: string; dueOn: string; releasedAt?: string }>>(
    `/milestones?project=${project}&sort=due`,
  );
  const { title, dueOn, releasedAt } = items.findLast((item): item is Required<typeof item> => item.releasedAt !== undefined)!;
  await site.open(`/en${top()}/milestones`, { scripts: false }, async (page) => {
    expect(await page.locator('svg.gantt .gantt-title').count()).toBe(4);
    expect(await page.locator('svg.gantt .gantt-today').count()).toBe(1);
    await page.getByRole('row', { name: new RegExp(`${title}.*Released.*${shown(dueOn)}.*${shown(releasedAt)}`, 'u') }).waitFor();
  });
});

it('shows numbers that are the sums of their rows', async () => {
  const fund = await api<{ balances: { currency: string; received: number }[] }>(`/funds/${project}`);
  const shown = await site.open(`/en${top()}/budget`, { scripts: false }, (page) =>
    page
      .locator('section[aria-labelledby^="received-"]')
      .evaluateAll((parts) => parts.map((part) => (part.querySelector('p.meta')?.textContent ?? '').replace(/[^\d]/gu, ''))),
  );
  expect(shown).toEqual(fund.balances.map(({ received }) => String(received / 100)));
});

describe('proof of integrity', () => {
  it('lets the browser recompute the chain, and finds a changed copy', async () => {
    await site.open(`/en${top()}/integrity`, {}, async (page) => {
      await page.getByRole('button', { name: 'Check in this browser' }).click();
      await page.getByText(/The chain of \d+ events is whole/u).waitFor();
      const copy = (await (await fetch(`${site.url}/en${top()}/chain.json`)).json()) as {
        events: { data: Record<string, unknown> }[];
      };
      copy.events[3]!.data['role'] = 'somebody';
      const file = { name: 'copy.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(copy)) };
      await page.getByLabel('Or check a copy you kept').setInputFiles(file);
      await page.getByText('Event 4 does not fit its hash').waitFor();
    });
  });

  it('says without scripts how to check the file elsewhere', async () => {
    await site.open(`/en${top()}/integrity`, { scripts: false }, async (page) => {
      await page.getByText('concord verify --stream').waitFor();
      expect(await page.getByRole('button', { name: 'Check in this browser' }).count()).toBe(0);
    });
  });
});

const sign = (key: ActorKey) =>
  as(key, `${milestone(open)}/steps/sign`, async (page) => {
    await press(page, 'Sign the milestone');
    await recorded(page);
  });

const evidence = async (page: Page, name: string) => {
  const file = { name: `${name}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`Reports of 60 schools: ${name}\n`) };
  await page.getByLabel('File').setInputFiles(file);
  await page.getByLabel('What it shows').fill(`School reports, ${name}`);
  await press(page, 'Add evidence');
  await recorded(page);
};

const submit = (narrative: string) =>
  as('lantern2', `${milestone(open)}/steps/submit`, async (page) => {
    await page.getByLabel('What was done').fill(narrative);
    await press(page, 'Submit the milestone');
    await recorded(page);
    await page.getByText("Zomba Parents' Forum").first().waitFor();
  });

it('does not offer a step to those who may not take it, and says whose it is', async () => {
  await as('norvale', `${milestone(open)}/steps/start`, async (page) => {
    await page.getByText('This is not yours to do').waitFor();
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Lantern Schools Trust' }).count()).toBeGreaterThan(0);
  });
});

it('carries a milestone from its start through a return to its release by two people', async () => {
  await as('lantern', milestone(open), async (page) => {
    await page.locator('.next-step').getByRole('link', { name: 'Start work on the milestone' }).click();
    await press(page, 'Start work on the milestone');
    await recorded(page);
    await page.getByRole('link', { name: 'Add evidence' }).first().click();
    await press(page, 'Add evidence');
    expect(await page.getByRole('alert').getByRole('link').count()).toBe(2);
    await evidence(page, 'first part');
  });
  await submit('Sixty schools were reached.');
  await as('forum', `${milestone(open)}/steps/return`, async (page) => {
    await press(page, 'Return the milestone');
    expect(await page.getByRole('alert').getByRole('link').count()).toBe(2);
    await page.getByLabel('Kind of reason').selectOption('evidence');
    await page.getByRole('textbox', { name: 'Reason' }).fill('Two schools are missing.');
    await press(page, 'Return the milestone');
    await page.getByText('Version 1 was returned (community)').waitFor();
  });
  await as('lantern', `${milestone(open)}/evidence`, (page) => evidence(page, 'second part'));
  await submit('All sixty schools now.');
  for (const key of ['ministry', 'harbourlight', 'fieldmark', 'forum'] as const) await sign(key);
  await as('ministry', `${milestone(open)}/steps/release`, async (page) => {
    await press(page, 'Release the milestone');
    await page.getByText('Recorded; a second person must agree').waitFor();
    await page.goto(`/en${milestone(open)}/steps/release`);
    await press(page, 'Release the milestone');
    await page.getByRole('alert').getByText('Two different people are needed').waitFor();
  });
  await as('ministry2', `${milestone(open)}/steps/release`, async (page) => {
    await press(page, 'Release the milestone');
    await recorded(page);
    await page.getByText('Nothing: this milestone is released.').waitFor();
  });
}, 90_000);

/** Money due on a pledge: the release reaches the pledges by an event. */
const due = (id: string) =>
  eventually(`money due on the pledge ${id}`, async () => (await api<{ due: number }>(`/pledges/${id}`)).due || undefined);

it('records a payment, acknowledges it, spends and voids, with the reversal in the budget', async () => {
  const pledges = await api<Listed<{ id: string; kind: string; unit: string; quantity: number }>>(
    `/pledges?project=${project}&limit=100`,
  );
  const { id } = pledges.items.find(({ kind, unit, quantity }) => kind === 'funding' && unit === 'USD' && quantity === 30_000_000)!;
  expect(await due(id)).toBe(9_000_000);
  const path = await as('harbourlight', `${top()}/deliveries`, async (page) => {
    await page.getByRole('link', { name: /Record a delivery: Funding/u }).click();
    await page.getByLabel('Amount in USD').fill('ninety');
    await page.getByLabel('Reference of the payment').fill('P1-M3');
    await press(page, 'Record a delivery');
    await page.getByRole('alert').getByRole('link', { name: 'Write a whole number.' }).waitFor();
    await page.getByLabel('Amount in USD').fill('90,000.00');
    await press(page, 'Record a delivery');
    await recorded(page);
    return new URL(page.url()).pathname.slice('/en'.length);
  });
  await as('lantern', path, async (page) => {
    await page.getByRole('link', { name: 'Acknowledge the delivery' }).click();
    await press(page, 'Acknowledge the delivery');
    await page.getByText('Nothing: this delivery is acknowledged.').waitFor();
    await page.goto(`/en${top()}/fund/expenditure`);
    await page.getByLabel('Currency').selectOption('USD');
    await page.getByLabel('Amount').fill('4500');
    await page.getByLabel('Purpose').fill('Servers, entered twice');
    await press(page, 'Record spending');
    await recorded(page);
    await page
      .getByRole('row', { name: /Servers, entered twice/u })
      .getByRole('link', { name: 'Void the spending' })
      .click();
    await page.getByLabel('Kind of reason').selectOption('incorrect');
    await page.getByRole('textbox', { name: 'Reason' }).fill('The invoice was entered twice.');
    await press(page, 'Void the spending');
    await recorded(page);
    await page
      .getByRole('row', {
        name: /Reversing entry: The invoice was entered twice\..*-USD 4,500|Reversing entry: The invoice was entered twice\..*USD/u,
      })
      .waitFor();
  });
}, 60_000);

it('proposes a changed plan: faults, check, and a signature by its hash', async () => {
  await as('lantern', `${top()}/plan`, async (page) => {
    await page.getByLabel('Share in percent').last().fill('10');
    await press(page, 'Check the plan');
    await page.getByRole('alert').getByText('The shares sum to 90; they must sum to 100.').waitFor();
    await page.getByLabel('Share in percent').last().fill('20');
    await page.getByLabel('Title').last().fill('Handover to two districts');
    await press(page, 'Add a milestone');
    expect(await page.getByLabel('Title').count()).toBe(2);
    await page.getByLabel('Leave this milestone out of the plan').last().check();
    await page.getByLabel('Kind of reason').selectOption('circumstances');
    await page.getByRole('textbox', { name: 'Reason' }).fill('A clearer name.');
    await press(page, 'Check the plan');
    await page.getByRole('heading', { name: 'Check the plan before you propose it' }).waitFor();
    await page.getByRole('row', { name: /Handover to two districts/u }).waitFor();
    await press(page, 'Propose the plan');
    await recorded(page);
  });
  await as('ministry', top(), async (page) => {
    await page.getByRole('link', { name: 'Sign the plan' }).first().click();
    await page.getByText('A clearer name.').waitFor();
    await press(page, 'Sign the plan');
    await recorded(page);
  });
  await as('lantern2', `${top()}/steps/post-update`, async (page) => {
    await page.getByLabel('News').fill('All sixty schools use the lessons.');
    await press(page, 'Post news');
    await page.getByText('All sixty schools use the lessons.').waitFor();
  });
});
