import { CAST, INSTALMENTS, LINES, PLAN, SIGNERS, STANDING, type ActorKey, type Planned } from '@concord/story';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { reloadUntil } from '../kit.js';
import { comesTo, fill, follow, next, offersNot, press, refused, rowsOf, select, shows, takeUp } from './hand.js';
import { figuresOf } from './opening.js';
import type { Clicks, Play } from './play.js';
import { percent, said } from './said.js';

const field = (n: number, name: string): string => `#field-milestones-${n}-${name}`;

/** Types one milestone of the plan; the first has the usual roles already. */
async function plan(page: Page, play: Play, n: number, { title, share, due, criteria, lines }: Planned): Promise<void> {
  await fill(page, {
    [field(n, 'title')]: title,
    [field(n, 'share')]: String(share),
    [field(n, 'dueOn')]: play.date(due),
  });
  await select(page, field(n, 'responsibleId'), CAST.lantern.name);
  for (const [m, { criterion, quantity, unit }] of criteria.entries())
    await fill(page, {
      [field(n, `criteria-${m}-criterion`)]: criterion,
      [field(n, `criteria-${m}-quantity`)]: String(quantity),
      [field(n, `criteria-${m}-unit`)]: unit,
    });
  for (const line of lines)
    await page
      .locator('label', { has: page.locator(`input[name="milestones.${n}.lineIds"]`) })
      .filter({ hasText: LINES[line as keyof typeof LINES].title })
      .check();
  for (const [m, { role, key }] of SIGNERS.entries()) {
    await select(page, field(n, `signers-${m}-role`), role);
    await select(page, field(n, `signers-${m}-organisationId`), CAST[key].name);
  }
}

async function propose(play: Play): Promise<void> {
  const page = await play.at('lantern', '/my-work');
  await takeUp(page, 'Propose a plan', 'Lessons that travel');
  await next(page, 'Propose the plan');
  for (const [n, milestone] of PLAN.entries()) {
    if (n > 0) await press(page, 'Add a milestone');
    await plan(page, play, n, milestone);
  }
  await press(page, 'Check the plan');
  const checked = (await rowsOf(page, 'The plan with everything its hash covers')).map(([title, share]) => [title, share]);
  assert.deepEqual(
    checked,
    PLAN.map(({ title, share }) => [title, `${share}%`]),
  );
  await press(page, 'Propose the plan');
  await shows(page, 'Recorded');
}

async function sign(play: Play, key: ActorKey): Promise<void> {
  const page = await play.at(key, play.the('project'));
  await next(page, 'Sign the plan');
  await press(page, 'Sign the plan');
  await shows(page, 'Recorded');
}

async function signAll(play: Play): Promise<void> {
  const proposer = await play.at('lantern', `${play.the('project')}/plan/sign`);
  await refused(proposer, 'Sign the plan', 'somebody else has to judge it');
  for (const key of ['lantern2', 'ministry', 'harbourlight', 'norvale', 'brightwater', 'cedarRidge'] as const)
    await sign(play, key);
  const page = await play.at('forum', play.the('project'));
  const weights = async (): Promise<string[][]> =>
    (await rowsOf(page, 'Milestones with state, date, weight and proof')).map((cells) => [cells[0]!, cells[1]!, cells[3]!]);
  await comesTo(
    page,
    weights,
    PLAN.map(({ title, share }) => [title, 'Planned', percent(share * 10)]),
  );
  for (const [n, { title }] of PLAN.entries()) {
    await page.goto(`/en${play.the('project')}`);
    await follow(page, title);
    play.keep(`M${n + 1}`, new URL(page.url()).pathname.replace('/en', ''));
  }
}

async function acceptAll(play: Play): Promise<void> {
  const old = play.left('first version of P1');
  await refused(old, 'Accept this version', 'Somebody changed this since you opened the page.');
  await old.close();
  for (const [name] of STANDING) {
    const page = await play.at('ministry', play.the(name));
    await next(page, 'Accept the pledge');
    await press(page, 'Accept this version');
    await shows(page, 'accepted by the owner of the need');
  }
}

async function confirmAs(play: Play, key: ActorKey, name: string): Promise<Page> {
  const page = await play.at(key, play.the(name));
  await next(page, 'Confirm the pledge');
  await press(page, 'Confirm this version');
  return page;
}

async function confirmAll(play: Play): Promise<void> {
  for (const [name, pledger] of STANDING) {
    const money = name in INSTALMENTS;
    let page = await confirmAs(play, pledger, name);
    if (money) {
      await shows(page, 'Offered', 'One approver has confirmed; a second one has to confirm too.');
      page = await confirmAs(play, `${pledger}2`, name);
    }
    await shows(page, 'Committed', `Received by ${CAST[name === 'P9' ? 'ministry' : 'lantern'].name}`);
    if (!money) continue;
    const found = async (): Promise<string[]> => (await rowsOf(page, 'When which part falls due')).map((row) => row[1]!);
    const currency = name === 'P2' ? 'EUR' : 'USD';
    const expected = INSTALMENTS[name as keyof typeof INSTALMENTS].map((quantity) => said(quantity, currency));
    await comesTo(page, found, expected);
  }
  const need = await play.at('forum', play.the('need'));
  const { title, target } = LINES.L1;
  const all = said(target, 'USD');
  const first = async (): Promise<string[]> => (await figuresOf(need))[0]!;
  await comesTo(need, first, [title, all, all, all, said(0, 'USD'), said(0, 'USD')]);
}

/** The plan and its signatures; offers become commitments; the work starts. */
export const planning: readonly Clicks[] = [
  { told: /^Lantern proposes the plan: four milestones, 20, 30, 30 and 20 %$/u, play: propose },
  { told: /^Lead, steward and four funders sign the plan by its hash: it is agreed$/u, play: signAll },
  { told: /^The Ministry accepts nine pledges, each by its hash$/u, play: acceptAll },
  { told: /^The pledgers confirm; money needs two approvers\. The funding gap is 0$/u, play: confirmAll },
  {
    told: /^The Ministry starts the project$/u,
    async play(play) {
      const lead = await play.at('lantern', play.the('project'));
      await offersNot(lead, 'Start the project');
      const page = await play.at('ministry', play.the('project'));
      await next(page, 'Start the project');
      await press(page, 'Start the project');
      await reloadUntil(page, 'Running');
    },
  },
];
