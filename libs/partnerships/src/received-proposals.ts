import type { Reason } from '@concord/kernel';
import type { Decision } from '@concord/platform';
import { reviewerIdsOf, type IntakeState } from './domain/intake.js';
import { declineWithNeed, reassignReviewers, startReview } from './domain/proposal-review.js';
import { Proposal } from './domain/proposal.js';
import { tally } from './domain/review.js';
import { intakeOf } from './needs.js';
import { reviewOf } from './proposals.js';

// Steps on a need that reach every proposal it received, in the same write. Their number is bounded by PROPOSALS_MAX.

/** Proposals a need received and reviewers it has. */
export function readIntake(decision: Decision, needId: string): IntakeState {
  const { aggregate, id } = intakeOf(needId);
  return decision.read(aggregate, id).state;
}

/** Full scores that count on a version of a proposal, and their mean. */
export function tallyOf(decision: Decision, intake: IntakeState, proposalId: string, hash: string) {
  const { aggregate, id } = reviewOf(proposalId);
  return tally(decision.read(aggregate, id).state, hash, intake.reviewers);
}

/** Intake closed: starts the review of each submitted proposal and returns their ids. */
export function startReviews(decision: Decision, needId: string): string[] {
  const intake = readIntake(decision, needId);
  const reviewerIds = reviewerIdsOf(intake);
  return intake.proposals.flatMap(({ proposalId }) => {
    const events = startReview(decision.read(Proposal, proposalId).state, reviewerIds);
    if (events.length === 0) return [];
    decision.append(Proposal, proposalId, ...events);
    return [proposalId];
  });
}

/** Reviewers came or went: tells each proposal in review who may read and score it now. */
export function reassign(decision: Decision, needId: string): void {
  const intake = readIntake(decision, needId);
  const reviewerIds = reviewerIdsOf(intake);
  for (const { proposalId } of intake.proposals) {
    const events = reassignReviewers(decision.read(Proposal, proposalId).state, reviewerIds);
    if (events.length > 0) decision.append(Proposal, proposalId, ...events);
  }
}

/** The need is gone: declines every undecided proposal, but for the one that got it. */
export function declineAll(decision: Decision, needId: string, reason: Reason, accepted?: string): void {
  const intake = readIntake(decision, needId);
  for (const { proposalId } of intake.proposals) {
    if (proposalId === accepted) continue;
    const { state } = decision.read(Proposal, proposalId);
    const { meanScore } = tallyOf(decision, intake, proposalId, state.hash);
    const events = declineWithNeed(state, reason, meanScore);
    if (events.length > 0) decision.append(Proposal, proposalId, ...events);
  }
}
