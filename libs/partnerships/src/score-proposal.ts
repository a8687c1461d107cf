import { ProposalScores, ScoreProposalInput } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { signedIn } from '@concord/access';
import { defineCommand, defineQuery } from '@concord/platform';
import { z } from 'zod';
import { Intake, type IntakeState } from './domain/intake.js';
import { Need } from './domain/need.js';
import { requireMayScore } from './domain/proposal-review.js';
import type { ProposalState } from './domain/proposal.js';
import { counts, Review, scoreProposal as decideScore, tally, type ReviewState } from './domain/review.js';
import { intakeOf } from './needs.js';
import { proposalReadable, reviewer } from './policy.js';
import { proposals, reviewOf } from './proposals.js';
import { readIntake } from './received-proposals.js';
import { stateOf } from './state-of.js';

/** POST /proposals/{id}/score */
export const scoreProposal = defineCommand({
  name: 'scoreProposal',
  summary: 'An appointed reviewer gives marks 0 to 10 on this version; not with a conflict (R25), not on own work (R22)',
  on: proposals,
  verb: 'score',
  input: ScoreProposalInput,
  allows: reviewer,
  decide: (decision) => {
    const { id, state, input, subject } = decision;
    requireMayScore(state, readIntake(decision, state.needId), subject, input.hash);
    const { criteria } = decision.read(Need, state.needId).state.content;
    const review = reviewOf(id);
    const event = decideScore(decision.read(review.aggregate, review.id).state, criteria, subject.person, input);
    // The marks are not part of the proposal's own stream, which its lead may read.
    decision.append(review.aggregate, review.id, event);
  },
});

/** Who reads the marks: the owner's members all of them, a reviewer the own ones, authors all without names once it is decided. */
function sheetsFor(
  reader: { readonly person: string; readonly organisation?: string | undefined },
  proposal: ProposalState,
  review: ReviewState,
) {
  const current = review.sheets.filter((sheet) => sheet.hash === proposal.hash);
  if (reader.organisation === proposal.ownerId) return current.map((sheet) => ({ sheet, named: true }));
  if (proposal.reviewerIds.includes(reader.person)) {
    return current.filter((sheet) => sheet.personId === reader.person).map((sheet) => ({ sheet, named: true }));
  }
  const decided = proposal.status === 'accepted' || proposal.status === 'declined';
  return decided ? current.map((sheet) => ({ sheet, named: false })) : [];
}

/** GET /proposals/{id}/scores */
export const getProposalScores = defineQuery({
  name: 'getProposalScores',
  summary: 'Marks on the current version: for the owner, a reviewer’s own, and for the authors, without names, once it is decided',
  path: '/proposals/:id/scores',
  query: z.strictObject({}),
  output: ProposalScores,
  allows: signedIn,
  run: async ({ params, subject, db }) => {
    const id = Id.safeParse(params['id']);
    const proposal = id.success ? await stateOf(db, proposals.aggregate, id.data) : undefined;
    if (!id.success || !subject || !proposal || !proposalReadable.permits(subject, proposal)) return { body: undefined };
    const review = (await stateOf(db, Review, reviewOf(id.data).id)) ?? Review.initial;
    const intake: IntakeState = (await stateOf(db, Intake, intakeOf(proposal.needId).id)) ?? Intake.initial;
    const visible = sheetsFor(subject, proposal, review);
    const whole = subject.organisation === proposal.ownerId || proposal.status === 'accepted' || proposal.status === 'declined';
    return {
      body: {
        hash: proposal.hash,
        sheets: visible.map(({ sheet, named }) => ({
          ...(named ? { personId: sheet.personId } : {}),
          marks: [...sheet.marks],
          result: sheet.result,
          counts: counts(sheet, proposal.hash, intake.reviewers),
        })),
        ...(whole
          ? tally(review, proposal.hash, intake.reviewers)
          : { fullCount: visible.filter(({ sheet }) => sheet.result !== undefined).length }),
      },
    };
  },
});
