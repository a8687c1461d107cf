import { CAST, type ActorKey } from '@concord/story';
import type { Page } from 'playwright-core';
import { reloadUntil, Site } from './kit.js';
import { press, said, Troupe } from './troupe.js';
import { World, type Need, type Proposal } from './world.js';

// Steps on needs, proposals and organisations that the story does not need, by clicks alone, with scripts off: take back, extend, close
// and withdraw a need; invite, withdraw and decline a proposal; reviewers; what registrars and administrators do.

let site: Site;
let world: World;
let troupe: Troupe;

beforeAll(async () => {
  site = await Site.start();
  world = new World(site.url);
  troupe = new Troupe(site, { scripts: false });
}, 120_000);

afterAll(async () => {
  await troupe?.close();
  await site?.stop();
});

const arrived = (page: Page, path: string) => page.waitForURL(new RegExp(`/en${path}$`, 'u'));
const faults = (page: Page) => page.getByRole('alert').getByRole('link').allInnerTexts();

/** A step that asks for a reason and nothing else: empty first, then with its words. */
async function withReason(page: Page, button: string, words: string): Promise<void> {
  await press(page, button);
  expect(await faults(page)).toEqual(['Reason: Fill this in.']);
  expect(await page.title()).toMatch(/^Error: /u);
  await page.getByLabel('Reason').fill(words);
  await press(page, button);
}

describe('a need', () => {
  it('that was submitted is taken back by its owner, and its draft withdrawn', async () => {
    const { id } = await world.need('Ferry timetables', 'submitted');
    const page = await troupe.at('ministry', `/needs/${id}`);
    await page.getByRole('link', { name: 'Take back to draft' }).click();
    await withReason(page, 'Take it back', 'The islands were forgotten.');
    await arrived(page, `/needs/${id}`);
    expect((await world.get<Need>(`/needs/${id}`, 'ministry')).status).toBe('draft');
    await page.getByRole('link', { name: 'Withdraw the need' }).click();
    await withReason(page, 'Withdraw it', 'Another ministry does it.');
    await arrived(page, `/needs/${id}`);
    expect(await said(page)).toContain('Another ministry does it.');
  });

  it('whose intake has closed is opened again, and closed for want of a candidate', async () => {
    const { id } = await world.need('School radio', 'matching');
    const page = await troupe.at('ministry', `/needs/${id}`);
    await reloadUntil(page, 'Open the intake again');
    await page.getByRole('link', { name: 'Open the intake again' }).click();
    await press(page, 'Open it again');
    expect(await faults(page)).toEqual(['Proposals until: Fill this in.', 'Reason: Fill this in.']);
    await page.getByLabel('Proposals until').fill((await world.inDays(90)).slice(0, 10));
    await page.getByLabel('Reason').fill('Only one answer came.');
    await press(page, 'Open it again');
    await arrived(page, `/needs/${id}`);
    await reloadUntil(page, 'Open for proposals');
    await page.getByRole('link', { name: 'Close the intake' }).click();
    await press(page, 'Close the intake now');
    await arrived(page, `/needs/${id}`);
    await page.getByRole('link', { name: 'Close without a partner' }).click();
    await press(page, 'Close the need');
    expect(await faults(page)).toEqual(['Why it ends: Fill this in.', 'Reason: Fill this in.']);
    await page.getByLabel('Nobody suitable was found').check();
    await page.getByLabel('Reason').fill('Nobody serves this valley.');
    await press(page, 'Close the need');
    await arrived(page, `/needs/${id}`);
    expect(await said(page)).toContain('Nobody serves this valley.');
    const { status, outcome } = await world.get<Need>(`/needs/${id}`);
    expect([status, outcome]).toEqual(['closed', 'no_candidate']);
  });
});

describe('proposals', () => {
  it('as notes are invited to become full, are withdrawn by their lead, and declined by the owner', async () => {
    const need = await world.need('Reading rooms by the lake', 'published');
    const [note, other] = [
      await world.proposal(need, 'lantern', { stage: 'concept_note' }),
      await world.proposal(need, 'bluefin', { stage: 'concept_note' }),
    ];
    await world.reviewers(need);
    await world.post('ministry', `/needs/${need.id}/close-intake`);
    await world.scores(need, note);

    const page = await troupe.at('ministry', `/proposals/${note.id}/steps/shortlist`);
    await press(page, 'Shortlist');
    await arrived(page, `/proposals/${note.id}`);
    await page.getByRole('link', { name: 'Invite the full proposal' }).first().click();
    await press(page, 'Invite');
    // It is a draft again, which its authors alone may read.
    await arrived(page, `/needs/${need.id}/proposals\\?done=invite`);
    expect(await said(page)).toContain('Full proposal invited');
    const { status, stage } = await world.get<Proposal>(`/proposals/${note.id}`, 'lantern');
    expect([status, stage]).toEqual(['draft', 'full']);

    const early = await troupe.at('ministry', `/proposals/${other.id}/steps/shortlist`);
    expect(await said(early)).toContain('Two full scores are needed');
    const declined = await troupe.at('ministry', `/proposals/${other.id}`);
    await declined.getByRole('link', { name: 'Decline the proposal' }).click();
    await withReason(declined, 'Decline', 'It leaves the islands out.');
    await arrived(declined, `/proposals/${other.id}`);
    expect(await said(declined)).toContain('It leaves the islands out.');

    const lead = await troupe.at('lantern', `/proposals/${note.id}`);
    await lead.getByRole('link', { name: 'Withdraw the proposal' }).click();
    await withReason(lead, 'Withdraw', 'Our engineer has left.');
    await arrived(lead, `/proposals/${note.id}`);
    expect(await said(lead)).toContain('Our engineer has left.');
  }, 60_000);

  it('are judged by people who are appointed, dismissed, and say what ties them', async () => {
    const need = await world.need('Bridges for carts', 'published');
    const path = `/needs/${need.id}/reviewers`;
    const page = await troupe.at('ministry', path);
    await press(page, 'Appoint a reviewer');
    expect((await faults(page)).length).toBeGreaterThanOrEqual(1);
    for (const name of CAST.ministry.people) {
      await page.getByLabel('A member of your organisation').selectOption({ label: name });
      await press(page, 'Appoint a reviewer');
      await page.getByRole('rowheader', { name }).waitFor();
    }
    await press(page, 'Dismiss a reviewer');
    expect((await faults(page)).length).toBe(2);
    const [, second] = CAST.ministry.people;
    await page.getByLabel('Reviewer', { exact: true }).selectOption({ label: second });
    await page.getByLabel('Reason').fill('On leave until spring.');
    await press(page, 'Dismiss a reviewer');
    await page.getByRole('rowheader', { name: second }).waitFor({ state: 'detached' });
    await page.goto(`/en/needs/${need.id}/conflict`);
    await press(page, 'Declare the conflict');
    expect(await faults(page)).toHaveLength(1);
    await page.getByLabel('Financial interest').check();
    await press(page, 'Declare the conflict');
    expect(await said(page)).toContain('You declared a conflict of interest');
    await page.goto(`/en${path}`);
    expect(await page.getByRole('row', { name: CAST.ministry.people[0] }).innerText()).toContain('Financial interest');
    await page.goto(`/en/needs/${need.id}/conflict`);
    expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
  });
});

describe('an organisation', () => {
  const pathOf = async (who: ActorKey) => `/organisations/${(await world.as(who)).organisationId}`;
  const decide = async (who: 'registrar' | 'registrar2', path: string, field: string, button: string, words: string) => {
    const page = await troupe.at(who, `/admin${path}`);
    const section = page.locator(`section[aria-labelledby="${field}"]`);
    await section.getByRole('button', { name: button, exact: true }).click();
    expect(await faults(page)).toHaveLength(1);
    await section.getByLabel('Reason').fill(words);
    await section.getByRole('button', { name: button, exact: true }).click();
    return page;
  };

  it('is suspended by two registrars, may only read then, and is reinstated by two', async () => {
    const path = await pathOf('cobalt');
    const first = await decide('registrar', path, 'suspend', 'Suspend', 'Its register entry was struck off.');
    expect(await said(first)).toContain('A second registrar must do the same');
    const second = await decide('registrar2', path, 'suspend', 'Suspend', 'Its register entry was struck off.');
    expect(await said(second)).toContain('Suspended');
    const member = await troupe.at('cobalt', '/needs/new');
    await reloadUntil(member, /suspended|may only read|act for/iu);
    await decide('registrar', path, 'reinstate', 'Reinstate', 'It is entered again.');
    const back = await decide('registrar2', path, 'reinstate', 'Reinstate', 'It is entered again.');
    expect(await said(back)).toContain('Verified');
  });

  it('is named a focal point for countries', async () => {
    const page = await troupe.at('registrar', `/admin${await pathOf('kestrel')}`);
    await page.locator('summary', { hasText: 'Choose countries' }).click();
    await page.getByLabel('Malta', { exact: true }).check();
    await press(page, 'Save the countries');
    expect(await said(page)).toContain('It endorses needs for: Malta');
  });

  it('gives a member other roles and ends a membership; an invitation is taken back', async () => {
    const path = `${await pathOf('brightwater')}/members`;
    const page = await troupe.at('brightwater', path);
    const [, second] = CAST.brightwater.people;
    await page.getByRole('row', { name: second }).getByRole('link').click();
    await page.getByLabel(/^Viewer/iu).check();
    await press(page, 'Save');
    await arrived(page, `${path}\\?done=changed`);
    expect(await page.getByRole('row', { name: second }).innerText()).toContain('viewer');
    await page.getByRole('row', { name: second }).getByRole('link').click();
    await press(page, 'End the membership');
    await arrived(page, `${path}\\?done=changed`);
    expect(await page.getByRole('row', { name: second }).count()).toBe(0);
    await page.getByLabel('E-mail address').fill('somebody@brightwater.example');
    await press(page, 'Make the invitation');
    await page.goto(`/en${path}`);
    await page.getByRole('row', { name: 'somebody@brightwater.example' }).getByRole('button').click();
    await arrived(page, `${path}\\?done=withdrawn`);
    expect(await page.getByRole('row', { name: 'somebody@brightwater.example' }).count()).toBe(0);
    await press(page, 'Leave the organisation');
    expect(await page.getByRole('alert').innerText()).not.toBe('');
  });

  it('is looked after by registrars, who give roles to people and verify what is stored', async () => {
    const { personId } = await world.as('umber');
    const page = await troupe.at('registrar', '/admin/people');
    await press(page, 'Open');
    expect(await faults(page)).toHaveLength(1);
    await page.getByLabel('Id of the person').fill(personId);
    await press(page, 'Open');
    await page.getByLabel(/trust officer/iu).check();
    await press(page, 'Save');
    expect(await said(page)).toContain('Done.');
    await page.goto('/en/admin/operations');
    await press(page, 'Partnerships');
    expect(await said(page)).toContain('Everything agrees');
  });
});
