import fc from 'fast-check';
import { NeedReviewerAppointed, NeedReviewerDismissed } from '@concord/contracts';
import { Refused } from '@concord/kernel';
import { fold, given } from '@concord/testing';
import {
  appointReviewer,
  declareConflict,
  dismissReviewer,
  Intake,
  IntakeProposalLeft,
  IntakeProposalReceived,
  PROPOSALS_MAX,
  receiveProposal,
  releaseProposal,
  reviewerIdsOf,
  ReviewerConflictDeclared,
  REVIEWERS_MAX,
} from './intake.js';
import {
  BLUEFIN,
  drafted,
  id,
  intakePast,
  LANTERN,
  matchingPast,
  MINISTRY,
  NEED,
  publishedPast,
  REVIEWERS,
} from './lesson-need.js';
import { Need } from './need.js';

const reason = { code: 'unavailable', text: 'Left the ministry.' };
const appointed = (personId: string) => NeedReviewerAppointed({ needId: NEED, organisationId: MINISTRY, personId });
const conflict = [ReviewerConflictDeclared({ nature: 'employment' }), { person: REVIEWERS[3] }] as const;
const need = fold(Need, publishedPast);

describe('received proposals', () => {
  it('are listed from the first submission on', () => {
    given(Intake, [])
      .when((intake) => receiveProposal(intake, id(2), LANTERN))
      .then(IntakeProposalReceived({ proposalId: id(2), leadId: LANTERN }));
    given(Intake, intakePast)
      .when((intake) => receiveProposal(intake, id(2), LANTERN))
      .then();
  });

  it('are one per lead and a bounded number per need', () => {
    given(Intake, intakePast)
      .when((intake) => receiveProposal(intake, id(9), LANTERN))
      .refused('already_proposed', { proposalId: id(2) });
    const full = Array.from({ length: PROPOSALS_MAX }, (_, n) =>
      IntakeProposalReceived({ proposalId: id(1000 + n), leadId: id(2000 + n) }),
    );
    given(Intake, full)
      .when((intake) => receiveProposal(intake, id(2), LANTERN))
      .refused('proposals_full');
  });

  it('leave when they are withdrawn', () => {
    const state = given(Intake, intakePast)
      .when((intake) => releaseProposal(intake, id(2)))
      .then(IntakeProposalLeft({ proposalId: id(2) }));
    expect(state.proposals).toEqual([{ proposalId: id(3), leadId: BLUEFIN }]);
    given(Intake, [])
      .when((intake) => releaseProposal(intake, id(2)))
      .then();
  });
});

describe('reviewers', () => {
  it('are appointed once, up to a limit, for an open need', () => {
    given(Intake, [])
      .when((intake) => appointReviewer(intake, need, NEED, id(110)))
      .then(appointed(id(110)));
    given(Intake, [appointed(id(110))])
      .when((intake) => appointReviewer(intake, need, NEED, id(110)))
      .then();
    given(Intake, [])
      .when((intake) => appointReviewer(intake, fold(Need, [drafted]), NEED, id(110)))
      .refused('wrong_state');
    const full = Array.from({ length: REVIEWERS_MAX }, (_, n) => appointed(id(1000 + n)));
    given(Intake, full)
      .when((intake) => appointReviewer(intake, need, NEED, id(110)))
      .refused('reviewers_full');
  });

  it('declare a conflict about themselves, for good', () => {
    given(Intake, intakePast)
      .when((intake) => declareConflict(intake, need, REVIEWERS[3], 'employment'))
      .then(conflict[0]);
    const { state } = given(Intake, [...intakePast, conflict]);
    expect(state.reviewers[3]).toEqual({ personId: REVIEWERS[3], conflict: 'employment' });
    expect(reviewerIdsOf(state)).toEqual([...REVIEWERS]);
    given(Intake, [...intakePast, conflict])
      .when((intake) => declareConflict(intake, need, REVIEWERS[3], 'family'))
      .then();
    given(Intake, intakePast)
      .when((intake) => declareConflict(intake, need, id(1), 'family'))
      .refused('not_a_reviewer');
  });

  it('can be dismissed, except behind a declared conflict', () => {
    const matching = fold(Need, matchingPast);
    given(Intake, intakePast)
      .when((intake) => dismissReviewer(intake, matching, NEED, REVIEWERS[0], reason))
      .then(NeedReviewerDismissed({ needId: NEED, organisationId: MINISTRY, personId: REVIEWERS[0], reason }));
    given(Intake, [...intakePast, conflict])
      .when((intake) => dismissReviewer(intake, matching, NEED, REVIEWERS[3], reason))
      .refused('conflict_of_interest');
    given(Intake, intakePast)
      .when((intake) => dismissReviewer(intake, matching, NEED, id(1), reason))
      .refused('not_a_reviewer');
  });
});

describe('any sequence of steps', () => {
  it('keeps one proposal per lead, one entry per reviewer, and a declared conflict for ever', () => {
    const person = fc.integer({ min: 1, max: 4 }).map(id);
    const steps = fc.array(
      fc.record({
        step: fc.constantFrom('receive', 'release', 'appoint', 'dismiss', 'conflict'),
        person,
        proposal: fc.integer({ min: 5, max: 9 }).map(id),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        let state = Intake.initial;
        const conflicted = new Set<string>();
        for (const { step, person: who, proposal } of sequence) {
          const decide = {
            receive: () => receiveProposal(state, proposal, who),
            release: () => releaseProposal(state, proposal),
            appoint: () => appointReviewer(state, need, NEED, who),
            dismiss: () => [dismissReviewer(state, need, NEED, who, reason)],
            conflict: () => declareConflict(state, need, who, 'other'),
          };
          try {
            for (const event of decide[step as keyof typeof decide]()) state = Intake.evolve(state, event, { at: '', person: who });
            if (step === 'conflict') conflicted.add(who);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
          }
        }
        expect(new Set(state.proposals.map((one) => one.leadId)).size).toBe(state.proposals.length);
        expect(new Set(reviewerIdsOf(state)).size).toBe(state.reviewers.length);
        expect(
          state.reviewers
            .filter((one) => one.conflict)
            .map((one) => one.personId)
            .sort(),
        ).toEqual([...conflicted].sort());
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });
});
