import { ApiProblem } from '@concord/client';
import type { NeedResource, NeedReview, ProposalResource, ProposalScores } from '@concord/contracts';
import { redirect } from 'react-router';
import type { z } from 'zod';
import { absent } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';

/** A proposal as the API shows it. */
export type Proposal = z.output<typeof ProposalResource>;
/** The need it answers. */
export type Need = z.output<typeof NeedResource>;
/** Reviewers of a need. */
export type Review = z.output<typeof NeedReview>;
/** Marks on a proposal. */
export type Scores = z.output<typeof ProposalScores>;

type Params = Readonly<Record<string, string | undefined>>;

/** Address of a proposal in the API. */
export const proposalPath = (params: Params): string => `/proposals/${encodeURIComponent(params['id'] ?? '')}`;

/** The proposal of the address with its ETag, and its need. */
export async function proposalOf(visit: Visit, params: Params) {
  const { body: proposal, etag } = await visit.api.get<Proposal>(proposalPath(params));
  const { body: need } = await visit.api.get<Need>(`/needs/${proposal.needId}`);
  return { proposal, etag, need };
}

/** As `proposalOf`, for those who write it and while they may; anybody else is sent to its page. */
export async function writtenProposal(visit: Visit, params: Params) {
  const found = await proposalOf(visit, params);
  const { id, leadId, partnerIds, status } = found.proposal;
  const acting = visit.acting?.id ?? '';
  if (acting !== leadId && !partnerIds.includes(acting)) throw absent(visit);
  if (status !== 'draft' && status !== 'submitted') throw redirect(visit.href(`/proposals/${id}`));
  return found;
}

/** Who judges the proposals of a need, as far as this reader may know; undefined for those who have no part in it. */
export async function reviewFor(visit: Visit, needId: string): Promise<Review | undefined> {
  try {
    return (await visit.api.get<Review>(`/needs/${encodeURIComponent(needId)}/review`)).body;
  } catch (error) {
    // Most readers are neither of the owner nor reviewers: for them there is no such thing.
    if (error instanceof ApiProblem && (error.status === 404 || error.status === 401 || error.status === 403)) return undefined;
    throw error;
  }
}
