import { LineResource, PledgeResource } from '@concord/contracts';
import type { MemberKey, OrganisationKey } from '../cast.js';
import { cents, eur, usd, type Amount } from '../figures.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';
import { sha256Of } from '../sha256.js';

/** The file that Atlas hands over. */
export const SCHOOL_MAP = 'school_id,name,latitude,longitude\n1240 records\n';

const grant = (amount: Amount, more: object = {}) => ({
  kind: 'funding',
  amount,
  instrument: 'grant',
  earmarking: 3,
  schedule: { type: 'by_milestone' },
  ...more,
});

/** Makes a pledge and keeps it under its name. */
async function make(stage: Stage, name: string, who: MemberKey, line: string, offer: object): Promise<void> {
  const pledge = await stage.post(who, '/pledges', { lineId: stage.the(line), ...offer }, PledgeResource);
  stage.keep(name, pledge.id);
  stage.check(`${name} is offered`, pledge.status, 'offered');
}

/** What is still open on a line now. */
async function open(stage: Stage, line: string, expected: number): Promise<void> {
  const seen = await stage.get(`/lines/${stage.the(line)}`, LineResource);
  stage.check(`Open on ${line}`, seen.open, expected);
}

/** A money pledge on L1, with what is open after it. */
const funds = (day: number, title: string, name: string, who: OrganisationKey, offer: object, openAfter: number): Step => ({
  day,
  title,
  actor: who,
  async play(stage) {
    await make(stage, name, who, 'L1', offer);
    await open(stage, 'L1', openAfter);
    await stage.told('ministry', 'PledgeMade', 'owner');
  },
});

const expert = (stage: Stage, hours: number, role: string, aidType: string, dollarsAnHour?: number) => ({
  kind: 'expertise',
  hours,
  skill: role,
  role,
  languages: ['en', 'ny'],
  remote: false,
  from: stage.date(55),
  until: stage.date(365),
  aidType,
  ...(dollarsAnHour === undefined ? {} : { unitValue: usd(dollarsAnHour) }),
});

async function pledgeHours(stage: Stage): Promise<void> {
  await make(stage, 'P5', 'lakemont', 'L2', expert(stage, 900, 'Teacher training', 'D02', 55));
  await make(stage, 'P6', 'kestrel', 'L2', expert(stage, 500, 'Software engineering', 'D01', 60));
  await make(stage, 'P7', 'cobalt', 'L2', expert(stage, 100, 'Logistics', 'D01'));
  await open(stage, 'L2', 100);
  const details = await stage.refused('openMeadow', '/pledges', { lineId: stage.the('L2'), ...localisation(stage) }, 'line_full');
  stage.check('Open on L2, says the refusal', details.open, 100);
}

const localisation = (stage: Stage) => expert(stage, 200, 'Localisation', 'D02', 50);

const reason = (code: string, text: string) => ({ code, text });

/** Ten pledges on four lines; capacity is never exceeded (domain.md section 6, steps 4 and 5; R3, R4, R9). */
export const pledging: readonly Step[] = [
  funds(2, 'Harbourlight pledges USD 280,000', 'P1', 'harbourlight', grant(usd(280_000)), cents(320_000)),
  funds(3, 'Brightwater pledges USD 90,000', 'P3', 'brightwater', grant(usd(90_000)), cents(230_000)),
  funds(5, 'Cedar Ridge pledges USD 60,000', 'P4', 'cedarRidge', grant(usd(60_000)), cents(170_000)),
  {
    day: 9,
    title: 'Harbourlight amends its pledge to USD 300,000: a new version with a new hash',
    actor: 'harbourlight',
    async play(stage) {
      const path = `/pledges/${stage.the('P1')}`;
      const before = await stage.get(path, PledgeResource);
      const amendment = { ...grant(usd(300_000)), reason: reason('budget_approved', 'The board approved USD 20,000 more.') };
      const after = await stage.post('harbourlight', `${path}/amend`, amendment, PledgeResource);
      stage.check('Version of the offer', after.offerVersion, 2);
      stage.check('The hash is still the old one', after.hash === before.hash, false);
      stage.keep('hash of P1 before', before.hash);
      await open(stage, 'L1', cents(150_000));
      await stage.told('ministry', 'PledgeAmended', 'owner');
    },
  },
  {
    day: 14,
    title: 'Norvale pledges EUR 125,000, counted at 1.2000 as USD 150,000; the line is full',
    actor: 'norvale',
    async play(stage) {
      const exchange = { rate: '1.2000', rateDate: stage.date(14), source: 'Reference rate of the central bank' };
      await make(stage, 'P2', 'norvale', 'L1', grant(eur(125_000), { exchange }));
      const line = await stage.get(`/lines/${stage.the('L1')}`, LineResource);
      stage.check('L1: open, pledged, gap', [line.open, line.pledged, line.gap], [0, cents(600_000), cents(600_000)]);
    },
  },
  {
    day: 15,
    title: 'Umber Capital offers USD 25,000 more and is refused: line_full, open 0',
    actor: 'umber',
    async play(stage) {
      const details = await stage.refused('umber', '/pledges', { lineId: stage.the('L1'), ...grant(usd(25_000)) }, 'line_full');
      stage.check('Open on L1, says the refusal', details.open, 0);
      await open(stage, 'L1', 0);
    },
  },
  {
    day: 15,
    title: 'Lakemont, Kestrel and Cobalt pledge 1,500 hours; Open Meadow asks for 200 and 100 are open',
    actor: 'lakemont',
    play: pledgeHours,
  },
  {
    day: 16,
    title: 'Cobalt withdraws its 100 hours',
    actor: 'cobalt',
    async play(stage) {
      const why = { reason: reason('staff_left', 'The two dispatchers left the company.') };
      const pledge = await stage.post('cobalt', `/pledges/${stage.the('P7')}/withdraw`, why, PledgeResource);
      stage.check('P7', pledge.status, 'withdrawn');
      await open(stage, 'L2', 200);
      await stage.told('ministry', 'PledgeWithdrawn', 'owner');
    },
  },
  {
    day: 16,
    title: 'Open Meadow pledges the 200 hours that are open now',
    actor: 'openMeadow',
    async play(stage) {
      await make(stage, 'P8', 'openMeadow', 'L2', localisation(stage));
      await open(stage, 'L2', 0);
    },
  },
  {
    day: 16,
    title: 'Brightwater pledges 240 tablets, valued at replacement cost',
    actor: 'brightwater',
    async play(stage) {
      const tablets = {
        kind: 'in_kind',
        items: 240,
        item: 'Tablet, 10 inch, with case',
        valuation: 'replacement_cost',
        unitValue: usd(180),
      };
      await make(stage, 'P9', 'brightwater', 'L3', tablets);
      await open(stage, 'L3', 0);
    },
  },
  {
    day: 17,
    title: 'Atlas Commons pledges the map of 1,240 schools under CC-BY-4.0, by its checksum',
    actor: 'atlas',
    async play(stage) {
      const dataset = {
        kind: 'data',
        title: 'Map of schools in Zomba and Mangochi',
        format: 'text/csv',
        licence: 'CC-BY-4.0',
        records: 1_240,
        personalData: 'none',
        sha256: await sha256Of(SCHOOL_MAP),
      };
      await make(stage, 'P10', 'atlas', 'L4', dataset);
      await open(stage, 'L4', 0);
    },
  },
];
