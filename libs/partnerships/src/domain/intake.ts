import { defineAggregate, defineEvent, Id, Refused, requireState, type DomainEvent, type Reason, z } from '@concord/kernel';
import { ConflictNature, NeedReviewerAppointed, NeedReviewerDismissed } from '@concord/contracts';
import type { NeedState } from './need.js';

/** A proposal was submitted for the first time: the list exists because closing intake has to reach each of them. */
export const IntakeProposalReceived = defineEvent('IntakeProposalReceived', z.strictObject({ proposalId: Id, leadId: Id }));

/** A proposal was taken back. */
export const IntakeProposalLeft = defineEvent('IntakeProposalLeft', z.strictObject({ proposalId: Id }));

/** The acting reviewer has an interest in one of the proposals and cannot score any (R25). */
export const ReviewerConflictDeclared = defineEvent('ReviewerConflictDeclared', z.strictObject({ nature: ConflictNature }));

/** A person who scores. */
export interface Reviewer {
  readonly personId: string;
  readonly conflict?: ConflictNature;
}

/** Who proposes to a need and who judges. */
export interface IntakeState {
  readonly proposals: readonly { readonly proposalId: string; readonly leadId: string }[];
  readonly reviewers: readonly Reviewer[];
}

/**
 * One stream per need, its id is `derivedId('intake', needId)`. It has no address of its own: a need's history is public, and rivals
 * must not read there who else proposes, nor anybody who the reviewers are.
 */
export const Intake = defineAggregate({
  kind: 'intake',
  initial: { proposals: [], reviewers: [] } as IntakeState,
  events: [IntakeProposalReceived, IntakeProposalLeft, NeedReviewerAppointed, NeedReviewerDismissed, ReviewerConflictDeclared],
  evolve: {
    IntakeProposalReceived: (state, data) => ({ ...state, proposals: [...state.proposals, data] }),
    IntakeProposalLeft: (state, data) => ({
      ...state,
      proposals: state.proposals.filter((one) => one.proposalId !== data.proposalId),
    }),
    NeedReviewerAppointed: (state, data) => ({ ...state, reviewers: [...state.reviewers, { personId: data.personId }] }),
    NeedReviewerDismissed: (state, data) => ({
      ...state,
      reviewers: state.reviewers.filter((one) => one.personId !== data.personId),
    }),
    ReviewerConflictDeclared: (state, data, meta) => ({
      ...state,
      reviewers: state.reviewers.map((one) => (one.personId === meta.person ? { ...one, conflict: data.nature } : one)),
    }),
  },
});

/** Proposals one need may have at a time: closing intake starts the review of all of them in one write. */
export const PROPOSALS_MAX = 100;

/** Persons who may review one need. */
export const REVIEWERS_MAX = 20;

/** Ids of the reviewers, conflict or not: all of them may read what they are asked about. */
export const reviewerIdsOf = (state: IntakeState): string[] => state.reviewers.map((reviewer) => reviewer.personId);

/**
 * A submitted proposal is on the list from its first submission on. Refused `already_proposed` when the lead has another one in,
 * `proposals_full` beyond PROPOSALS_MAX.
 */
export function receiveProposal(state: IntakeState, proposalId: string, leadId: string): DomainEvent[] {
  if (state.proposals.some((one) => one.proposalId === proposalId)) return [];
  const other = state.proposals.find((one) => one.leadId === leadId);
  if (other) {
    throw new Refused('already_proposed', 'Your organisation has a proposal to this need already. Revise or withdraw that one.', {
      proposalId: other.proposalId,
    });
  }
  if (state.proposals.length >= PROPOSALS_MAX) {
    throw new Refused('proposals_full', `This need takes ${PROPOSALS_MAX} proposals, and has them.`, { max: PROPOSALS_MAX });
  }
  return [IntakeProposalReceived({ proposalId, leadId })];
}

/** A withdrawn proposal leaves the list, if it ever was on it. */
export const releaseProposal = (state: IntakeState, proposalId: string): DomainEvent[] =>
  state.proposals.some((one) => one.proposalId === proposalId) ? [IntakeProposalLeft({ proposalId })] : [];

/** Asks a person to score the proposals; a person who is a reviewer already stays one. */
export function appointReviewer(state: IntakeState, need: NeedState, needId: string, personId: string): DomainEvent[] {
  requireState('need', need.status, 'published', 'matching');
  if (state.reviewers.some((reviewer) => reviewer.personId === personId)) return [];
  if (state.reviewers.length >= REVIEWERS_MAX) {
    throw new Refused('reviewers_full', `A need can have ${REVIEWERS_MAX} reviewers, and has. Dismiss one first.`, {
      max: REVIEWERS_MAX,
    });
  }
  return [NeedReviewerAppointed({ needId, organisationId: need.organisationId, personId })];
}

/** Takes a reviewer off. Somebody with a declared conflict stays on record, so that they cannot be appointed afresh without it. */
export function dismissReviewer(
  state: IntakeState,
  need: NeedState,
  needId: string,
  personId: string,
  reason: Reason,
): DomainEvent {
  requireState('need', need.status, 'published', 'matching');
  if (requireReviewer(state, personId).conflict !== undefined) {
    throw new Refused(
      'conflict_of_interest',
      'This reviewer declared a conflict and scores nothing anyway; the declaration stays on record.',
    );
  }
  return NeedReviewerDismissed({ needId, organisationId: need.organisationId, personId, reason });
}

/** The acting reviewer says that they have an interest. It cannot be taken back; saying it again changes nothing. */
export function declareConflict(state: IntakeState, need: NeedState, personId: string, nature: ConflictNature): DomainEvent[] {
  requireState('need', need.status, 'published', 'matching');
  return requireReviewer(state, personId).conflict === undefined ? [ReviewerConflictDeclared({ nature })] : [];
}

/** The reviewer entry of a person; refused `not_a_reviewer` without one. */
export function requireReviewer(state: IntakeState, personId: string): Reviewer {
  const reviewer = state.reviewers.find((one) => one.personId === personId);
  if (reviewer) return reviewer;
  throw new Refused(
    'not_a_reviewer',
    'You are not a reviewer of this need, or the person named is not. The owner appoints reviewers.',
    { personId },
  );
}
