import { exportStream, verifyStream } from '@concord/client';
import { CAST, CONVERSION, LINES, ORGANISATIONS, STANDING } from '@concord/story';
import assert from 'node:assert/strict';
import { reloadUntil } from '../kit.js';
import { BOOKS_SHOWN, booksOf } from './ending.js';
import { comesTo, pathOf, press, rowsOf, shown, shows } from './hand.js';
import { figuresOf } from './opening.js';
import type { Clicks, Play } from './play.js';
import { percent, said } from './said.js';

/** Hours that lapsed: the only gap at the end. */
const LAPSED = 60;

/** Target, pledged, committed, delivered and gap of every line at the end, as the need and the project show them. */
async function lines(play: Play): Promise<void> {
  const end = Object.values(LINES).map(({ title, unit, target }) => {
    const all = said(target, unit);
    const gap = unit === 'hour' ? LAPSED : 0;
    const kept = said(target - gap, unit);
    return [title, all, kept, kept, kept, said(gap, unit)];
  });
  for (const path of [play.the('need'), play.the('project')]) await comesTo(await play.at('norvale', path), figuresOf, end);
}

/** Received = spent + refunded, and the value of what was not money: hours at their rates, tablets at replacement cost. */
async function budget(play: Play): Promise<void> {
  const page = await play.at('norvale', `${play.the('project')}/budget`);
  await comesTo(page, booksOf, BOOKS_SHOWN);
  const values = /never added to cash: ([^A-Z]*(?:USD [\d,]+(?: · )?)+)/u.exec(await shown(page))?.[1] ?? '';
  const sum = [...values.matchAll(/USD ([\d,]+)/gu)].reduce((total, [, one]) => total + Number(one!.replaceAll(',', '')), 0);
  assert.equal(sum, 49_500 + 30_000 + 7_000 + 43_200);
}

/** How much of what was pledged was committed and delivered, on the page of each organisation. */
async function conversion(play: Play): Promise<void> {
  for (const [key, confirmed, delivered] of CONVERSION) {
    const page = await play.at('norvale', play.the(`organisation ${key}`));
    const rows = async (): Promise<string[][]> => {
      const found = await rowsOf(page, 'From pledge to delivery');
      return found.map((cells) => [cells[3]!, cells[4]!].map((cell) => /[\d.]+%|–/u.exec(cell)?.[0] ?? cell));
    };
    const many = (await rows()).length;
    const shares = [percent(confirmed), delivered === undefined ? '–' : percent(delivered)];
    await comesTo(
      page,
      rows,
      Array.from({ length: many }, () => shares),
    );
    assert.ok(many > 0, `${CAST[key].name} shows no pledges.`);
  }
}

/** Every chain of the story, recomputed outside the server; with scripts the browser does it for the project and its fund. */
async function chains(play: Play): Promise<void> {
  const streams = [
    ['needs', 'need'],
    ['projects', 'project'],
    ['funds', 'project'],
    ...['M1', 'M2', 'M3', 'M4'].map((name) => ['milestones', name]),
    ...[...STANDING.map(([name]) => name), 'P7'].map((name) => ['pledges', name]),
  ] as [string, string][];
  for (const [plural, name] of streams) {
    const verdict = await verifyStream(await exportStream(play.publicApi, plural, play.idOf(name)));
    assert.deepEqual(verdict.faults, [], `${plural} ${name}`);
  }
  const page = await play.at('forum', `${play.the('project')}/integrity`);
  if (!play.scripts) return shows(page, 'With JavaScript, a button to check the chain in this browser stands here.');
  for (const plural of ['projects', 'funds']) {
    await page.goto(`/en${play.the('project')}/integrity?of=${plural}.${play.idOf('project')}`);
    await page.getByRole('button', { name: 'Check in this browser' }).click();
    await page.getByText(/The chain of \d+ events is whole/u).waitFor();
    await shows(page, 'Its last hash is the one this page shows.');
  }
}

/** The registrar verifies everything that is stored by one click; every context agrees. */
async function verification(play: Play): Promise<void> {
  await play.settled();
  const page = await play.at('registrar', '/admin/operations');
  await shows(page, 'Nothing is parked.');
  await press(page, 'All of them');
  const seen = await shown(page);
  assert.equal(seen.match(/Everything agrees/gu)?.length, 6, seen);
  assert.doesNotMatch(seen, /Something differs/u);
}

/** What everybody heard of: nobody of the story has an empty inbox. */
async function inboxes(play: Play): Promise<void> {
  for (const key of ORGANISATIONS) {
    const page = await play.at(key, '/inbox');
    await reloadUntil(page, /Unread: [1-9]/u);
    assert.equal(pathOf(page), '/inbox');
  }
}

/** The table at the end of the story, read from the pages. */
export const table: readonly Clicks[] = [
  {
    told: /^The table at the end$/u,
    async play(play) {
      await lines(play);
      await budget(play);
      await conversion(play);
      await inboxes(play);
      await chains(play);
      await verification(play);
    },
  },
];
