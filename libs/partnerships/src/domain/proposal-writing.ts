import { isAfter, Refused, requireHash, requireState, type DomainEvent, type Reason } from '@concord/kernel';
import { type DraftProposalInput, ProposalSubmitted, ProposalWithdrawn, type ReviseProposalInput } from '@concord/contracts';
import { type IntakeState, receiveProposal, releaseProposal } from './intake.js';
import type { NeedState } from './need.js';
import {
  type ProposalContent,
  ProposalDrafted,
  proposalHash,
  ProposalRevised,
  revisedContent,
  type ProposalState,
} from './proposal.js';

/** The lead and the organisations that write with it. */
export const writersOf = (state: ProposalState): readonly string[] => [state.leadId, ...state.content.partnerIds];

/** Ids and roles that every public event of a proposal carries. */
export const partiesOf = (state: ProposalState) => ({ needId: state.needId, ownerId: state.ownerId, leadId: state.leadId });

function requirePartners(content: ProposalContent, leadId: string, ownerId: string): void {
  const { partnerIds } = content;
  if (partnerIds.includes(ownerId)) {
    throw new Refused(
      'own_need',
      'The owner of the need decides about its proposals and cannot be a partner in one. Take it off the list.',
    );
  }
  if (partnerIds.includes(leadId) || new Set(partnerIds).size !== partnerIds.length) {
    throw new Refused('partner_listed_twice', 'Name each partner once, without the lead.', { partnerIds });
  }
}

function requireKnownCriteria(content: ProposalContent, need: NeedState): void {
  const known = need.content.criteria.map((criterion) => criterion.criterionId);
  const ids = content.answers.map((answer) => answer.criterionId);
  if (new Set(ids).size === ids.length && ids.every((id) => known.includes(id))) return;
  throw new Refused('unknown_criterion', 'Answer each criterion of the need at most once, and no others.', { criterionIds: known });
}

/** Begins a proposal to a published need; the acting organisation leads. Its own need is refused `own_need`. */
export function draftProposal(input: DraftProposalInput, leadId: string, need: NeedState): DomainEvent {
  if (need.publishedAt === undefined) {
    throw new Refused('not_found', 'There is no such need. Look for published needs in the list.', { needId: input.needId });
  }
  requireState('need', need.status, 'published');
  if (need.organisationId === leadId) {
    throw new Refused(
      'own_need',
      'Your organisation owns this need and decides about its proposals. Another organisation has to propose.',
    );
  }
  const { id: _id, needId, stage, ...content } = input;
  requirePartners(content, leadId, need.organisationId);
  requireKnownCriteria(content, need);
  return ProposalDrafted({
    needId,
    ownerId: need.organisationId,
    leadId,
    stage,
    content,
    version: 1,
    hash: proposalHash({ needId, leadId, stage }, 1, content),
  });
}

/**
 * Changes a proposal, which is then a draft again, with a new version and hash. Co-authors revise too, but only the lead says who
 * the partners are: a partner could otherwise put the others out.
 */
export function reviseProposal(
  state: ProposalState,
  input: ReviseProposalInput,
  organisation: string,
  need: NeedState,
): DomainEvent[] {
  requireState('proposal', state.status, 'draft', 'submitted');
  if (Object.values(input).every((value) => value === undefined)) return [];
  if (input.partnerIds !== undefined && organisation !== state.leadId) {
    throw new Refused('lead_only', 'Only the lead names the partners. Leave partnerIds out, or ask the lead.', {
      leadId: state.leadId,
    });
  }
  const content = revisedContent(state.content, input);
  requirePartners(content, state.leadId, state.ownerId);
  requireKnownCriteria(content, need);
  const version = state.contentVersion + 1;
  return [ProposalRevised({ changes: input, version, hash: proposalHash(state, version, content) })];
}

function requireComplete(state: ProposalState, need: NeedState): void {
  if (state.stage === 'concept_note') return;
  const { approach, months, answers } = state.content;
  const open = need.content.criteria.filter((one) => !answers.some((answer) => answer.criterionId === one.criterionId));
  const gaps = [
    ...(approach === undefined ? [{ code: 'approach_missing', pointer: '/approach', message: 'Describe the approach.' }] : []),
    ...(months === undefined ? [{ code: 'months_missing', pointer: '/months', message: 'Say how many months it takes.' }] : []),
    ...open.map((one) => ({ code: 'answer_missing', pointer: '/answers', message: `Answer the criterion "${one.title}".` })),
  ];
  if (gaps.length === 0) return;
  throw new Refused('incomplete', `The proposal is not ready: ${gaps.map((gap) => gap.message).join(' ')}`, { gaps });
}

/** Is intake open for this proposal: for all until it closes, for an invited full proposal also while the need is matching. */
function requireIntakeOpen(state: ProposalState, need: NeedState, at: string): void {
  if (state.invited && need.status === 'matching') return;
  requireState('need', need.status, 'published');
  if (isAfter(need.content.intakeClosesAt ?? at, at)) return;
  throw new Refused('intake_closed', 'Intake has closed; no more proposals are taken.', {
    intakeClosesAt: need.content.intakeClosesAt ?? null,
  });
}

/** What a step does to the proposal and to the intake of its need. */
export interface WithIntake {
  readonly events: readonly DomainEvent[];
  readonly onIntake: readonly DomainEvent[];
}

/** The lead stands by one version (R26); the intake of the need receives it, where it has not before. */
export function submitProposal(
  state: ProposalState,
  need: NeedState,
  intake: IntakeState,
  { id, hash, at }: { readonly id: string; readonly hash: string; readonly at: string },
): WithIntake {
  requireState('proposal', state.status, 'draft');
  requireHash('proposal', hash, state.hash);
  requireIntakeOpen(state, need, at);
  requireComplete(state, need);
  const { stage, contentVersion: version } = state;
  return {
    events: [ProposalSubmitted({ ...partiesOf(state), partnerIds: [...state.content.partnerIds], stage, version, hash })],
    onIntake: receiveProposal(intake, id, state.leadId),
  };
}

/** The lead takes the proposal back, until it is decided. */
export function withdrawProposal(state: ProposalState, intake: IntakeState, id: string, reason: Reason): WithIntake {
  requireState('proposal', state.status, 'draft', 'submitted', 'in_review', 'shortlisted');
  return { events: [ProposalWithdrawn({ ...partiesOf(state), reason })], onIntake: releaseProposal(intake, id) };
}
