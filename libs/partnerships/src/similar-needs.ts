import { CountryCode, NeedReadiness, SdgTarget, SimilarNeed } from '@concord/contracts';
import { Id, text } from '@concord/kernel';
import { anyOf, everyone, memberOf, signedIn } from '@concord/access';
import { defineQuery, type Database } from '@concord/platform';
import { z } from 'zod';
import { derivedId } from './domain/derived-id.js';
import { Country } from './domain/focal-points.js';
import { gapsOf, type Gap } from './domain/need-drafting.js';
import type { NeedState } from './domain/need.js';
import { needs, useCaseKey } from './needs.js';
import { needReadable } from './policy.js';
import { stateOf } from './state-of.js';

const SIMILAR_MAX = 10;

interface Likeness {
  readonly country: string;
  readonly sdgTargets: readonly string[];
  readonly useCase?: string | undefined;
  /** The need that is compared; it is not similar to itself. */
  readonly except?: string;
}

/** Open needs with the same country, one of the targets and, where it is known, the use case (R29); newest first. */
async function similarTo(db: Database, { country, sdgTargets, useCase, except }: Likeness) {
  const rows = await db.query<{ id: string; state: NeedState }>(
    `SELECT s.id, s.state FROM needs v JOIN streams s ON s.id = v.id
      WHERE v.public AND v.status IN ('published', 'matching', 'partnered') AND v.country = $1 AND v.sdg_targets && $2::text[]
        AND ($3::text IS NULL OR v.use_case = $3) AND ($4::uuid IS NULL OR v.id <> $4)
      ORDER BY v.listed_at DESC, v.id DESC LIMIT ${SIMILAR_MAX}`,
    [country, sdgTargets, useCase === undefined ? null : useCaseKey(useCase), except ?? null],
  );
  return rows.map(({ id, state }) => {
    const { title, sdgTargets: targets, useCase: itsUseCase } = state.content;
    const status = state.status as z.infer<typeof SimilarNeed>['status'];
    return { id, title, organisationId: state.organisationId, status, country, sdgTargets: targets, useCase: itsUseCase };
  });
}

/** GET /needs/similar */
export const listSimilarNeeds = defineQuery({
  name: 'listSimilarNeeds',
  summary: 'Published needs with the same country, SDG target and use case, to look at before posting another (R29)',
  path: '/needs/similar',
  query: z.strictObject({ country: CountryCode, sdgTarget: SdgTarget, useCase: text(100).optional() }),
  output: z.object({ items: z.array(SimilarNeed) }),
  allows: everyone,
  run: async ({ query, db }) => ({
    body: { items: await similarTo(db, { country: query.country, sdgTargets: [query.sdgTarget], useCase: query.useCase }) },
  }),
});

const mayPrepare = anyOf(
  memberOf('the owner of the need', (need: NeedState) => need.organisationId),
  memberOf('a focal point', (need: NeedState) => need.endorserIds),
);

/** Does the country ask, and has nobody endorsed yet? A published need is past that. */
async function endorsementGap(db: Database, { content, status }: NeedState): Promise<Gap[]> {
  if (content.country === undefined || (status !== 'draft' && status !== 'submitted')) return [];
  const country = await stateOf(db, Country, derivedId('country', content.country));
  if (!country || country.focalPointIds.length === 0) return [];
  return [
    {
      code: 'endorsement_required',
      pointer: '/country',
      message: 'A focal point of this country has to endorse the need after it was submitted.',
    },
  ];
}

/** GET /needs/{id}/readiness */
export const getNeedReadiness = defineQuery({
  name: 'getNeedReadiness',
  summary: 'What stands between a need and its publication, and which published needs look the same (R29)',
  path: '/needs/:id/readiness',
  query: z.strictObject({}),
  output: NeedReadiness,
  allows: signedIn,
  run: async ({ params, subject, db, at }) => {
    const id = Id.safeParse(params['id']);
    const need = id.success ? await stateOf(db, needs.aggregate, id.data) : undefined;
    if (!id.success || !need || !needReadable.permits(subject, need) || !mayPrepare.permits(subject, need))
      return { body: undefined };
    const gaps = need.publishedAt === undefined ? [...gapsOf(need.content, at), ...(await endorsementGap(db, need))] : [];
    const { country, sdgTargets, useCase } = need.content;
    const similar =
      country === undefined || sdgTargets.length === 0
        ? []
        : await similarTo(db, { country, sdgTargets, useCase, except: id.data });
    return { body: { ready: gaps.length === 0, gaps, similar } };
  },
});
