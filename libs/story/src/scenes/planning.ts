import { LineResource, MilestoneResource, PledgeResource, ProjectBoard, ProjectResource } from '@concord/contracts';
import type { OrganisationKey } from '../cast.js';
import { cents, INSTALMENTS } from '../figures.js';
import type { Stage } from '../stage.js';
import type { Step } from '../step.js';

/** A milestone of the plan; due on a day of the story. */
export interface Planned {
  readonly title: string;
  readonly share: number;
  readonly due: number;
  readonly criteria: readonly { readonly criterion: string; readonly quantity: number; readonly unit: string }[];
  readonly lines: readonly string[];
}

/** The four milestones with their shares; due on days of the story (domain.md section 6, step 10). */
export const PLAN: readonly Planned[] = [
  {
    title: 'Survey of 60 sites',
    share: 20,
    due: 90,
    criteria: [{ criterion: 'Sites surveyed', quantity: 60, unit: 'site' }],
    lines: ['L1', 'L4'],
  },
  {
    title: '30 schools, 180 teachers',
    share: 30,
    due: 190,
    criteria: [
      { criterion: 'Schools with offline lessons', quantity: 30, unit: 'school' },
      { criterion: 'Teachers trained', quantity: 180, unit: 'teacher' },
    ],
    lines: ['L1', 'L2', 'L3'],
  },
  {
    title: '60 schools, 360 teachers',
    share: 30,
    due: 305,
    criteria: [
      { criterion: 'Schools with offline lessons', quantity: 60, unit: 'school' },
      { criterion: 'Teachers trained', quantity: 360, unit: 'teacher' },
    ],
    lines: ['L1', 'L2', 'L3'],
  },
  {
    title: 'Handover',
    share: 20,
    due: 365,
    criteria: [{ criterion: 'Districts that run the lessons themselves', quantity: 2, unit: 'district' }],
    lines: ['L1', 'L2'],
  },
];

/** Who signs every milestone, by role (R38). */
export const SIGNERS = [
  { role: 'steward', key: 'ministry' },
  { role: 'funder', key: 'harbourlight' },
  { role: 'verifier', key: 'fieldmark' },
  { role: 'community', key: 'forum' },
] as const;

async function propose(stage: Stage): Promise<void> {
  const milestones = PLAN.map(({ title, share, due, criteria, lines }) => ({
    title,
    criteria,
    dueOn: stage.date(due),
    responsibleId: stage.org('lantern'),
    lineIds: lines.map((line) => stage.the(line)),
    signers: SIGNERS.map(({ role, key }) => ({ role, organisationId: stage.org(key) })),
    share,
  }));
  const project = await stage.post('lantern', `/projects/${stage.the('project')}/propose-plan`, { milestones }, ProjectResource);
  stage.keep('hash of the plan', project.proposedPlan?.hash ?? '');
  await Promise.all([
    stage.told('ministry', 'PlanProposed', 'signer'),
    ...(['harbourlight', 'norvale', 'brightwater', 'cedarRidge'] as const).map((key) => stage.told(key, 'PlanProposed', 'signer')),
  ]);
}

async function sign(stage: Stage): Promise<void> {
  const path = `/projects/${stage.the('project')}/sign-plan`;
  const hash = stage.the('hash of the plan');
  await stage.refused('lantern', path, { role: 'lead', hash }, 'conflict_of_interest');
  await stage.post('lantern2', path, { role: 'lead', hash }, ProjectResource);
  await stage.post('ministry', path, { role: 'steward', hash }, ProjectResource);
  let signed: unknown;
  for (const funder of ['harbourlight', 'norvale', 'brightwater', 'cedarRidge'] as const) {
    const project = await stage.post(funder, path, { role: 'funder', hash }, ProjectResource);
    project.milestones.forEach(({ milestoneId }, index) => stage.keep(`M${index + 1}`, milestoneId));
    signed = project.agreedPlan?.hash;
  }
  stage.check('The agreed plan is the one that was signed', signed === hash, true);
  const shares = await Promise.all(
    ['M1', 'M2', 'M3', 'M4'].map((name) => stage.get(`/milestones/${stage.the(name)}`, MilestoneResource)),
  );
  stage.check(
    'Shares of the milestones',
    shares.map(({ share }) => share),
    [20, 30, 30, 20],
  );
}

/** The plan, signed by hash by everyone (R22, R26, R34, R35). */
export const planning: readonly Step[] = [
  { day: 42, title: 'Lantern proposes the plan: four milestones, 20, 30, 30 and 20 %', actor: 'lantern', play: propose },
  { day: 43, title: 'Lead, steward and four funders sign the plan by its hash: it is agreed', actor: 'lantern', play: sign },
];

/** The nine pledges that stand, with who confirms them. */
export const STANDING: readonly (readonly [string, OrganisationKey])[] = [
  ['P1', 'harbourlight'],
  ['P2', 'norvale'],
  ['P3', 'brightwater'],
  ['P4', 'cedarRidge'],
  ['P5', 'lakemont'],
  ['P6', 'kestrel'],
  ['P8', 'openMeadow'],
  ['P9', 'brightwater'],
  ['P10', 'atlas'],
];

async function accept(stage: Stage): Promise<void> {
  await stage.refused('ministry', `/pledges/${stage.the('P1')}/accept`, { hash: stage.the('hash of P1 before') }, 'stale_version');
  for (const [name, pledger] of STANDING) {
    const path = `/pledges/${stage.the(name)}`;
    const { hash } = await stage.get(path, PledgeResource);
    await stage.post('ministry', `${path}/accept`, { hash }, PledgeResource);
    stage.keep(`hash of ${name}`, hash);
    if (name === 'P1') await stage.told(pledger, 'PledgeAccepted', 'decision');
  }
}

async function confirm(stage: Stage): Promise<void> {
  for (const [name, pledger] of STANDING) {
    const path = `/pledges/${stage.the(name)}/confirm`;
    const hash = { hash: stage.the(`hash of ${name}`) };
    const money = Object.hasOwn(INSTALMENTS, name);
    const first = await stage.post(pledger, path, hash, PledgeResource);
    stage.check(`${name} after the first approver`, first.status, money ? 'offered' : 'confirmed');
    const pledge = money ? await stage.post(`${pledger}2`, path, hash, PledgeResource) : first;
    const recipient = name === 'P9' ? 'ministry' : 'lantern';
    stage.check(
      `${name} is confirmed for ${recipient}`,
      [pledge.status, pledge.recipientId === stage.org(recipient)],
      ['confirmed', true],
    );
    if (money)
      stage.check(
        `Instalments of ${name}`,
        pledge.instalments.map(({ quantity }) => quantity),
        INSTALMENTS[name as keyof typeof INSTALMENTS],
      );
  }
  const line = await stage.get(`/lines/${stage.the('L1')}`, LineResource);
  stage.check('L1: confirmed, gap, minimum reached', [line.confirmed, line.gap, line.minimumReached], [cents(600_000), 0, true]);
  await stage.told('lantern', 'PledgeConfirmed', 'recipient');
}

/** Offers become commitments, and the work starts (domain.md section 6, step 11; R9, R23, R33). */
export const committing: readonly Step[] = [
  { day: 53, title: 'The Ministry accepts nine pledges, each by its hash', actor: 'ministry', play: accept },
  { day: 53, title: 'The pledgers confirm; money needs two approvers. The funding gap is 0', actor: 'harbourlight', play: confirm },
  {
    day: 55,
    title: 'The Ministry starts the project',
    actor: 'ministry',
    async play(stage) {
      const path = `/projects/${stage.the('project')}`;
      await stage.eventually(`${path}/board`, ProjectBoard, ({ startBlockedBy }) => startBlockedBy.length === 0);
      const project = await stage.post('ministry', `${path}/start`, {}, ProjectResource);
      stage.check('Project, IATI ActivityStatus', project.statusCode, '2');
      await Promise.all([
        stage.told('lantern', 'ProjectStarted', 'lead'),
        stage.told('openMeadow', 'ProjectStarted', 'pledger'),
        stage.told('norvale', 'ProjectStarted', 'pledger'),
        stage.told('forum', 'ProjectStarted', 'signer'),
      ]);
    },
  },
];
