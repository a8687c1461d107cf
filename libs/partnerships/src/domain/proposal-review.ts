import { Refused, requireHash, requireState, twoPerson, type DomainEvent, type Reason } from '@concord/kernel';
import {
  FullProposalInvited,
  ProposalAccepted,
  ProposalDeclined,
  ProposalReviewStarted,
  ProposalShortlisted,
} from '@concord/contracts';
import { type IntakeState, requireReviewer } from './intake.js';
import type { NeedState } from './need.js';
import { partiesOf, writersOf } from './proposal-writing.js';
import {
  ProposalApprovalGiven,
  proposalHash,
  ProposalReviewersAssigned,
  ProposalStageOpened,
  type ProposalState,
} from './proposal.js';
import { requireNoConflict, requireNotAuthor } from './uninvolved.js';

/** Full scores a proposal needs before it can be shortlisted (R25). */
export const FULL_SCORES_MIN = 2;

/** Somebody who decides or scores. */
export interface Judge {
  readonly person: string;
  readonly organisation?: string | undefined;
}

/** Refuses whoever wrote the proposal (R22) or declared a conflict on its need (R25). */
function requireUninvolved(state: ProposalState, intake: IntakeState, person: string): void {
  requireNotAuthor(state.authorIds, person);
  requireNoConflict(intake.reviewers, person);
}

/** Intake closed: a submitted proposal goes into review, with the reviewers of the need. Others stay where they are. */
export function startReview(state: ProposalState, reviewerIds: readonly string[]): DomainEvent[] {
  if (state.status !== 'submitted') return [];
  return [ProposalReviewersAssigned({ reviewerIds: [...reviewerIds] }), ProposalReviewStarted(partiesOf(state))];
}

/** Reviewers came or went while the proposal is in review. */
export function reassignReviewers(state: ProposalState, reviewerIds: readonly string[]): DomainEvent[] {
  if (state.status !== 'in_review' && state.status !== 'shortlisted') return [];
  return [ProposalReviewersAssigned({ reviewerIds: [...reviewerIds] })];
}

/** May this reviewer score this version? Appointed, without a conflict, not its author, not acting for an organisation that proposes. */
export function requireMayScore(state: ProposalState, intake: IntakeState, judge: Judge, hash: string): void {
  requireState('proposal', state.status, 'in_review');
  requireReviewer(intake, judge.person);
  requireUninvolved(state, intake, judge.person);
  if (judge.organisation !== undefined && writersOf(state).includes(judge.organisation)) {
    throw new Refused(
      'conflict_of_interest',
      'The organisation you act for proposes here, so you cannot score. Declare the conflict.',
    );
  }
  requireHash('proposal', hash, state.hash);
}

/** Keeps the proposal in the race, once two full scores are in (R25). */
export function shortlistProposal(state: ProposalState, intake: IntakeState, judge: Judge, fullCount: number): DomainEvent {
  requireState('proposal', state.status, 'in_review');
  requireUninvolved(state, intake, judge.person);
  if (fullCount < FULL_SCORES_MIN) {
    throw new Refused(
      'review_incomplete',
      `A proposal needs ${FULL_SCORES_MIN} full scores before it is shortlisted; this one has ${fullCount}.`,
      {
        fullCount,
        needed: FULL_SCORES_MIN,
      },
    );
  }
  return ProposalShortlisted(partiesOf(state));
}

/** Asks for the full proposal behind a shortlisted concept note: a draft again, of a new version. */
export function inviteFullProposal(state: ProposalState, need: NeedState): DomainEvent[] {
  requireState('proposal', state.status, 'shortlisted');
  requireState('need', need.status, 'matching', 'published');
  if (state.stage !== 'concept_note') {
    throw new Refused('already_full', 'This is a full proposal. Accept or decline it.', { stage: state.stage });
  }
  const version = state.contentVersion + 1;
  const hash = proposalHash({ ...state, stage: 'full' }, version, state.content);
  return [FullProposalInvited(partiesOf(state)), ProposalStageOpened({ version, hash })];
}

/**
 * An approver of the owner accepts one version (R26); the first approval waits for a second person (R23). With the second the
 * project's id is spent. Needs a shortlisted full proposal and a need that is still matching (R28).
 */
export function acceptProposal(
  state: ProposalState,
  { need, intake }: { readonly need: NeedState; readonly intake: IntakeState },
  judge: Judge,
  { hash, projectId, meanScore }: { readonly hash: string; readonly projectId: string; readonly meanScore: number },
): { readonly accepted: boolean; readonly event: DomainEvent } {
  requireState('proposal', state.status, 'shortlisted');
  requireState('need', need.status, 'matching');
  if (state.stage !== 'full') {
    throw new Refused('full_proposal_needed', 'A concept note cannot be accepted. Invite the full proposal first.', {
      stage: state.stage,
    });
  }
  requireHash('proposal', hash, state.hash);
  requireUninvolved(state, intake, judge.person);
  const of = `accept:${hash}`;
  if (twoPerson(state.pendingApproval, of, judge.person) === 'first')
    return { accepted: false, event: ProposalApprovalGiven({ of }) };
  const { country = '', sdgTargets, lines } = need.content;
  return {
    accepted: true,
    event: ProposalAccepted({
      ...partiesOf(state),
      partnerIds: [...state.content.partnerIds],
      projectId,
      title: state.content.title,
      hash,
      meanScore,
      country,
      sdgTargets,
      lines,
    }),
  };
}

const declined = (state: ProposalState, reason: Reason, meanScore: number | undefined) =>
  ProposalDeclined({ ...partiesOf(state), reason, ...(meanScore === undefined ? {} : { meanScore }) });

/** An approver of the owner declines, with a public reason (R32). */
export function declineProposal(
  state: ProposalState,
  intake: IntakeState,
  judge: Judge,
  reason: Reason,
  meanScore?: number,
): DomainEvent {
  requireState('proposal', state.status, 'in_review', 'shortlisted');
  requireUninvolved(state, intake, judge.person);
  return declined(state, reason, meanScore);
}

/** The need is gone: to a rival, or altogether. Every proposal that was received and is undecided is declined in the same write. */
export function declineWithNeed(state: ProposalState, reason: Reason, meanScore?: number): DomainEvent[] {
  const undecided = ['draft', 'submitted', 'in_review', 'shortlisted'].includes(state.status);
  return undecided ? [declined(state, reason, meanScore)] : [];
}
