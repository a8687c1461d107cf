import { CAST, LINES, SCHOOL_MAP, type ActorKey } from '@concord/story';
import { reloadUntil } from '../kit.js';
import { because, fill, follow, next, pathOf, press, refused, shows, takeUp } from './hand.js';
import type { Clicks, Play } from './play.js';
import { sha256Of } from './pledging.js';
import { said } from './said.js';

/** Two shifts: a person and day is one row, and a browser types them all. */
const HOURS_A_DAY = 16;
const PSEUDONYMS = ['Expert A', 'Expert B', 'Expert C', 'Expert D'];

/** Rows that a page shows at first; "More rows" doubles them. */
const ROWS = 6;

/** Delivered so far on a pledge, with so much more. */
const soFar = (play: Play, name: string, more: number): number => play.count(`delivered of ${name}`, more);

/** Sixteen hours a day of up to four people, back from the day before: one row for each. */
async function logHours(play: Play, name: string, key: ActorKey, hours: number, day: number): Promise<string> {
  const page = await play.at(key, play.the(name));
  await next(page, 'Record a delivery');
  const rows = Math.ceil(hours / HOURS_A_DAY);
  for (let shown = ROWS; shown < rows; shown *= 2) await press(page, 'More rows');
  for (let n = 0, left = hours; n < rows; n += 1, left -= HOURS_A_DAY)
    await fill(page, {
      [`#field-log-${n}-pseudonym`]: PSEUDONYMS[n % PSEUDONYMS.length]!,
      [`#field-log-${n}-day`]: play.date(day - 1 - Math.floor(n / PSEUDONYMS.length)),
      [`#field-log-${n}-hours`]: String(Math.min(HOURS_A_DAY, left)),
      [`#field-log-${n}-work`]: 'Work with the schools',
    });
  await press(page, 'Record a delivery');
  await shows(page, said(hours, 'hour'));
  return pathOf(page);
}

async function acknowledges(play: Play, key: ActorKey, what: Readonly<Record<string, string>> = {}): Promise<void> {
  await play.settled();
  const page = await play.at(key, '/my-work');
  await takeUp(page, 'Acknowledge or dispute the delivery', 'Offline lessons, 60 schools');
  await next(page, 'Acknowledge the delivery');
  const { because: why, ...fields } = what;
  await fill(page, fields);
  if (why !== undefined) await because(page, 'Something is wrong', why);
  await press(page, 'Acknowledge the delivery');
  await shows(page, 'Nothing: this delivery is acknowledged.');
}

async function hours(play: Play, key: ActorKey, name: string, quantity: number, day: number): Promise<void> {
  await logHours(play, name, key, quantity, day);
  await acknowledges(play, 'lantern');
  const page = await play.at(key, play.the(name));
  await reloadUntil(page, `Delivered ${said(soFar(play, name, quantity), 'hour')}`);
}

async function tablets(play: Play, items: number, cracked: number): Promise<void> {
  const page = await play.at('brightwater', play.the('P9'));
  await next(page, 'Record a delivery');
  await fill(page, { 'Number of items': String(items), Place: 'District store, Zomba' });
  await press(page, 'Record a delivery');
  const broken = { Accepted: String(items - cracked), 'Rejected quantity': String(cracked), because: 'The screens are cracked.' };
  await acknowledges(play, 'ministry', { Place: 'District store, Zomba', ...(cracked === 0 ? {} : broken) });
  if (cracked > 0) await shows(play.page('ministry'), `${said(cracked, 'item')}: The screens are cracked.`);
  const sum = soFar(play, 'P9', items - cracked);
  const pledge = await play.at('brightwater', play.the('P9'));
  await reloadUntil(pledge, `Delivered ${said(sum, 'item')}`);
  await shows(pledge, sum === LINES.L3.target ? 'Nothing: all of it was delivered.' : 'Partly delivered');
}

async function disputeMap(play: Play): Promise<void> {
  const wrong = sha256Of(`${SCHOOL_MAP}cut off`);
  const page = await play.at('atlas', play.the('P10'));
  await next(page, 'Record a delivery');
  await fill(page, { 'Number of records': '1239', 'SHA-256 of the file': wrong });
  await press(page, 'Record a delivery');
  await play.settled();
  const lead = await play.at('lantern', '/my-work');
  await takeUp(lead, 'Acknowledge or dispute the delivery', 'Offline lessons, 60 schools');
  await next(lead, 'Acknowledge the delivery');
  await fill(lead, { 'SHA-256 that you computed of the file received': wrong });
  await refused(lead, 'Acknowledge the delivery', 'is not the one that was pledged. Dispute the delivery.');
  await lead.goto(`/en${pathOf(page)}`);
  await follow(lead, 'Dispute the delivery');
  await because(lead, 'Something is wrong', 'The checksum is not the one that was pledged; the file ends early.');
  await press(lead, 'Dispute the delivery');
  await shows(lead, 'Disputed', CAST.atlas.name);
}

async function correctMap(play: Play, day: number): Promise<void> {
  const sha256 = sha256Of(SCHOOL_MAP);
  const page = await play.at('atlas', '/my-work');
  await takeUp(page, 'Correct the disputed delivery', 'Offline lessons, 60 schools');
  await next(page, 'Correct the record');
  await fill(page, { 'Number of records': '1240', 'Delivered on': play.date(day - 1), 'SHA-256 of the file': sha256 });
  await because(page, 'Agreed by the parties', 'The whole file this time.');
  await press(page, 'Correct the record');
  await acknowledges(play, 'lantern', { 'SHA-256 that you computed of the file received': sha256 });
}

/** Tablets, the map and the hours. */
export const delivering: readonly Clicks[] = [
  {
    told: /^(\d+) tablets arrive(?:, (\d+) of them cracked: rejected)?$/u,
    play: (play, [items, cracked]) => tablets(play, Number(items), Number(cracked ?? 0)),
  },
  { told: /^Atlas hands the map over with a wrong checksum: Lantern disputes it$/u, play: disputeMap },
  { told: /^Atlas corrects the record; Lantern acknowledges the map$/u, play: (play) => correctMap(play, play.day) },
  {
    told: /^(\d+) hours of (P\d) are logged and acknowledged$/u,
    play: (play, [quantity, name], actor) => hours(play, actor, name!, Number(quantity), play.day),
  },
];
