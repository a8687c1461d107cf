import {
  PlanAgreed,
  PlanProposed,
  PlanSigned,
  ProjectOpened,
  ProjectStarted,
  type PlannedMilestone,
  type ProposedMilestone,
  type Signer,
} from '@concord/contracts';
import { versionHash, type DomainEvent, type EventMeta } from '@concord/kernel';
import type { BackingState } from './backing.js';
import type { PlanFacts } from './plan.js';

// Facts of the story (domain.md section 6) that the specs of this folder share. Made by the production constructors.

/** A readable UUID: `uuid(7)` ends in 7. */
export const uuid = (n: number): string => `01920000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const MINISTRY = uuid(1);
export const LANTERN = uuid(2);
export const MEADOW = uuid(3);
export const HARBOURLIGHT = uuid(4);
export const FIELDMARK = uuid(5);
export const FORUM = uuid(6);
export const NORVALE = uuid(7);
export const NEED = uuid(20);
export const PROJECT = uuid(21);
export const MONEY_LINE = uuid(31);
export const TABLET_LINE = uuid(32);

export const SIGNERS: Signer[] = [
  { role: 'steward', organisationId: MINISTRY },
  { role: 'funder', organisationId: HARBOURLIGHT },
  { role: 'verifier', organisationId: FIELDMARK },
  { role: 'community', organisationId: FORUM },
];

/** One milestone of the story's plan. */
export const milestone = (n: number, share: number, more: Partial<PlannedMilestone> = {}): PlannedMilestone => ({
  milestoneId: uuid(40 + n),
  title: `M${n}`,
  criteria: [{ criterion: 'Schools reached', quantity: 30, unit: 'school' }],
  dueOn: `2026-0${n + 2}-15`,
  responsibleId: LANTERN,
  lineIds: [MONEY_LINE],
  signers: SIGNERS,
  share,
  ...more,
});

/** Survey 20, schools 30 and 30, handover 20. */
export const PLAN: PlannedMilestone[] = [milestone(1, 20), milestone(2, 30), milestone(3, 30), milestone(4, 20)];

export const planHash = (version: number, milestones: readonly PlannedMilestone[]): string =>
  versionHash({ needId: NEED, version, milestones });

export const opened = ProjectOpened({
  needId: NEED,
  proposalId: uuid(22),
  stewardId: MINISTRY,
  leadId: LANTERN,
  partnerIds: [MEADOW],
  title: 'Offline lessons, 60 schools',
  country: 'MW',
  sdgTargets: ['4.a'],
  lines: [
    { lineId: MONEY_LINE, kind: 'funding', title: 'Money', minimum: 45_000_000, recipient: 'lead' },
    { lineId: TABLET_LINE, kind: 'in_kind', title: 'Tablets', recipient: 'owner' },
  ],
});

type Step = readonly [DomainEvent, Partial<EventMeta>];

/** The lead's first approver proposes. */
export const proposed = (milestones = PLAN, version = 1): Step => [
  PlanProposed({
    needId: NEED,
    version,
    hash: planHash(version, milestones),
    milestones,
    ...(version > 1 ? { reason: reason('replan') } : {}),
  }),
  { person: 'lantern-1', organisation: LANTERN },
];

export const signed = (role: 'lead' | 'steward' | 'funder', organisation: string, milestones = PLAN, version = 1): Step => [
  PlanSigned({ needId: NEED, role, hash: planHash(version, milestones) }),
  { person: `${role}-2`, organisation },
];

export const agreed = (milestones = PLAN, version = 1): DomainEvent =>
  PlanAgreed({
    needId: NEED,
    hash: planHash(version, milestones),
    milestones: milestones.map(({ milestoneId, title, share, dueOn, lineIds }) => ({ milestoneId, title, share, dueOn, lineIds })),
  });

export const reason = (code: string) => ({ code, text: 'Because' });

/** Opened, planned and started. */
export const RUNNING: readonly (DomainEvent | Step)[] = [opened, proposed(), agreed(), ProjectStarted({ needId: NEED })];

/** Harbourlight has two live pledges of money, Norvale one of something else. */
export const BACKING: BackingState = {
  projectId: PROJECT,
  backers: { [HARBOURLIGHT]: { funding: 2, other: 0 }, [NORVALE]: { funding: 0, other: 1 } },
  minimums: [MONEY_LINE],
  awardedTo: PROJECT,
};

/** Facts under which the story's plan is fine. */
export const facts = (more: Partial<PlanFacts> = {}): PlanFacts => {
  let made = 900;
  return {
    at: '2026-01-05T00:00:00.000Z',
    backing: BACKING,
    isKnown: () => true,
    isFree: () => true,
    newId: () => uuid((made += 1)),
    ...more,
  };
};

/** A plan as a client sends it. */
export const asked = (milestones: readonly ProposedMilestone[] = PLAN) => ({ milestones });
