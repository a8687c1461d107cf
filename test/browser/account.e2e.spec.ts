import { emailOf, SHARED_PASSWORD } from '@concord/story';
import type { BrowserContext, Page } from 'playwright-core';
import { signIn, Site } from './kit.js';

// From nobody to a verified organisation in real Chromium with scripts off: register, look for duplicates, ask for verification,
// two registrars verify, a colleague joins by invitation; then what somebody changes of their account.

const PASSWORD = 'seven small lanterns by the lake';
const NAME = 'Harbour Light Foundations';

let site: Site;
let context: BrowserContext;
let page: Page;
/** Path of the new organisation below the language. */
let organisation: string;

beforeAll(async () => {
  site = await Site.start();
  context = await site.visitor({ scripts: false });
  page = await context.newPage();
}, 120_000);

afterAll(() => site?.stop());

const main = (of: Page) => of.getByRole('main');
const press = (of: Page, name: string) => main(of).getByRole('button', { name, exact: true }).click();
const pathOf = (of: Page) => new URL(of.url()).pathname;

async function register(of: Page, name: string, email: string, password = PASSWORD): Promise<void> {
  await of.getByLabel('Your name').fill(name);
  await of.getByLabel('E-mail address').fill(email);
  await of.getByLabel('Password').fill(password);
  await press(of, 'Create my account');
}

/** Opens pages as somebody of the demo. */
async function as<T>(email: string, back: string, look: (of: Page) => Promise<T>): Promise<T> {
  const visitor = await site.visitor({ scripts: false });
  try {
    const opened = await visitor.newPage();
    await signIn(opened, email, SHARED_PASSWORD, back);
    return await look(opened);
  } finally {
    await visitor.close();
  }
}

describe('a newcomer, without scripts', () => {
  it('is told everything that is wrong with the registration at once, and loses nothing typed', async () => {
    await page.goto('/en');
    await main(page).getByRole('link', { name: 'Register' }).click();
    await register(page, '', 'not an address', 'short');
    expect(await page.title()).toMatch(/^Error: Register/u);
    expect(await page.locator('.error-summary li').count()).toBe(2);
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('not an address');
    await register(page, 'Noor Haddad', emailOf('harbourlight'));
    expect(await page.locator('.field.wrong').innerText()).toContain('account with this e-mail address already');
  });

  it('registers, and is shown organisations that look the same before its own is registered', async () => {
    await register(page, 'Noor Haddad', 'noor@lights.example');
    expect(pathOf(page)).toBe('/en/organisations/new');
    await page.getByLabel('Name of the organisation').fill('Harbourlight Foundation');
    await page.getByLabel('Type').selectOption('60');
    await page.getByLabel('Country').selectOption('LB');
    await press(page, 'Register the organisation');
    expect(await page.locator('.conflict').innerText()).toContain('Harbourlight Foundation');
    // Another name is looked up again: what was confirmed for one says nothing about the other.
    await page.getByLabel('Name of the organisation').fill(NAME);
    await press(page, 'Register the organisation');
    const same = page.getByLabel('None of these is our organisation');
    if ((await same.count()) > 0) {
      await same.check();
      await press(page, 'Register the organisation');
    }
    expect(pathOf(page)).toMatch(/^\/en\/organisations\/[0-9a-f-]{36}\/verification$/u);
    organisation = pathOf(page).replace(/^\/en|\/verification$/gu, '');
    expect(await main(page).innerText()).toContain('Step 3 of 3');
  });

  it('asks for verification with every fault at its field first', async () => {
    await press(page, 'Ask for verification');
    expect(await page.locator('.error-summary li').count()).toBeGreaterThanOrEqual(7);
    expect(await page.locator('.field.wrong').count()).toBeGreaterThanOrEqual(7);
    await page.getByLabel('Proof that it exists in law').fill('Register of foundations, entry 4711');
    await page.getByLabel('Identifier in its register').fill('LB-REG-4711');
    await page.getByLabel('Name of the contact').fill('Noor Haddad');
    await page.getByLabel('E-mail of the contact').fill('noor@lights.example');
    await page.getByLabel('Checked on').fill('2026-01-15');
    await page.getByLabel('List that was checked').fill('Consolidated list');
    await page.getByLabel('No match').check();
    await page.getByLabel('Who may sign for it').fill('Noor Haddad, director\nSami Khoury, chair');
    await press(page, 'Ask for verification');
    expect(await main(page).innerText()).toContain('The registrars were asked');
    expect(await page.locator('.next-step').innerText()).toContain('The registrars');
  });

  it('is verified by two registrars: one from the queue, one after a look', async () => {
    await as(emailOf('registrar'), '/admin/verification', async (registrar) => {
      await press(registrar, 'Ask the chosen for information');
      expect(await registrar.locator('.error-summary').innerText()).toContain('Choose at least one organisation');
      await registrar.getByLabel(`Choose: ${NAME}`).check();
      await press(registrar, 'Verify the chosen');
      expect(await main(registrar).innerText()).toContain('A second registrar must do the same');
      // The same person twice is one person (R23).
      await registrar.getByLabel(`Choose: ${NAME}`).check();
      await press(registrar, 'Verify the chosen');
      expect(await main(registrar).innerText()).toContain('Refused: Two different people are needed');
    });
    await as(emailOf('registrar2'), `/admin${organisation}`, async (registrar) => {
      expect(await main(registrar).innerText()).toContain('Register of foundations, entry 4711');
      await press(registrar, 'Reject');
      expect(await registrar.locator('.error-summary').innerText()).toContain('Give a reason');
      await press(registrar, 'Verify');
      expect(await main(registrar).innerText()).toContain('Done.');
    });
    await page.goto(`/en${organisation}`);
    expect(await page.locator('aside').innerText()).toContain('two registrars of this platform');
  });

  it('invites a colleague, who registers by the link and belongs', async () => {
    await page.goto(`/en${organisation}/members`);
    await page.getByLabel('E-mail address').fill('sami@lights.example');
    await press(page, 'Make the invitation');
    const link = new URL(await page.locator('.notice.success code').innerText());
    const visitor = await site.visitor({ scripts: false });
    const colleague = await visitor.newPage();
    await colleague.goto(`${link.pathname}${link.search}`);
    await main(colleague).getByRole('link', { name: 'Register' }).click();
    await register(colleague, 'Sami Khoury', 'sami@lights.example');
    await colleague.getByLabel('Code of the invitation').fill('x'.repeat(30));
    await press(colleague, 'Accept');
    expect(await colleague.locator('.field.wrong').innerText()).toContain('does not belong to this invitation');
    await colleague.goto(`${link.pathname}${link.search}`);
    await press(colleague, 'Accept');
    expect(await main(colleague).innerText()).toContain('You are a member now');
    await visitor.close();
    await page.goto(`/en${organisation}/members`);
    expect(await page.getByRole('row', { name: 'Sami Khoury' }).innerText()).toContain('approver');
  });

  it('changes the profile; of two changes at once both are shown and nothing is lost', async () => {
    const other = await context.newPage();
    for (const one of [page, other]) await one.goto(`/en${organisation}/edit`);
    expect(await main(page).innerText()).toContain('Name, type, country and identifier are fixed');
    await other.getByLabel('Description').fill('Lights for harbours.');
    await press(other, 'Save');
    await page.getByLabel('Description').fill('Lanterns for lakes.');
    await press(page, 'Save');
    expect(await page.locator('.conflict').innerText()).toMatch(/Lanterns for lakes\.[\s\S]*Lights for harbours\./u);
    await press(page, 'Save');
    expect(await main(page).innerText()).toContain('The profile is saved');
    expect(await page.getByLabel('Description').inputValue()).toBe('Lanterns for lakes.');
    await other.close();
  });

  it('makes an API token that is shown once, and revokes it', async () => {
    await page.goto('/en/settings/tokens');
    await page.getByLabel('Name').fill('Nightly export');
    await press(page, 'Make the token');
    const token = await page.locator('.notice.success code').innerText();
    await page.goto('/en/settings/tokens');
    expect(await page.content()).not.toContain(token);
    expect(await page.getByRole('row', { name: 'Nightly export' }).innerText()).toContain(token.slice(-4));
    await page.getByRole('row', { name: 'Nightly export' }).getByRole('button', { name: 'Revoke' }).click();
    expect(await page.getByRole('row', { name: 'Nightly export' }).innerText()).toContain('Revoked');
  });

  it('changes the password, stays signed in here, and the old one is void', async () => {
    await page.goto('/en/settings/password');
    await page.getByLabel('Present password').fill('something else entirely');
    await page.getByLabel('New password').fill('password12');
    await press(page, 'Change password');
    expect(await page.locator('.field.wrong').count()).toBe(1);
    await page.getByLabel('Present password').fill(PASSWORD);
    await page.getByLabel('New password').fill(`${PASSWORD}, and one more`);
    await press(page, 'Change password');
    expect(await main(page).innerText()).toContain('The password is changed');
    await page.goto('/en/settings/sessions');
    expect(await main(page).getByRole('button', { name: 'End', exact: true }).count()).toBe(0);
  });
});

describe('to whom it is not theirs', () => {
  it('nothing is there', async () => {
    await page.goto('/en/admin');
    expect(await main(page).innerText()).toContain('There is nothing here');
    await as(emailOf('kestrel'), `${organisation}/members`, async (stranger) => {
      expect(await main(stranger).innerText()).toContain('There is nothing here');
    });
  });
});
