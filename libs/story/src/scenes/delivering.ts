import { DeliveryResource, PledgeResource } from '@concord/contracts';
import type { OrganisationKey } from '../cast.js';
import { sha256Of } from '../sha256.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';
import { SCHOOL_MAP } from './pledging.js';

const HOURS_A_DAY = 8;
const PSEUDONYMS = ['Expert A', 'Expert B', 'Expert C', 'Expert D'];

/** Eight hours a day of up to four people, back from the day before (R16: at most 24 hours per person and day, none in the future). */
function logOf(stage: Stage, hours: number, day: number) {
  const entries: { pseudonym: string; day: string; hours: number; work: string }[] = [];
  for (let left = hours; left > 0; left -= HOURS_A_DAY) {
    const n = entries.length;
    entries.push({
      pseudonym: PSEUDONYMS[n % PSEUDONYMS.length]!,
      day: stage.date(day - 1 - Math.floor(n / PSEUDONYMS.length)),
      hours: Math.min(HOURS_A_DAY, left),
      work: 'Work with the schools',
    });
  }
  return entries;
}

/** Hours that an organisation logs and Lantern acknowledges. */
export const hours = (day: number, name: string, who: OrganisationKey, quantity: number, deliveredAfter: number): Step => ({
  day,
  title: `${quantity} hours of ${name} are logged and acknowledged`,
  actor: who,
  async play(stage) {
    const record = { pledgeId: stage.the(name), kind: 'expertise', log: logOf(stage, quantity, day) };
    const delivery = await stage.post(who, '/deliveries', record, DeliveryResource);
    stage.check('Hours in the log', delivery.quantity, quantity);
    await stage.told('lantern', 'DeliveryRecorded', 'assigned');
    await stage.post('lantern', `/deliveries/${delivery.id}/acknowledge`, { accepted: quantity }, DeliveryResource);
    const { delivered } = await stage.get(`/pledges/${stage.the(name)}`, PledgeResource);
    stage.check(`Delivered of ${name}`, delivered, deliveredAfter);
  },
});

/** Tablets that arrive; those that are broken are rejected with the reason and do not count (R12). */
const tablets = (day: number, items: number, cracked: number, deliveredAfter: number): Step => ({
  day,
  title: cracked === 0 ? `${items} tablets arrive` : `${items} tablets arrive, ${cracked} of them cracked: rejected`,
  actor: 'brightwater',
  async play(stage) {
    const record = {
      pledgeId: stage.the('P9'),
      kind: 'in_kind',
      items,
      deliveredOn: stage.date(day - 1),
      place: 'District store, Zomba',
    };
    const { id } = await stage.post('brightwater', '/deliveries', record, DeliveryResource);
    await stage.told('ministry', 'DeliveryRecorded', 'assigned');
    const rejected = cracked === 0 ? [] : [{ quantity: cracked, reason: { code: 'cracked', text: 'The screens are cracked.' } }];
    const word = { accepted: items - cracked, rejected, place: 'District store, Zomba' };
    await stage.post('ministry', `/deliveries/${id}/acknowledge`, word, DeliveryResource);
    const { delivered, status } = await stage.get(`/pledges/${stage.the('P9')}`, PledgeResource);
    stage.check(
      'Delivered of P9',
      [delivered, status],
      [deliveredAfter, deliveredAfter === 240 ? 'delivered' : 'partly_delivered'],
    );
  },
});

async function disputeMap(stage: Stage): Promise<void> {
  const wrong = await sha256Of(`${SCHOOL_MAP}cut off`);
  const record = { pledgeId: stage.the('P10'), kind: 'data', handedOverOn: stage.date(103), records: 1_239, sha256: wrong };
  const { id } = await stage.post('atlas', '/deliveries', record, DeliveryResource);
  stage.keep('delivery P10', id);
  await stage.refused('lantern', `/deliveries/${id}/acknowledge`, { accepted: 1, sha256: wrong }, 'checksum_mismatch');
  const why = { reason: { code: 'checksum', text: 'The checksum is not the one that was pledged; the file ends early.' } };
  const { status } = await stage.post('lantern', `/deliveries/${id}/dispute`, why, DeliveryResource);
  stage.check('Delivery of the map', status, 'disputed');
  await stage.told('atlas', 'DeliveryDisputed', 'assigned');
}

async function correctMap(stage: Stage): Promise<void> {
  const path = `/deliveries/${stage.the('delivery P10')}`;
  const sha256 = await sha256Of(SCHOOL_MAP);
  const why = { code: 'whole_file', text: 'The whole file this time.' };
  const record = { kind: 'data', handedOverOn: stage.date(104), records: 1_240, sha256, reason: why };
  await stage.post('atlas', `${path}/correct`, record, DeliveryResource);
  await stage.told('lantern', 'DeliveryCorrected', 'assigned');
  const { status } = await stage.post('lantern', `${path}/acknowledge`, { accepted: 1, sha256 }, DeliveryResource);
  stage.check('Delivery of the map', status, 'acknowledged');
  await stage.told('atlas', 'DeliveryAcknowledged', 'decision');
}

/** Tablets, the map and the first hours (domain.md section 6, step 13). */
export const firstGoods: readonly Step[] = [
  tablets(100, 150, 0, 150),
  { day: 104, title: 'Atlas hands the map over with a wrong checksum: Lantern disputes it', actor: 'atlas', play: disputeMap },
  { day: 105, title: 'Atlas corrects the record; Lantern acknowledges the map', actor: 'atlas', play: correctMap },
  hours(110, 'P5', 'lakemont', 300, 300),
  hours(112, 'P6', 'kestrel', 250, 250),
  hours(115, 'P8', 'openMeadow', 80, 80),
  tablets(130, 90, 2, 238),
  tablets(140, 2, 0, 240),
];

/** The rest of the hours; 60 of Open Meadow's never come. */
export const lastHours: readonly Step[] = [
  hours(220, 'P5', 'lakemont', 400, 700),
  hours(230, 'P6', 'kestrel', 250, 500),
  hours(240, 'P8', 'openMeadow', 60, 140),
  hours(280, 'P5', 'lakemont', 200, 900),
];
