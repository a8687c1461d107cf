import type { Page } from 'playwright-core';
import { reloadUntil, Site } from './kit.js';
import { press, said, Troupe } from './troupe.js';
import { World, type Delivery, type Milestone, type Pledge, type Project } from './world.js';

// Steps on projects, milestones, reports, deliveries and commitments that the story does not need, by clicks alone, with scripts off:
// suspend, resume, terminate, cancel, reopen; recall; send a report back; void and reverse a delivery; revise a commitment.

let site: Site;
let world: World;
let troupe: Troupe;
/** The project of the demo, half-way. */
let project: Project;

beforeAll(async () => {
  site = await Site.start();
  world = new World(site.url);
  troupe = new Troupe(site, { scripts: false });
  project = (await world.list<Project>('/projects'))[0]!;
}, 120_000);

afterAll(async () => {
  await troupe?.close();
  await site?.stop();
});

const why = async (page: Page, words: string, code = 'circumstances') => {
  const kind = page.getByLabel('Kind of reason');
  if ((await kind.count()) > 0) await kind.selectOption(code);
  await page.getByRole('textbox', { name: 'Reason' }).fill(words);
};

const recorded = (page: Page) => page.locator('.notice.success').waitFor();

/** Presses the button with everything empty: both fields of the reason are asked for, at the field and above. */
async function pressEmpty(page: Page, button: string): Promise<void> {
  await press(page, button);
  expect(await page.getByRole('alert').getByRole('link').allInnerTexts()).toEqual([
    expect.stringContaining('Kind of reason'),
    expect.stringContaining('Reason'),
  ]);
  expect(await page.title()).toMatch(/^Error: /u);
}

/** A step of the steward's two approvers: the first, the same person again, the second. */
async function byTwo(path: string, button: string, fill: (page: Page) => Promise<void>): Promise<Page> {
  const first = await troupe.at('ministry', path);
  await fill(first);
  await press(first, button);
  await first.getByText('Recorded; a second person must agree').waitFor();
  await first.goto(`/en${path}`);
  await first.getByText('One of two has agreed').waitFor();
  await why(first, 'I agree with myself.');
  await press(first, button);
  expect(await first.getByRole('alert').innerText()).toContain('Two different people are needed');
  const second = await troupe.at('ministry2', path);
  await why(second, 'I have looked at it too.');
  await press(second, button);
  await recorded(second);
  return second;
}

describe('a milestone', () => {
  it('that was handed in is taken back by the lead, with the reason in its history', async () => {
    const milestones = await world.list<Milestone>(`/milestones?project=${project.id}&sort=due`);
    const { id } = milestones.find(({ status }) => status === 'planned')!;
    await world.handIn(id, 'Fifty-nine schools were reached.');
    const path = `/projects/${project.id}/milestones/${id}`;
    const page = await troupe.at('lantern', path);
    await page.getByRole('link', { name: 'Take the submission back' }).click();
    await page.getByText('Fifty-nine schools were reached.').waitFor();
    await pressEmpty(page, 'Take the submission back');
    await why(page, 'One school is missing.', 'incomplete');
    await press(page, 'Take the submission back');
    await recorded(page);
    expect(await said(page)).toContain('One school is missing.');
    expect((await world.get<Milestone>(`/milestones/${id}`)).status).toBe('in_progress');
    const stranger = await troupe.at('norvale', `${path}/steps/recall`);
    expect(await stranger.getByRole('main').getByRole('button').count()).toBe(0);
  });
});

describe('a report', () => {
  it('is handed in, sent back with a reason, handed in again, and accepted with a rating', async () => {
    const [report] = await world.list<{ id: string }>(`/reports?project=${project.id}`);
    const path = `/projects/${project.id}/reports/${report!.id}`;
    const lead = await troupe.at('lantern', path);
    await lead.getByRole('link', { name: 'Submit the report' }).click();
    await press(lead, 'Submit the report');
    expect(await lead.getByRole('alert').innerText()).toContain('Progress and what comes next');
    await lead.getByLabel('Progress and what comes next').fill('Thirty schools have offline lessons.');
    await press(lead, 'Submit the report');
    await recorded(lead);
    const steward = await troupe.at('ministry', path);
    await steward.getByRole('link', { name: 'Send the report back' }).click();
    await pressEmpty(steward, 'Send the report back');
    await why(steward, 'Say how many teachers.', 'incomplete');
    await press(steward, 'Send the report back');
    await recorded(steward);
    await lead.goto(`/en${path}`);
    expect(await said(lead)).toContain('Say how many teachers.');
    await lead.getByRole('link', { name: 'Submit the report' }).click();
    await lead.getByLabel('Progress and what comes next').fill('Thirty schools and 180 teachers.');
    await lead.getByLabel('What was learned').fill('Power first.');
    await press(lead, 'Submit the report');
    await recorded(lead);
    await steward.goto(`/en${path}/steps/accept`);
    await press(steward, 'Accept the report');
    expect(await steward.getByRole('alert').innerText()).toContain('Rating');
    await steward.getByLabel('On track').check();
    await press(steward, 'Accept the report');
    await recorded(steward);
    expect(await said(steward)).toContain('On track');
  });
});

describe('a commitment', () => {
  it('is revised when both sides say the same, and never below what was delivered', async () => {
    const pledges = await world.list<Pledge>(`/pledges?project=${project.id}&kind=expertise&limit=100`);
    const { id, confirmed } = pledges.find(({ organisationId, delivered }) => organisationId !== '' && delivered === 300)!;
    expect(confirmed).toBe(900);
    const page = await troupe.at('lakemont', `/pledges/${id}`);
    await page.getByRole('link', { name: 'Revise the commitment' }).click();
    await page.getByLabel('The whole commitment from now on').fill('100');
    await press(page, 'Agree to this quantity');
    expect(await page.getByRole('alert').getByRole('link').count()).toBeGreaterThanOrEqual(1);
    await page.getByLabel('The whole commitment from now on').fill('100');
    await page.getByLabel('Reason').fill('One trainer has left.');
    await press(page, 'Agree to this quantity');
    expect(await page.locator('.field.wrong').count()).toBe(1);
    await page.getByLabel('The whole commitment from now on').fill('880');
    await press(page, 'Agree to this quantity');
    await page.waitForURL(new RegExp(`/pledges/${id}$`, 'u'));
    expect(await said(page)).toContain('the other side has to agree');
    const other = await troupe.at('lantern', `/pledges/${id}/steps/revise-commitment`);
    expect(await other.getByLabel('The whole commitment from now on').inputValue()).toBe('880');
    await other.getByLabel('Reason').fill('We know.');
    await press(other, 'Agree to this quantity');
    await other.waitForURL(new RegExp(`/pledges/${id}$`, 'u'));
    expect(await said(other)).toContain('Commitment revised by both sides');
    expect((await world.get<Pledge>(`/pledges/${id}`)).confirmed).toBe(880);
  });
});

describe('a delivery', () => {
  const pledgeOf = async (delivered: number): Promise<Pledge> => {
    const pledges = await world.list<Pledge>(`/pledges?project=${project.id}&kind=expertise&limit=100`);
    return pledges.find((one) => one.delivered === delivered)!;
  };

  it('that nobody acknowledged is voided by the giver', async () => {
    const { id } = await world.hours('openMeadow', (await pledgeOf(80)).id);
    const path = `/projects/${project.id}/deliveries/${id}`;
    const page = await troupe.at('openMeadow', path);
    await page.getByRole('link', { name: 'Void the record' }).click();
    await pressEmpty(page, 'Void the record');
    await why(page, 'These hours were for another project.', 'incorrect');
    await press(page, 'Void the record');
    await recorded(page);
    expect(await said(page)).toContain('Nothing: this record is void.');
    const recipient = await troupe.at('lantern', `${path}/steps/acknowledge`);
    await recipient.getByText('This is not possible now').waitFor();
  });

  it('that was acknowledged is reversed when both sides say so', async () => {
    const { id, organisationId } = await pledgeOf(250);
    const deliveries = await world.list<Delivery>(`/deliveries?project=${project.id}&limit=100`, 'lantern');
    const delivery = deliveries.find((one) => one.organisationId === organisationId && one.status === 'acknowledged')!;
    const path = `/projects/${project.id}/deliveries/${delivery.id}`;
    const giver = await troupe.at('kestrel', path);
    await giver.getByRole('link', { name: 'Reverse the delivery' }).click();
    await pressEmpty(giver, 'Reverse the delivery');
    await why(giver, 'The hours were counted twice.', 'incorrect');
    await press(giver, 'Reverse the delivery');
    await giver.getByText('Recorded; a second person must agree').waitFor();
    expect(await said(giver)).toContain('One side has agreed; the other side must say the same.');
    const recipient = await troupe.at('lantern', `${path}/steps/reverse`);
    await why(recipient, 'So they were.', 'incorrect');
    await press(recipient, 'Reverse the delivery');
    await recorded(recipient);
    expect(await said(recipient)).toContain('Nothing: this record is void.');
    expect((await world.get<Pledge>(`/pledges/${id}`)).delivered).toBe(0);
  });
});

describe('a running project', () => {
  it('is suspended by the steward, stands still, and is resumed by two', async () => {
    const top = `/projects/${project.id}`;
    const steward = await troupe.at('ministry', top);
    await steward.getByRole('link', { name: 'Suspend the project' }).click();
    await pressEmpty(steward, 'Suspend the project');
    await why(steward, 'The roads are flooded.');
    await press(steward, 'Suspend the project');
    await recorded(steward);
    await reloadUntil(steward, 'Suspended');
    const lead = await troupe.at('lantern', `${top}/steps/finish`);
    await lead.getByText('This is not possible now').waitFor();
    const resumed = await byTwo(`${top}/steps/resume`, 'Resume the project', (page) => why(page, 'The roads are open.'));
    await reloadUntil(resumed, 'Running');
    await resumed.goto(`/en${top}/activity`);
    expect(await said(resumed)).toContain('The roads are flooded.');
  }, 60_000);

  it('is terminated by two with the same notice, which anybody can then read', async () => {
    const top = `/projects/${project.id}`;
    const steward = await troupe.at('ministry', `${top}/steps/suspend`);
    await why(steward, 'The district was evacuated.');
    await press(steward, 'Suspend the project');
    await recorded(steward);
    const ended = await byTwo(`${top}/steps/terminate`, 'Terminate the project', async (page) => {
      await press(page, 'Terminate the project');
      expect(await page.getByRole('alert').getByRole('link').count()).toBe(3);
      const buffer = Buffer.from('Notice of termination: the district was evacuated.\n');
      await page.getByLabel('Notice of termination').setInputFiles({ name: 'notice.txt', mimeType: 'text/plain', buffer });
      await why(page, 'Nobody is left to teach.');
    });
    await reloadUntil(ended, 'Cancelled');
    const anybody = await troupe.at('nobody', top);
    expect(await said(anybody)).toContain('I have looked at it too.');
  }, 60_000);
});

describe('a project that has not started', () => {
  it('is cancelled by two', async () => {
    const { id } = await world.project('Reading tents');
    const ended = await byTwo(`/projects/${id}/steps/cancel`, 'Cancel the project', async (page) => {
      await pressEmpty(page, 'Cancel the project');
      await why(page, 'The tents are needed elsewhere.');
    });
    await reloadUntil(ended, 'Cancelled');
    expect(await said(ended)).toContain('I have looked at it too.');
  }, 90_000);
});

describe('a finished project', () => {
  it('gets its stewardship plan and ratings, and can be sent back to work', async () => {
    const { id } = await world.finished('Library tablets');
    const top = `/projects/${id}`;
    const lead = await troupe.at('lantern', `${top}/steps/record-stewardship-plan`);
    await press(lead, 'Record the stewardship plan');
    expect(await lead.getByRole('alert').getByRole('link').count()).toBe(3);
    await lead.getByLabel('Who maintains the result').selectOption({ label: 'Open Meadow Collective' });
    await lead.getByLabel('How that is paid for').fill('From the library fees.');
    await lead.getByLabel('How it was handed over').fill('Each town has two trained people.');
    await press(lead, 'Record the stewardship plan');
    await recorded(lead);
    expect(await said(lead)).toContain('Open Meadow Collective');
    for (const [who, score] of [
      ['lantern', '5: excellent'],
      ['ministry', '4: very good'],
    ] as const) {
      const page = await troupe.at(who, `${top}/steps/rate`);
      await press(page, 'Rate the partnership');
      expect(await page.getByRole('alert').getByRole('link').count()).toBe(2);
      await page.getByLabel(score).check();
      await page.getByLabel('Comment').fill(`Clear and fair, says ${who}.`);
      await press(page, 'Rate the partnership');
      await recorded(page);
    }
    const steward = await troupe.at('ministry', top);
    expect(await said(steward)).toContain('Clear and fair, says lantern.');
    await steward.getByRole('link', { name: 'Send the project back to work' }).click();
    await pressEmpty(steward, 'Send the project back to work');
    await why(steward, 'Two towns are missing.', 'incomplete');
    await press(steward, 'Send the project back to work');
    await recorded(steward);
    await reloadUntil(steward, 'Running');
  }, 120_000);
});
