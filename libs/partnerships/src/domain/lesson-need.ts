import { daysAfter, type DomainEvent, type EventMeta } from '@concord/kernel';
import {
  NeedEndorsed,
  NeedIntakeClosed,
  type NeedLine,
  NeedPublished,
  NeedReviewerAppointed,
  NeedSubmitted,
  ProposalReviewStarted,
  ProposalSubmitted,
} from '@concord/contracts';
import { IntakeProposalReceived } from './intake.js';
import { type NeedContent, NeedDrafted } from './need.js';
import { type ProposalContent, ProposalDrafted, proposalHash, ProposalReviewersAssigned } from './proposal.js';

// The story's need (domain.md section 6) as events, for specs only: "Offline lessons, 60 schools".

/** An id that can be told from the others in a failing spec. */
export const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** An event with the person who caused it and its day. */
export type Dated = readonly [DomainEvent, Partial<EventMeta>];

/** Day n of the story; day 0 is the publication. */
export const day = (n: number): string => daysAfter('2026-01-05T09:00:00.000Z', n);

export const NEED = id(1);
export const MINISTRY = id(10);
export const DIGITAL_OFFICE = id(11);
export const LANTERN = id(20);
export const BLUEFIN = id(21);
export const KESTREL = id(22);
export const OPEN_MEADOW = id(23);
export const OFFICER = id(100);
export const MINISTER = id(101);
export const DEPUTY = id(102);
export const REVIEWERS = [id(110), id(111), id(112), id(113)] as const;
export const LANTERN_EDITOR = id(120);

const line = (
  n: number,
  rest: Pick<NeedLine, 'kind' | 'title' | 'unit' | 'target' | 'recipient'> & { minimum?: number },
): NeedLine => ({ lineId: id(n), ...rest });

export const LINES: NeedLine[] = [
  line(31, {
    kind: 'funding',
    title: 'Equipment and training',
    unit: 'USD',
    target: 60_000_000,
    minimum: 45_000_000,
    recipient: 'lead',
  }),
  line(32, { kind: 'expertise', title: 'Teacher training and engineering', unit: 'hour', target: 1_600, recipient: 'lead' }),
  line(33, { kind: 'in_kind', title: 'Tablets', unit: 'item', target: 240, recipient: 'owner' }),
  line(34, { kind: 'data', title: 'School map', unit: 'dataset', target: 1, recipient: 'lead' }),
];

export const CRITERIA = [
  { criterionId: id(41), title: 'Relevance', weight: 30 },
  { criterionId: id(42), title: 'Feasibility', weight: 25 },
  { criterionId: id(43), title: 'Sustainability', weight: 20 },
  { criterionId: id(44), title: 'Inclusion', weight: 15 },
  { criterionId: id(45), title: 'Cost', weight: 10 },
];

export const CONTENT: NeedContent = {
  title: 'Offline lessons, 60 schools',
  summary: 'Sixty rural schools without a steady connection need lessons that work offline.',
  language: 'en',
  needType: 'technical_assistance',
  country: 'MW',
  regions: ['MW-ZO', 'MW-MG'],
  sdgTargets: ['4.a'],
  useCase: 'Remote Learning',
  buildingBlocks: ['eLearning', 'Content management'],
  solutions: ['MeadowLearn'],
  lines: LINES,
  criteria: CRITERIA,
  intakeClosesAt: day(21),
  validUntil: day(120),
};

export const drafted: Dated = [NeedDrafted({ organisationId: MINISTRY, content: CONTENT }), { person: OFFICER, at: day(-10) }];

export const submitted: Dated = [
  NeedSubmitted({ organisationId: MINISTRY, title: CONTENT.title, country: 'MW', endorserIds: [DIGITAL_OFFICE] }),
  { person: OFFICER, at: day(-5) },
];

export const endorsed: Dated = [NeedEndorsed({ organisationId: MINISTRY, endorserId: DIGITAL_OFFICE }), { at: day(-2) }];

export const publishedEvent = NeedPublished({
  organisationId: MINISTRY,
  title: CONTENT.title,
  language: 'en',
  needType: 'technical_assistance',
  country: 'MW',
  regions: ['MW-ZO', 'MW-MG'],
  sdgTargets: ['4.a'],
  useCase: 'Remote Learning',
  lines: LINES,
  criteria: CRITERIA,
  intakeClosesAt: day(21),
  validUntil: day(120),
});

export const publishedPast: readonly Dated[] = [drafted, submitted, endorsed, [publishedEvent, { person: MINISTER, at: day(0) }]];

const appointedPast: readonly Dated[] = REVIEWERS.map((personId) => [
  NeedReviewerAppointed({ needId: NEED, organisationId: MINISTRY, personId }),
  { at: day(1) },
]);

const receivedPast: readonly Dated[] = [
  [IntakeProposalReceived({ proposalId: id(2), leadId: LANTERN }), { at: day(18) }],
  [IntakeProposalReceived({ proposalId: id(3), leadId: BLUEFIN }), { at: day(19) }],
];

/** The need's intake on day 21: four reviewers, two proposals. */
export const intakePast: readonly Dated[] = [...appointedPast, ...receivedPast];

export const matchingPast: readonly Dated[] = [
  ...publishedPast,
  [NeedIntakeClosed({ organisationId: MINISTRY, proposalIds: [id(2), id(3)] }), { at: day(21) }],
];

export const ANSWERS = CRITERIA.map(({ criterionId, title }) => ({ criterionId, text: `How we meet ${title}.` }));

export const PROPOSAL: ProposalContent = {
  title: 'Lessons that travel',
  summary: 'Servers in a box, content on a card, teachers in pairs.',
  approach: 'Survey, pilot, roll-out, handover.',
  answers: ANSWERS,
  months: 12,
  partnerIds: [OPEN_MEADOW],
};

const about = { needId: NEED, leadId: LANTERN, stage: 'full' } as const;
export const HASH = proposalHash(about, 1, PROPOSAL);

export const proposalDrafted: Dated = [
  ProposalDrafted({ ...about, ownerId: MINISTRY, content: PROPOSAL, version: 1, hash: HASH }),
  { person: LANTERN_EDITOR, at: day(10) },
];

export const PARTIES = { needId: NEED, ownerId: MINISTRY, leadId: LANTERN };

export const submittedEvent = ProposalSubmitted({ ...PARTIES, partnerIds: [OPEN_MEADOW], stage: 'full', version: 1, hash: HASH });

export const inReviewPast: readonly Dated[] = [
  proposalDrafted,
  [submittedEvent, { person: id(121), at: day(18) }],
  [ProposalReviewersAssigned({ reviewerIds: [...REVIEWERS] }), { at: day(21) }],
  [ProposalReviewStarted(PARTIES), { at: day(21) }],
];
