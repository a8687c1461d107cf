import { DeliveryResource, FileResource, FundResource, LineResource, MilestoneResource, PledgeResource } from '@concord/contracts';
import type { OrganisationKey } from '../cast.js';
import { INSTALMENTS, RECEIVED } from '../figures.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';
import { SIGNERS } from './planning.js';

const PAYERS = { P1: 'harbourlight', P2: 'norvale', P3: 'brightwater', P4: 'cedarRidge' } as const satisfies Record<
  string,
  OrganisationKey
>;
const MONEY = Object.keys(PAYERS) as (keyof typeof PAYERS)[];

const pathOf = (stage: Stage, n: number): string => `/milestones/${stage.the(`M${n}`)}`;

/** Stores a text as a file and adds it as evidence. */
export async function addEvidence(stage: Stage, n: number, caption: string, day: number): Promise<void> {
  const bytes = new TextEncoder().encode(`Milestone ${n} of Offline lessons, 60 schools\n${caption}\n`);
  const { sha256 } = await stage.post('lantern', '/files', bytes, FileResource);
  const evidence = { sha256, caption, licence: 'CC-BY-4.0', capturedOn: stage.date(day) };
  await stage.post('lantern', `${pathOf(stage, n)}/add-evidence`, evidence, MilestoneResource);
}

/** Submits a version; keeps its hash. The four signers hear of it. */
export async function submit(stage: Stage, n: number, narrative: string, version: number): Promise<void> {
  const { submission } = await stage.post('lantern2', `${pathOf(stage, n)}/submit`, { narrative }, MilestoneResource);
  stage.check(`Version of M${n}`, submission?.version, version);
  stage.keep(`hash of M${n} v${version}`, submission?.hash ?? '');
  await Promise.all(SIGNERS.map(({ key }) => stage.told(key, 'MilestoneSubmitted', 'signer')));
}

/** Signs in the roles from `first` up to before `end`. */
async function signAs(stage: Stage, n: number, version: number, signers: readonly (typeof SIGNERS)[number][]): Promise<string> {
  let status = '';
  for (const { role, key } of signers) {
    const step = { role, hash: stage.the(`hash of M${n} v${version}`) };
    ({ status } = await stage.post(key, `${pathOf(stage, n)}/sign`, step, MilestoneResource));
  }
  return status;
}

async function release(stage: Stage, n: number): Promise<void> {
  const path = `${pathOf(stage, n)}/release`;
  const first = await stage.post('ministry', path, {}, MilestoneResource);
  stage.check(`M${n} after the first approver`, first.status, 'accepted');
  await stage.refused('ministry', path, {}, 'same_person');
  const second = await stage.post('ministry2', path, {}, MilestoneResource);
  stage.check(`M${n} after the second`, second.status, 'released');
  for (const name of MONEY) {
    const pledge = await stage.eventually(`/pledges/${stage.the(name)}`, PledgeResource, ({ due }) => due > 0);
    stage.check(`Due of ${name}`, pledge.due, INSTALMENTS[name][n - 1]);
  }
  await Promise.all(MONEY.map((name) => stage.told(PAYERS[name], 'InstalmentDue', 'assigned')));
}

async function pay(stage: Stage, n: number, day: number): Promise<void> {
  for (const name of MONEY) {
    const currency = name === 'P2' ? 'EUR' : 'USD';
    const payment = {
      pledgeId: stage.the(name),
      kind: 'funding',
      amount: { amount: INSTALMENTS[name][n - 1], currency },
      paidOn: stage.date(day),
      reference: `${name}-M${n}`,
    };
    const { id } = await stage.post(PAYERS[name], '/deliveries', payment, DeliveryResource);
    stage.keep(`payment ${name} M${n}`, id);
  }
  await stage.told('lantern', 'DeliveryRecorded', 'assigned');
}

async function acknowledge(stage: Stage, n: number): Promise<void> {
  for (const name of MONEY) {
    const path = `/deliveries/${stage.the(`payment ${name} M${n}`)}/acknowledge`;
    await stage.post('lantern', path, { accepted: INSTALMENTS[name][n - 1] }, DeliveryResource);
    await stage.told(PAYERS[name], 'DeliveryAcknowledged', 'decision');
  }
  const expected = RECEIVED[n - 1]!;
  const fund = await stage.get(`/funds/${stage.the('project')}`, FundResource);
  const received = fund.balances.map((balance) => [balance.currency, balance.received]);
  stage.check('Received', received, [
    ['EUR', expected.eur],
    ['USD', expected.usd],
  ]);
  const line = await stage.get(`/lines/${stage.the('L1')}`, LineResource);
  stage.check('Delivered on L1, counted in USD', line.delivered, expected.counted);
}

/** From the start of the work to the submission. */
export const work = (n: number, days: { from: number; submitted: number }, caption: string): readonly Step[] => [
  {
    day: days.from,
    title: `Lantern starts M${n}`,
    actor: 'lantern',
    async play(stage) {
      await stage.post('lantern', `${pathOf(stage, n)}/start`, {}, MilestoneResource);
      await stage.told('openMeadow', 'MilestoneStarted', 'partner');
    },
  },
  {
    day: days.submitted,
    title: `Lantern adds evidence and submits M${n}`,
    actor: 'lantern',
    async play(stage) {
      await addEvidence(stage, n, caption, days.submitted - 1);
      await submit(stage, n, `${caption}.`, 1);
    },
  },
];

/** From the signatures to the money on the account: `paid` is the day of the payments, acknowledged two days later. */
export const settle = (
  n: number,
  version: number,
  days: { signed: number; accepted: number; released: number; paid: number },
): readonly Step[] => [
  {
    day: days.signed,
    title: `The Ministry, Harbourlight and Fieldmark sign version ${version} of M${n}`,
    actor: 'ministry',
    async play(stage) {
      stage.check(`M${n}`, await signAs(stage, n, version, SIGNERS.slice(0, 3)), 'submitted');
    },
  },
  {
    day: days.accepted,
    title: `The Parents' Forum signs too: M${n} is accepted`,
    actor: 'forum',
    async play(stage) {
      stage.check(`M${n}`, await signAs(stage, n, version, SIGNERS.slice(3)), 'accepted');
      await stage.told('lantern', 'MilestoneAccepted', 'decision');
      await stage.told('ministry', 'MilestoneAccepted', 'assigned');
    },
  },
  {
    day: days.released,
    title: `Two approvers of the Ministry release M${n}: four instalments fall due`,
    actor: 'ministry',
    play: (stage) => release(stage, n),
  },
  { day: days.paid, title: `Four funders pay for M${n}`, actor: 'harbourlight', play: (stage) => pay(stage, n, days.paid) },
  {
    day: days.paid + 2,
    title: `Lantern acknowledges the money for M${n}`,
    actor: 'lantern',
    play: (stage) => acknowledge(stage, n),
  },
];

/** The verifier returns the first version of M2; signing it afterwards is refused (domain.md section 6, step 14). */
export const returned: readonly Step[] = [
  {
    day: 180,
    title: 'Fieldmark returns M2: 6 of 30 reports lack photos',
    actor: 'fieldmark',
    async play(stage) {
      const why = { reason: { code: 'photos_missing', text: '6 of the 30 school reports have no photos.' } };
      const { status } = await stage.post('fieldmark', `${pathOf(stage, 2)}/return`, why, MilestoneResource);
      stage.check('M2', status, 'returned');
      await stage.told('lantern', 'MilestoneReturned', 'decision');
    },
  },
  {
    day: 188,
    title: 'Lantern adds the photos and submits version 2; a signature on version 1 is refused',
    actor: 'lantern',
    async play(stage) {
      await addEvidence(stage, 2, 'Photos of the six schools that were missing', 187);
      await submit(stage, 2, 'All 30 reports have photos now.', 2);
      const stale = { role: 'steward', hash: stage.the('hash of M2 v1') };
      await stage.refused('ministry', `${pathOf(stage, 2)}/sign`, stale, 'stale_version');
    },
  },
];
