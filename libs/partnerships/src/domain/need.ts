import { daysAfter, defineAggregate, defineEvent, Id, Instant, text, type Reason, z } from '@concord/kernel';
import {
  CountryCode,
  LanguageTag,
  NeedAmended,
  NeedAwardFinalised,
  NeedClosed,
  NeedCriterion,
  NeedEndorsed,
  NeedExpired,
  NeedExtended,
  NeedIntakeClosed,
  NeedLine,
  NeedOrganisationInvited,
  NeedPartnered,
  NeedPublished,
  NeedReturned,
  type NeedStatus,
  NeedSubmitted,
  NeedType,
  NeedWithdrawn,
  RegionCode,
  SdgTarget,
} from '@concord/contracts';

const contentShape = {
  title: text(200),
  summary: text(5000),
  language: LanguageTag,
  needType: NeedType,
  country: CountryCode,
  regions: z.array(RegionCode).max(20),
  sdgTargets: z.array(SdgTarget).max(20),
  useCase: text(100),
  buildingBlocks: z.array(text(100)).max(20),
  solutions: z.array(text(100)).max(20),
  lines: z.array(NeedLine).max(30),
  criteria: z.array(NeedCriterion).max(10),
  intakeClosesAt: Instant,
  validUntil: Instant,
};

/** What a need says. A draft may lack what `.partial` names; a published need lacks only the use case. */
const NeedContentSchema = z
  .strictObject(contentShape)
  .partial({ summary: true, needType: true, country: true, useCase: true, intakeClosesAt: true, validUntil: true });
export type NeedContent = Readonly<z.output<typeof NeedContentSchema>>;

/** Somebody began to write a need. */
export const NeedDrafted = defineEvent('NeedDrafted', z.strictObject({ organisationId: Id, content: NeedContentSchema }));

/** The draft changed: each field that is present replaces the old one; `useCase: null` removes it. */
export const NeedRevised = defineEvent(
  'NeedRevised',
  z.strictObject({ changes: z.strictObject({ ...contentShape, useCase: contentShape.useCase.nullable() }).partial() }),
);

/** Days after which an award is final when nobody appealed (R31). */
export const AWARD_FINAL_DAYS = 10;

/** Who got the need. */
export interface NeedAwardState {
  readonly proposalId: string;
  readonly leadId: string;
  readonly projectId: string;
  readonly partneredAt: string;
  readonly finalFrom: string;
  readonly final: boolean;
}

/** A need: its content, where it stands, and whom it went to. Its history is public, so who proposes and who judges is kept apart (intake.ts). */
export interface NeedState {
  readonly status: 'absent' | NeedStatus;
  readonly organisationId: string;
  readonly content: NeedContent;
  /** Persons who wrote it (R22). */
  readonly authorIds: readonly string[];
  readonly updatedAt: string;
  /** Focal points asked at the last submission. */
  readonly endorserIds: readonly string[];
  readonly endorsedBy?: string;
  readonly publishedAt?: string;
  readonly invitedIds: readonly string[];
  readonly award?: NeedAwardState;
  readonly outcome?: 'no_candidate' | 'cancelled' | 'partners';
  readonly reason?: Reason;
}

const initial: NeedState = {
  status: 'absent',
  organisationId: '',
  content: { title: '', language: 'en', regions: [], sdgTargets: [], buildingBlocks: [], solutions: [], lines: [], criteria: [] },
  authorIds: [],
  updatedAt: '',
  endorserIds: [],
  invitedIds: [],
};

/** Fields that are present replace; null removes. */
export function changed(content: NeedContent, changes: Readonly<Record<string, unknown>>): NeedContent {
  const entries = Object.entries({ ...content, ...changes });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null)) as NeedContent;
}

const withAuthor = (authorIds: readonly string[], person: string | undefined): readonly string[] =>
  person === undefined || authorIds.includes(person) ? authorIds : [...authorIds, person];

const defined = (changes: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

/** The need: one stream from the first draft to the closure. */
export const Need = defineAggregate({
  kind: 'need',
  initial,
  events: [
    NeedDrafted,
    NeedRevised,
    NeedSubmitted,
    NeedEndorsed,
    NeedReturned,
    NeedPublished,
    NeedAmended,
    NeedIntakeClosed,
    NeedExtended,
    NeedPartnered,
    NeedAwardFinalised,
    NeedClosed,
    NeedWithdrawn,
    NeedExpired,
    NeedOrganisationInvited,
  ],
  evolve: {
    NeedDrafted: (state, data, meta): NeedState => ({
      ...state,
      status: 'draft',
      organisationId: data.organisationId,
      content: changed(data.content, {}),
      authorIds: withAuthor([], meta.person),
      updatedAt: meta.at,
    }),
    NeedRevised: (state, data, meta): NeedState => ({
      ...state,
      content: changed(state.content, defined(data.changes)),
      authorIds: withAuthor(state.authorIds, meta.person),
      updatedAt: meta.at,
    }),
    NeedSubmitted: (state, data, meta): NeedState => {
      const { endorsedBy: _before, ...rest } = state;
      return { ...rest, status: 'submitted', endorserIds: data.endorserIds, updatedAt: meta.at };
    },
    NeedEndorsed: (state, data, meta): NeedState => ({
      ...state,
      status: 'endorsed',
      endorsedBy: data.endorserId,
      updatedAt: meta.at,
    }),
    NeedReturned: (state, data, meta): NeedState => ({ ...state, status: 'draft', reason: data.reason, updatedAt: meta.at }),
    NeedPublished: (state, _data, meta): NeedState => ({ ...state, status: 'published', publishedAt: meta.at, updatedAt: meta.at }),
    NeedAmended: (state, { organisationId: _owner, reason: _reason, ...changes }, meta): NeedState => ({
      ...state,
      content: changed(state.content, defined(changes)),
      updatedAt: meta.at,
    }),
    NeedIntakeClosed: (state, _data, meta): NeedState => ({ ...state, status: 'matching', updatedAt: meta.at }),
    NeedExtended: (state, { intakeClosesAt, validUntil }, meta): NeedState => ({
      ...state,
      status: 'published',
      content: changed(state.content, { intakeClosesAt, validUntil }),
      updatedAt: meta.at,
    }),
    NeedPartnered: (state, { proposalId, leadId, projectId }, meta): NeedState => ({
      ...state,
      status: 'partnered',
      award: { proposalId, leadId, projectId, partneredAt: meta.at, finalFrom: daysAfter(meta.at, AWARD_FINAL_DAYS), final: false },
      updatedAt: meta.at,
    }),
    NeedAwardFinalised: (state, _data, meta): NeedState => ({
      ...state,
      ...(state.award ? { award: { ...state.award, final: true } } : {}),
      updatedAt: meta.at,
    }),
    NeedClosed: (state, data, meta): NeedState => ({
      ...state,
      status: 'closed',
      outcome: data.outcome,
      ...(data.reason ? { reason: data.reason } : {}),
      updatedAt: meta.at,
    }),
    NeedWithdrawn: (state, data, meta): NeedState => ({ ...state, status: 'withdrawn', reason: data.reason, updatedAt: meta.at }),
    NeedExpired: (state, _data, meta): NeedState => ({ ...state, status: 'expired', updatedAt: meta.at }),
    NeedOrganisationInvited: (state, data): NeedState => ({ ...state, invitedIds: [...state.invitedIds, data.organisationId] }),
  },
});
