import type { Visit } from '../../server/visit.server.js';
import { reviewFor, type Proposal, type Scores } from '../proposals/proposal.server.js';

/** Ids of the proposals that the reader, as a reviewer without a conflict, has not marked in their present version. */
export async function toScore(visit: Visit, proposals: readonly Proposal[]): Promise<ReadonlySet<string>> {
  const person = visit.session?.personId;
  const acting = visit.acting?.id ?? '';
  const others = proposals.filter(
    ({ status, leadId, partnerIds }) => status === 'in_review' && leadId !== acting && !partnerIds.includes(acting),
  );
  const needs = [...new Set(others.map(({ needId }) => needId))];
  const judged = await Promise.all(
    needs.map(async (id) => {
      const own = (await reviewFor(visit, id))?.reviewers.find(({ personId }) => personId === person);
      return own !== undefined && own.conflict === undefined ? [id] : [];
    }),
  );
  const mine = others.filter(({ needId }) => judged.flat().includes(needId));
  const open = await Promise.all(
    mine.map(async ({ id }) => {
      const { body } = await visit.api.get<Scores>(`/proposals/${id}/scores`);
      return body.sheets.some(({ personId }) => personId === person) ? [] : [id];
    }),
  );
  return new Set(open.flat());
}
