import { ProposalResource, ProposalStatus } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { signedIn } from '@concord/access';
import { defineList, defineResource, defineTable, searchText } from '@concord/platform';
import { derivedId } from './domain/derived-id.js';
import { Proposal, type ProposalState } from './domain/proposal.js';
import { writersOf } from './domain/proposal-writing.js';
import { Review } from './domain/review.js';
import { proposalReadable } from './policy.js';

const proposalsTable = defineTable({
  name: 'proposals',
  key: ['id'],
  columns: {
    id: 'uuid',
    need_id: 'text',
    owner_id: 'text',
    lead_id: 'text',
    writer_ids: 'text[]',
    reviewer_ids: 'text[]',
    received: 'boolean',
    status: 'text',
    search: 'text',
    updated_at: 'timestamptz',
  },
});

const proposalRow = (id: string, state: ProposalState) => ({
  id,
  need_id: state.needId,
  owner_id: state.ownerId,
  lead_id: state.leadId,
  writer_ids: [...writersOf(state)],
  reviewer_ids: [...state.reviewerIds],
  received: state.submittedAt !== undefined && state.status !== 'draft',
  status: state.status,
  search: searchText(state.content.title, state.content.summary),
  updated_at: state.updatedAt,
});

/** Proposals under /proposals. */
export const proposals = defineResource({
  aggregate: Proposal,
  plural: 'proposals',
  output: ProposalResource,
  readable: proposalReadable,
  present: ({ id, version, state, subject }) => {
    const { title, partnerIds, ...content } = state.content;
    const { status, stage, needId, ownerId, leadId, contentVersion, hash, submittedAt, updatedAt, pendingApproval, reason } = state;
    return {
      id,
      version,
      status: status as ProposalStatus,
      stage,
      needId,
      ownerId,
      leadId,
      partnerIds,
      title,
      contentVersion,
      hash,
      content,
      submittedAt,
      updatedAt,
      // Half an acceptance is the owner's affair: nobody may count on it yet.
      ...(pendingApproval && subject?.organisation === ownerId
        ? { pendingApproval: { of: pendingApproval.of, at: pendingApproval.at } }
        : {}),
      reason,
      meanScore: state.meanScore,
      projectId: state.projectId,
    };
  },
  view: { table: proposalsTable, row: proposalRow },
});

/** The stream with the marks on a proposal. */
export const reviewOf = (proposalId: string) => ({ aggregate: Review, id: derivedId('review', proposalId) });

/** GET /proposals: what the reader may see and nothing else. */
export const listProposals = defineList({
  name: 'listProposals',
  summary: 'Proposals that you lead, co-author, decide about or review; newest change first',
  resource: proposals,
  allows: signedIn,
  visible: (subject, bind) => {
    const person = bind(subject?.person ?? '');
    const organisation = bind(subject?.organisation ?? '');
    const suspended = subject?.standing === 'suspended' ? 'false' : 'true';
    return `${organisation}::text = ANY(v.writer_ids)
      OR (v.received AND (v.owner_id = ${organisation}::text OR (${suspended} AND ${person}::text = ANY(v.reviewer_ids))))`;
  },
  filters: {
    need: { column: 'need_id', match: 'is', value: Id },
    lead: { column: 'lead_id', match: 'is', value: Id },
    status: { column: 'status', match: 'is', value: ProposalStatus },
  },
  search: 'search',
  sorts: { updated: { column: 'updated_at', direction: 'desc' } },
  facets: ['status'],
});
