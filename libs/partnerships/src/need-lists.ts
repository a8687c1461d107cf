import { CountryCode, LanguageTag, LineKind, NeedStatus, NeedType, SdgTarget } from '@concord/contracts';
import { Id, type Subject } from '@concord/kernel';
import { everyone, signedIn } from '@concord/access';
import { defineList, type Bind, type Filter, type Sort } from '@concord/platform';
import { z } from 'zod';
import { derivedId } from './domain/derived-id.js';
import { needs } from './needs.js';

const filters: Record<string, Filter> = {
  status: { column: 'status', match: 'is', value: NeedStatus },
  needType: { column: 'need_type', match: 'is', value: NeedType },
  country: { column: 'country', match: 'is', value: CountryCode },
  sdgGoal: { column: 'sdg_goals', match: 'has', value: z.string().regex(/^(?:[1-9]|1[0-7])$/u) },
  sdgTarget: { column: 'sdg_targets', match: 'has', value: SdgTarget },
  language: { column: 'language', match: 'is', value: LanguageTag },
  organisation: { column: 'organisation_id', match: 'is', value: Id },
  lineKind: { column: 'kinds', match: 'has', value: LineKind },
};

const sorts: Record<string, Sort> = {
  newest: { column: 'listed_at', direction: 'desc' },
  closing_soon: { column: 'closes_at', direction: 'asc' },
  recently_updated: { column: 'updated_at', direction: 'desc' },
};

const visibleNeeds = (subject: Subject | undefined, bind: Bind): string => {
  if (subject?.organisation === undefined) return 'v.public';
  const organisation = bind(subject.organisation);
  return `v.public OR v.organisation_id = ${organisation}::text OR ${organisation}::text = ANY(v.endorser_ids)`;
};

/** GET /needs: published needs for everyone; with them one's own drafts, and for focal points what waits for endorsement. */
export const listNeeds = defineList({
  name: 'listNeeds',
  summary: 'Needs with filters, search, facets and counts; drafts of your own organisation are among them',
  resource: needs,
  allows: everyone,
  visible: visibleNeeds,
  filters,
  search: 'search',
  sorts,
  facets: Object.keys(filters),
});

/** GET /endorsements: the queue of a focal point (R21). */
export const listEndorsements = defineList({
  name: 'listEndorsements',
  summary: 'Submitted needs that wait for the endorsement of your organisation as a focal point, oldest first',
  path: '/endorsements',
  resource: needs,
  allows: signedIn,
  visible: (subject, bind) => `v.status = 'submitted' AND ${bind(subject?.organisation ?? '')}::text = ANY(v.endorser_ids)`,
  filters: { country: filters['country']!, needType: filters['needType']! },
  sorts: { oldest: { column: 'updated_at', direction: 'asc' } },
});

/** GET /invitations: needs whose owner asked this organisation to propose. */
export const listInvitations = defineList({
  name: 'listNeedInvitations',
  summary: 'Needs your organisation was invited to, those closing soonest first',
  path: '/invitations',
  resource: needs,
  allows: signedIn,
  visible: (subject, bind) => `v.public AND v.invited_ids && ARRAY[${bind(subject?.organisation ?? '')}::text]`,
  filters: { status: filters['status']!, country: filters['country']! },
  sorts: { closing_soon: sorts['closing_soon']!, newest: sorts['newest']! },
});

/** GET /pins: the organisation's own shortlist. The pins are in the state of its pinboard, which only its members reach. */
export const listPins = defineList({
  name: 'listPins',
  summary: 'Needs your organisation has pinned; nobody else sees them',
  path: '/pins',
  resource: needs,
  allows: signedIn,
  visible: (subject, bind) => {
    const board = bind(
      subject?.organisation === undefined ? '00000000-0000-0000-0000-000000000000' : derivedId('pinboard', subject.organisation),
    );
    return `(${visibleNeeds(subject, bind)}) AND v.id IN (
      SELECT pinned::uuid FROM streams board, json_array_elements_text(board.state -> 'needIds') AS pinned WHERE board.id = ${board}::uuid)`;
  },
  filters: { status: filters['status']!, country: filters['country']! },
  search: 'search',
  sorts,
});
