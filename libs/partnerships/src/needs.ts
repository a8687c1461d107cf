import type { NeedStatus } from '@concord/contracts';
import { NeedResource } from '@concord/contracts';
import { defineResource, defineTable, searchText } from '@concord/platform';
import { derivedId } from './domain/derived-id.js';
import { Intake } from './domain/intake.js';
import { expiresAt } from './domain/need-closing.js';
import { Need, type NeedState } from './domain/need.js';
import { needReadable } from './policy.js';

/** The row of a need in lists and deadlines; ids are text, because list filters compare text. */
export const needsTable = defineTable({
  name: 'needs',
  key: ['id'],
  columns: {
    id: 'uuid',
    public: 'boolean',
    status: 'text',
    organisation_id: 'text',
    need_type: 'text',
    country: 'text',
    language: 'text',
    sdg_goals: 'text[]',
    sdg_targets: 'text[]',
    kinds: 'text[]',
    use_case: 'text',
    endorser_ids: 'text[]',
    invited_ids: 'text[]',
    search: 'text',
    listed_at: 'timestamptz',
    closes_at: 'timestamptz',
    updated_at: 'timestamptz',
    intake_due_at: 'timestamptz',
    expires_at: 'timestamptz',
    award_due_at: 'timestamptz',
  },
});

/** Sorts behind every real date: columns that lists sort by are never null. */
const NEVER = '9999-12-31T00:00:00.000Z';

/** A use case as it is compared: two spellings of one name are the same (R29). */
export const useCaseKey = (useCase: string): string => searchText(useCase).replace(/\s+/gu, ' ').trim();

const unique = (values: readonly string[]): string[] => [...new Set(values)];

function needRow(id: string, state: NeedState) {
  const { content, status, award } = state;
  return {
    id,
    public: state.publishedAt !== undefined,
    status,
    organisation_id: state.organisationId,
    need_type: content.needType ?? null,
    country: content.country ?? null,
    language: content.language,
    sdg_goals: unique(content.sdgTargets.map((target) => target.split('.')[0] ?? target)),
    sdg_targets: unique(content.sdgTargets),
    kinds: unique(content.lines.map((line) => line.kind)),
    use_case: content.useCase === undefined ? null : useCaseKey(content.useCase),
    endorser_ids: status === 'submitted' || status === 'endorsed' ? [...state.endorserIds] : [],
    invited_ids: [...state.invitedIds],
    search: searchText(content.title, content.summary, content.useCase, ...content.buildingBlocks, ...content.solutions),
    listed_at: state.publishedAt ?? state.updatedAt,
    closes_at: status === 'published' ? (content.intakeClosesAt ?? NEVER) : NEVER,
    updated_at: state.updatedAt,
    intake_due_at: status === 'published' ? (content.intakeClosesAt ?? null) : null,
    expires_at: expiresAt(state) ?? null,
    award_due_at: status === 'partnered' && award && !award.final ? award.finalFrom : null,
  };
}

/** Needs under /needs. */
export const needs = defineResource({
  aggregate: Need,
  plural: 'needs',
  output: NeedResource,
  readable: needReadable,
  present: ({ id, version, state }) => {
    const { content, status, organisationId, updatedAt, endorserIds, endorsedBy, publishedAt, award, outcome, reason, invitedIds } =
      state;
    return {
      id,
      version,
      // A stream that exists is never absent; the fold's initial state is not shown to anyone.
      status: status as NeedStatus,
      organisationId,
      ...content,
      updatedAt,
      endorserIds: [...endorserIds],
      endorsedBy,
      publishedAt,
      award,
      outcome,
      reason,
      invitedIds: [...invitedIds],
    };
  },
  view: { table: needsTable, row: needRow },
});

/** The stream that says who proposes to a need and who judges. */
export const intakeOf = (needId: string) => ({ aggregate: Intake, id: derivedId('intake', needId) });
