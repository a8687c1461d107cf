import type { OrganisationRole, Standing, Subject } from '@concord/kernel';
import { fold } from '@concord/testing';
import { ProposalAccepted, ProposalWithdrawn } from '@concord/contracts';
import {
  BLUEFIN,
  DIGITAL_OFFICE,
  drafted,
  HASH,
  id,
  inReviewPast,
  LANTERN,
  LINES,
  MINISTRY,
  OPEN_MEADOW,
  PARTIES,
  proposalDrafted,
  publishedPast,
  REVIEWERS,
  submitted,
} from './domain/lesson-need.js';
import { Need } from './domain/need.js';
import { Proposal } from './domain/proposal.js';
import {
  decidingApprover,
  decidingEditor,
  focalPointApprover,
  leadApprover,
  needApprover,
  needDrafter,
  needEditor,
  needReadable,
  proposalReadable,
  proposalWriter,
  reviewer,
} from './policy.js';

const acting = (organisation: string, role: OrganisationRole = 'approver', standing: Standing = 'verified'): Subject => ({
  person: id(1),
  platformRoles: [],
  organisation,
  roles: [role],
  standing,
});
const person = (personId: string, more: Partial<Subject> = {}): Subject => ({
  person: personId,
  platformRoles: [],
  roles: [],
  ...more,
});

const draft = fold(Need, [drafted]);
const waiting = fold(Need, [drafted, submitted]);
const open = fold(Need, publishedPast);
const written = fold(Proposal, [proposalDrafted]);
const inReview = fold(Proposal, inReviewPast);

describe('who reads a need', () => {
  it('is its owner, then the focal points, then everyone', () => {
    expect(needReadable.permits(undefined, draft)).toBe(false);
    expect(needReadable.permits(acting(MINISTRY, 'viewer'), draft)).toBe(true);
    expect(needReadable.permits(acting(DIGITAL_OFFICE), draft)).toBe(false);
    expect(needReadable.permits(acting(DIGITAL_OFFICE), waiting)).toBe(true);
    expect(needReadable.permits(acting(BLUEFIN), waiting)).toBe(false);
    expect(needReadable.permits(undefined, open)).toBe(true);
  });
});

describe('who acts on a need', () => {
  it('is its owner, verified for all but drafting (R20)', () => {
    expect(needDrafter.permits(acting(MINISTRY, 'editor', 'unverified'), draft)).toBe(true);
    expect(needDrafter.permits(acting(MINISTRY, 'editor', 'suspended'), draft)).toBe(false);
    expect(needEditor.permits(acting(MINISTRY, 'editor', 'unverified'), draft)).toBe(false);
    expect(needEditor.permits(acting(MINISTRY, 'editor'), draft)).toBe(true);
    expect(needApprover.permits(acting(MINISTRY, 'editor'), draft)).toBe(false);
    expect(needApprover.permits(acting(BLUEFIN), open)).toBe(false);
  });

  it('is a focal point for the endorsement, once it was asked', () => {
    expect(focalPointApprover.permits(acting(DIGITAL_OFFICE), waiting)).toBe(true);
    expect(focalPointApprover.permits(acting(DIGITAL_OFFICE, 'editor'), waiting)).toBe(false);
    expect(focalPointApprover.permits(acting(DIGITAL_OFFICE), draft)).toBe(false);
    expect(focalPointApprover.permits(acting(MINISTRY), waiting)).toBe(false);
  });
});

describe('who reads a proposal', () => {
  const readers: [string, Subject | undefined, boolean, boolean][] = [
    ['its lead', acting(LANTERN, 'viewer'), true, true],
    ['a co-author', acting(OPEN_MEADOW, 'viewer'), true, true],
    ['the owner of the need', acting(MINISTRY, 'viewer'), false, true],
    ['a reviewer', person(REVIEWERS[0]), false, true],
    ['a rival', acting(BLUEFIN), false, false],
    ['a stranger', person(id(9)), false, false],
    ['the public', undefined, false, false],
  ];

  it.each(readers)('%s', (_who, subject, whileWritten, whileReviewed) => {
    expect(proposalReadable.permits(subject, written)).toBe(whileWritten);
    expect(proposalReadable.permits(subject, inReview)).toBe(whileReviewed);
  });

  it('stays with the parties after the decision; the public has the outcome', () => {
    const accepted = ProposalAccepted({
      ...PARTIES,
      partnerIds: [],
      projectId: id(50),
      title: 'x',
      hash: HASH,
      meanScore: 8183,
      country: 'MW',
      sdgTargets: ['4.a'],
      lines: LINES,
    });
    expect(proposalReadable.permits(undefined, fold(Proposal, [...inReviewPast, accepted]))).toBe(false);
    expect(proposalReadable.permits(acting(MINISTRY), fold(Proposal, [...inReviewPast, accepted]))).toBe(true);
  });

  it('is nobody but its writers when it was withdrawn as a draft', () => {
    const withdrawn = ProposalWithdrawn({ ...PARTIES, reason: { code: 'spec', text: 'Changed our mind.' } });
    expect(proposalReadable.permits(acting(MINISTRY), fold(Proposal, [proposalDrafted, withdrawn]))).toBe(false);
  });
});

describe('who acts on a proposal', () => {
  it('is lead and co-authors to write, the lead alone to submit', () => {
    expect(proposalWriter.permits(acting(OPEN_MEADOW, 'editor', 'unverified'), written)).toBe(true);
    expect(proposalWriter.permits(acting(MINISTRY), inReview)).toBe(false);
    expect(leadApprover.permits(acting(LANTERN), written)).toBe(true);
    expect(leadApprover.permits(acting(LANTERN, 'approver', 'unverified'), written)).toBe(false);
    expect(leadApprover.permits(acting(OPEN_MEADOW), written)).toBe(false);
  });

  it('is the owner of the need to decide, and its reviewers to score', () => {
    expect(decidingEditor.permits(acting(MINISTRY, 'editor'), inReview)).toBe(true);
    expect(decidingApprover.permits(acting(MINISTRY, 'editor'), inReview)).toBe(false);
    expect(decidingApprover.permits(acting(MINISTRY), written)).toBe(false);
    expect(decidingApprover.permits(acting(LANTERN), inReview)).toBe(false);
    expect(reviewer.permits(person(REVIEWERS[0]), inReview)).toBe(true);
    expect(reviewer.permits(person(REVIEWERS[0], { standing: 'suspended' }), inReview)).toBe(false);
    expect(reviewer.permits(person(id(9)), inReview)).toBe(false);
  });
});
