import type { DraftProposalInput } from '@concord/contracts';
import { FullProposalInvited, ProposalSubmitted, ProposalWithdrawn } from '@concord/contracts';
import { fold, given, type Past } from '@concord/testing';
import {
  day,
  drafted,
  HASH,
  id,
  inReviewPast,
  intakePast,
  LANTERN,
  matchingPast,
  MINISTRY,
  NEED,
  OPEN_MEADOW,
  PARTIES,
  PROPOSAL,
  proposalDrafted,
  publishedPast,
  submittedEvent,
} from './lesson-need.js';
import { Intake, IntakeProposalLeft, IntakeProposalReceived } from './intake.js';
import { Need } from './need.js';
import { draftProposal, reviseProposal, submitProposal, withdrawProposal } from './proposal-writing.js';
import { Proposal, ProposalDrafted, proposalHash, ProposalRevised, ProposalStageOpened } from './proposal.js';

const need = fold(Need, publishedPast);
const input: DraftProposalInput = {
  needId: NEED,
  stage: 'full',
  ...PROPOSAL,
  answers: [...PROPOSAL.answers],
  partnerIds: [OPEN_MEADOW],
};
const reason = { code: 'no_capacity', text: 'We cannot do it this year.' };

describe('draftProposal', () => {
  it('is led by the acting organisation and hashed as version 1', () => {
    given(Proposal, [])
      .when(() => draftProposal(input, LANTERN, need))
      .then(proposalDrafted[0]);
  });

  it('answers a published need of somebody else', () => {
    given(Proposal, [])
      .when(() => draftProposal(input, LANTERN, fold(Need, [drafted])))
      .refused('not_found');
    given(Proposal, [])
      .when(() => draftProposal(input, LANTERN, fold(Need, matchingPast)))
      .refused('wrong_state');
    given(Proposal, [])
      .when(() => draftProposal(input, MINISTRY, need))
      .refused('own_need');
    given(Proposal, [])
      .when(() => draftProposal({ ...input, partnerIds: [MINISTRY] }, LANTERN, need))
      .refused('own_need');
  });

  it('names each partner once, and criteria of the need only', () => {
    given(Proposal, [])
      .when(() => draftProposal({ ...input, partnerIds: [LANTERN] }, LANTERN, need))
      .refused('partner_listed_twice');
    given(Proposal, [])
      .when(() => draftProposal({ ...input, answers: [{ criterionId: id(9), text: 'x' }] }, LANTERN, need))
      .refused('unknown_criterion');
  });
});

describe('reviseProposal', () => {
  it('makes a new version with a new hash, also when the text returns', () => {
    const back = { changes: { title: PROPOSAL.title }, version: 2, hash: proposalHash({ ...PARTIES, stage: 'full' }, 2, PROPOSAL) };
    given(Proposal, [proposalDrafted])
      .when((state) => reviseProposal(state, { title: PROPOSAL.title }, LANTERN, need))
      .then(ProposalRevised(back));
    expect(back.hash).not.toBe(HASH);
  });

  it('brings a submitted proposal back to draft, and counts its writer as author', () => {
    const state = given(Proposal, [proposalDrafted, submittedEvent]).when((one) =>
      reviseProposal(one, { months: 10 }, OPEN_MEADOW, need),
    );
    expect(
      state.then(
        ProposalRevised({
          changes: { months: 10 },
          version: 2,
          hash: proposalHash({ ...PARTIES, stage: 'full' }, 2, { ...PROPOSAL, months: 10 }),
        }),
      ),
    ).toMatchObject({
      status: 'draft',
      contentVersion: 2,
      content: { months: 10 },
    });
    expect(
      given(Proposal, [proposalDrafted, [ProposalRevised({ changes: {}, version: 2, hash: HASH }), { person: id(140) }]]).state
        .authorIds,
    ).toContain(id(140));
  });

  it('lets the lead alone name the partners', () => {
    given(Proposal, [proposalDrafted])
      .when((state) => reviseProposal(state, { partnerIds: [] }, OPEN_MEADOW, need))
      .refused('lead_only');
  });

  it('is over once review has started', () => {
    given(Proposal, inReviewPast)
      .when((state) => reviseProposal(state, { months: 10 }, LANTERN, need))
      .refused('wrong_state');
  });
});

describe('submitProposal', () => {
  const submit = (past: readonly Past[], on = need, hash = HASH, at = day(18)) =>
    given(Proposal, past).when((state) => [...submitProposal(state, on, Intake.initial, { id: id(2), hash, at }).events]);

  it('stands by one version, and the intake receives it once', () => {
    submit([proposalDrafted]).then(submittedEvent);
    const state = fold(Proposal, [proposalDrafted]);
    const received = IntakeProposalReceived({ proposalId: id(2), leadId: LANTERN });
    const step = { id: id(2), hash: HASH, at: day(18) };
    expect(submitProposal(state, need, Intake.initial, step).onIntake).toEqual([received]);
    expect(submitProposal(state, need, fold(Intake, [received]), step).onIntake).toEqual([]);
  });

  it('refuses an old hash (R26), an incomplete text and a late hour', () => {
    submit([proposalDrafted], need, 'f'.repeat(64)).refused('stale_version');
    const { months: _months, ...short } = PROPOSAL;
    const hash = proposalHash({ ...PARTIES, stage: 'full' }, 1, short);
    submit([ProposalDrafted({ ...PARTIES, stage: 'full', content: short, version: 1, hash })], need, hash).refused('incomplete', {
      gaps: [expect.objectContaining({ code: 'months_missing' })],
    });
    submit([proposalDrafted], need, HASH, day(21)).refused('intake_closed');
    submit([proposalDrafted], fold(Need, matchingPast)).refused('wrong_state');
  });

  it('takes an invited full proposal while the need is matching', () => {
    const hash = proposalHash({ ...PARTIES, stage: 'full' }, 2, PROPOSAL);
    submit(
      [...inReviewPast, FullProposalInvited(PARTIES), ProposalStageOpened({ version: 2, hash })],
      fold(Need, matchingPast),
      hash,
      day(30),
    ).then(ProposalSubmitted({ ...PARTIES, partnerIds: [OPEN_MEADOW], stage: 'full', version: 2, hash }));
  });
});

describe('withdrawProposal', () => {
  const intake = fold(Intake, intakePast);

  it('is possible until the decision, and leaves the intake', () => {
    const outcome = withdrawProposal(fold(Proposal, inReviewPast), intake, id(2), reason);
    expect(outcome).toEqual({
      events: [ProposalWithdrawn({ ...PARTIES, reason })],
      onIntake: [IntakeProposalLeft({ proposalId: id(2) })],
    });
    given(Proposal, [...inReviewPast, ProposalWithdrawn({ ...PARTIES, reason })])
      .when((state) => [...withdrawProposal(state, intake, id(2), reason).events])
      .refused('wrong_state');
  });

  it('tells the intake nothing of a draft it never received', () => {
    expect(withdrawProposal(fold(Proposal, [proposalDrafted]), intake, id(7), reason).onIntake).toEqual([]);
  });
});
