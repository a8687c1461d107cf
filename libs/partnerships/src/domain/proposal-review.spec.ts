import {
  FullProposalInvited,
  NeedPartnered,
  ProposalAccepted,
  ProposalDeclined,
  ProposalReviewStarted,
  ProposalShortlisted,
} from '@concord/contracts';
import { fold, given } from '@concord/testing';
import {
  BLUEFIN,
  day,
  DEPUTY,
  HASH,
  id,
  inReviewPast,
  intakePast,
  LANTERN_EDITOR,
  LINES,
  matchingPast,
  MINISTER,
  MINISTRY,
  OPEN_MEADOW,
  PARTIES,
  PROPOSAL,
  proposalDrafted,
  publishedPast,
  REVIEWERS,
  submittedEvent,
} from './lesson-need.js';
import { Intake, ReviewerConflictDeclared } from './intake.js';
import { Need } from './need.js';
import {
  acceptProposal,
  declineProposal,
  declineWithNeed,
  inviteFullProposal,
  reassignReviewers,
  requireMayScore,
  shortlistProposal,
  startReview,
} from './proposal-review.js';
import {
  Proposal,
  ProposalApprovalGiven,
  ProposalDrafted,
  proposalHash,
  ProposalReviewersAssigned,
  ProposalStageOpened,
} from './proposal.js';

const need = fold(Need, matchingPast);
const intake = fold(Intake, intakePast);
const conflicted = fold(Intake, [...intakePast, [ReviewerConflictDeclared({ nature: 'employment' }), { person: REVIEWERS[3] }]]);
const minister = { person: MINISTER, organisation: MINISTRY };
const deputy = { person: DEPUTY, organisation: MINISTRY };
const reason = { code: 'weaker_plan', text: 'The plan for power is thin.' };
const shortlisted = ProposalShortlisted(PARTIES);
const shortlistedPast = [...inReviewPast, shortlisted];
const projectId = id(50);

describe('startReview', () => {
  it('takes submitted proposals and gives them the reviewers', () => {
    given(Proposal, [proposalDrafted, submittedEvent])
      .when((state) => startReview(state, REVIEWERS))
      .then(ProposalReviewersAssigned({ reviewerIds: [...REVIEWERS] }), ProposalReviewStarted(PARTIES));
  });

  it('leaves others where they are', () => {
    given(Proposal, [proposalDrafted])
      .when((state) => startReview(state, REVIEWERS))
      .then();
    given(Proposal, inReviewPast)
      .when((state) => startReview(state, REVIEWERS))
      .then();
  });

  it('follows when reviewers come and go', () => {
    given(Proposal, inReviewPast)
      .when((state) => reassignReviewers(state, [REVIEWERS[0]]))
      .then(ProposalReviewersAssigned({ reviewerIds: [REVIEWERS[0]] }));
    given(Proposal, [proposalDrafted])
      .when((state) => reassignReviewers(state, [REVIEWERS[0]]))
      .then();
  });
});

describe('requireMayScore', () => {
  const score = (judge: { person: string; organisation?: string }, on = intake, hash = HASH, past = inReviewPast) =>
    given(Proposal, past).when((state) => requireMayScore(state, on, judge, hash));

  it('lets an appointed reviewer', () => {
    score({ person: REVIEWERS[0] }).then();
  });

  it('refuses a conflict, authors, their organisations and strangers', () => {
    score({ person: REVIEWERS[3] }, conflicted).refused('conflict_of_interest');
    score({ person: REVIEWERS[0], organisation: OPEN_MEADOW }).refused('conflict_of_interest');
    score({ person: id(9) }).refused('not_a_reviewer');
    const author = [[proposalDrafted[0], { person: REVIEWERS[0] }] as const, ...inReviewPast.slice(1)];
    score({ person: REVIEWERS[0] }, intake, HASH, author).refused('own_work');
  });

  it('refuses an old version and a proposal that is not in review', () => {
    score({ person: REVIEWERS[0] }, intake, 'f'.repeat(64)).refused('stale_version');
    score({ person: REVIEWERS[0] }, intake, HASH, [proposalDrafted]).refused('wrong_state');
  });
});

describe('shortlistProposal', () => {
  it('needs two full scores (R25)', () => {
    given(Proposal, inReviewPast)
      .when((state) => shortlistProposal(state, intake, minister, 1))
      .refused('review_incomplete');
    given(Proposal, inReviewPast)
      .when((state) => shortlistProposal(state, intake, minister, 2))
      .then(shortlisted);
  });

  it('is not for somebody with a conflict', () => {
    given(Proposal, inReviewPast)
      .when((state) => shortlistProposal(state, conflicted, { person: REVIEWERS[3] }, 2))
      .refused('conflict_of_interest');
  });
});

describe('inviteFullProposal', () => {
  const noteHash = proposalHash({ ...PARTIES, stage: 'concept_note' }, 1, PROPOSAL);
  const note = ProposalDrafted({ ...PARTIES, stage: 'concept_note', content: PROPOSAL, version: 1, hash: noteHash });
  const notePast = [note, ...inReviewPast.slice(1), shortlisted];
  const hash = proposalHash({ ...PARTIES, stage: 'full' }, 2, PROPOSAL);

  it('makes a concept note a full draft of a new version', () => {
    const state = given(Proposal, notePast)
      .when((one) => inviteFullProposal(one, need))
      .then(FullProposalInvited(PARTIES), ProposalStageOpened({ version: 2, hash }));
    expect(state).toMatchObject({ status: 'draft', stage: 'full', hash, contentVersion: 2, invited: true });
  });

  it('is for concept notes only, which cannot be accepted', () => {
    given(Proposal, shortlistedPast)
      .when((one) => inviteFullProposal(one, need))
      .refused('already_full');
    given(Proposal, notePast)
      .when((one) => acceptProposal(one, { need, intake }, minister, { hash: noteHash, projectId, meanScore: 1 }).event)
      .refused('full_proposal_needed');
  });
});

describe('acceptProposal', () => {
  const of = `accept:${HASH}`;
  const first = [ProposalApprovalGiven({ of }), { person: MINISTER, at: day(35) }] as const;
  const accept = (past: typeof inReviewPast | typeof shortlistedPast, judge = minister, hash = HASH, on = need) =>
    given(Proposal, past).when(
      (state) => acceptProposal(state, { need: on, intake }, judge, { hash, projectId, meanScore: 8183 }).event,
    );
  const accepted = ProposalAccepted({
    ...PARTIES,
    partnerIds: [OPEN_MEADOW],
    projectId,
    title: PROPOSAL.title,
    hash: HASH,
    meanScore: 8183,
    country: 'MW',
    sdgTargets: ['4.a'],
    lines: LINES,
  });

  it('waits for a second approver (R23)', () => {
    const state = accept(shortlistedPast).then(ProposalApprovalGiven({ of }));
    expect(state.status).toBe('shortlisted');
    accept([...shortlistedPast, first]).refused('same_person');
    expect(accept([...shortlistedPast, first], deputy).then(accepted)).toMatchObject({
      status: 'accepted',
      projectId,
      meanScore: 8183,
    });
  });

  it('names the version (R26)', () => {
    accept(shortlistedPast, minister, 'f'.repeat(64)).refused('stale_version');
  });

  it('is not for authors, nor before the shortlist, nor after another was accepted (R28)', () => {
    accept(shortlistedPast, { person: LANTERN_EDITOR, organisation: MINISTRY }).refused('own_work');
    accept(inReviewPast).refused('wrong_state');
    const partnered = NeedPartnered({ organisationId: MINISTRY, proposalId: id(3), leadId: BLUEFIN, projectId });
    accept(shortlistedPast, minister, HASH, fold(Need, [...matchingPast, partnered])).refused('wrong_state');
    accept(shortlistedPast, minister, HASH, fold(Need, publishedPast)).refused('wrong_state');
  });
});

describe('declining', () => {
  it('has a public reason, and the mean where there is one', () => {
    given(Proposal, inReviewPast)
      .when((state) => declineProposal(state, intake, minister, reason))
      .then(ProposalDeclined({ ...PARTIES, reason }));
    given(Proposal, shortlistedPast)
      .when((state) => declineProposal(state, intake, minister, reason, 6850))
      .then(ProposalDeclined({ ...PARTIES, reason, meanScore: 6850 }));
    given(Proposal, [proposalDrafted])
      .when((state) => declineProposal(state, intake, minister, reason))
      .refused('wrong_state');
  });

  it('comes to every undecided proposal when the need is gone', () => {
    given(Proposal, shortlistedPast)
      .when((state) => declineWithNeed(state, reason, 6850))
      .then(ProposalDeclined({ ...PARTIES, reason, meanScore: 6850 }));
    given(Proposal, [proposalDrafted])
      .when((state) => declineWithNeed(state, reason))
      .then(ProposalDeclined({ ...PARTIES, reason }));
    given(Proposal, [...inReviewPast, ProposalDeclined({ ...PARTIES, reason })])
      .when((state) => declineWithNeed(state, reason))
      .then();
  });
});
