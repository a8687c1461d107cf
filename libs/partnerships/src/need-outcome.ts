import { NeedOutcome, NeedReview } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { everyone, memberOf, signedIn } from '@concord/access';
import { defineQuery, type Database } from '@concord/platform';
import { z } from 'zod';
import { Intake } from './domain/intake.js';
import type { NeedState } from './domain/need.js';
import type { ProposalState } from './domain/proposal.js';
import { intakeOf, needs } from './needs.js';
import { needReadable } from './policy.js';
import { stateOf } from './state-of.js';

interface Decided {
  readonly id: string;
  readonly state: ProposalState;
}

const decidedOf = (db: Database, needId: string) =>
  db.query<Decided>(
    `SELECT s.id, s.state FROM proposals v JOIN streams s ON s.id = v.id
      WHERE v.need_id = $1 AND v.status IN ('accepted', 'declined') ORDER BY v.updated_at, v.id LIMIT 200`,
    [needId],
  );

const acceptedAs = ({ id, state }: Decided) => ({
  proposalId: id,
  leadId: state.leadId,
  partnerIds: state.content.partnerIds,
  title: state.content.title,
  summary: state.content.summary,
  hash: state.hash,
  meanScore: state.meanScore,
});

/** GET /needs/{id}/outcome: the whole accepted text stays with those it concerns, the public reads its summary. */
export const getNeedOutcome = defineQuery({
  name: 'getNeedOutcome',
  summary: 'The award of a need with a summary of the accepted proposal, and each decline with its reason and mean score (R32)',
  path: '/needs/:id/outcome',
  query: z.strictObject({}),
  output: NeedOutcome,
  allows: everyone,
  run: async ({ params, subject, db }) => {
    const id = Id.safeParse(params['id']);
    const need = id.success ? await stateOf(db, needs.aggregate, id.data) : undefined;
    if (!id.success || !need || !needReadable.permits(subject, need)) return { body: undefined };
    const decided = await decidedOf(db, id.data);
    const accepted = decided.find(({ state }) => state.status === 'accepted');
    return {
      body: {
        needId: id.data,
        status: need.status as z.infer<typeof NeedOutcome>['status'],
        award: need.award,
        ...(accepted ? { accepted: acceptedAs(accepted) } : {}),
        declined: decided
          .filter(({ state }) => state.status === 'declined')
          .map(({ id: proposalId, state }) => ({
            proposalId,
            leadId: state.leadId,
            reason: state.reason,
            meanScore: state.meanScore,
          })),
      },
    };
  },
});

const ownerMember = memberOf('the owner of the need', (need: NeedState) => need.organisationId);

/** GET /needs/{id}/review */
export const getNeedReview = defineQuery({
  name: 'getNeedReview',
  summary: 'Reviewers and number of proposals, for members of the owner; a reviewer reads their own entry',
  path: '/needs/:id/review',
  query: z.strictObject({}),
  output: NeedReview,
  allows: signedIn,
  run: async ({ params, subject, db }) => {
    const id = Id.safeParse(params['id']);
    const need = id.success ? await stateOf(db, needs.aggregate, id.data) : undefined;
    if (!id.success || !need || !subject || !needReadable.permits(subject, need)) return { body: undefined };
    const intake = (await stateOf(db, Intake, intakeOf(id.data).id)) ?? Intake.initial;
    if (ownerMember.permits(subject, need)) {
      return { body: { needId: id.data, proposalCount: intake.proposals.length, reviewers: [...intake.reviewers] } };
    }
    const own = intake.reviewers.filter((reviewer) => reviewer.personId === subject.person);
    return { body: own.length === 0 ? undefined : { needId: id.data, reviewers: own } };
  },
});
