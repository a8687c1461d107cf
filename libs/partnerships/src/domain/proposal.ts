import { defineAggregate, defineEvent, Id, type PendingApproval, Sha256, text, versionHash, type Reason, z } from '@concord/kernel';
import {
  CriterionAnswer,
  FullProposalInvited,
  ProposalAccepted,
  ProposalDeclined,
  ProposalReviewStarted,
  ProposalShortlisted,
  ProposalStage,
  type ProposalStatus,
  ProposalSubmitted,
  ProposalWithdrawn,
} from '@concord/contracts';

const ContentSchema = z.strictObject({
  title: text(200),
  summary: text(5000),
  approach: text(20_000).optional(),
  answers: z.array(CriterionAnswer).max(10),
  months: z.int().min(1).max(120).optional(),
  partnerIds: z.array(Id).max(20),
});
export type ProposalContent = Readonly<z.output<typeof ContentSchema>>;

const revision = { version: z.int().min(1), hash: Sha256 };

/** A lead began to answer a need. */
export const ProposalDrafted = defineEvent(
  'ProposalDrafted',
  z.strictObject({ needId: Id, ownerId: Id, leadId: Id, stage: ProposalStage, content: ContentSchema, ...revision }),
);

/** Lead or co-author changed it: present fields replace the old ones; a new version with a new hash. */
export const ProposalRevised = defineEvent('ProposalRevised', z.strictObject({ changes: ContentSchema.partial(), ...revision }));

/** The concept note became the beginning of a full proposal: a new version, though nobody has written in it yet. */
export const ProposalStageOpened = defineEvent('ProposalStageOpened', z.strictObject(revision));

/** The persons who may read and score it now. */
export const ProposalReviewersAssigned = defineEvent(
  'ProposalReviewersAssigned',
  z.strictObject({ reviewerIds: z.array(Id).max(20) }),
);

/** The first of two approvals (R23). `of` names step and hash. */
export const ProposalApprovalGiven = defineEvent('ProposalApprovalGiven', z.strictObject({ of: z.string().max(100) }));

/** A proposal: its content, which version of it, and where it stands. */
export interface ProposalState {
  readonly status: 'absent' | ProposalStatus;
  readonly stage: ProposalStage;
  readonly needId: string;
  readonly ownerId: string;
  readonly leadId: string;
  readonly content: ProposalContent;
  readonly contentVersion: number;
  readonly hash: string;
  /** Persons who wrote it (R22). */
  readonly authorIds: readonly string[];
  readonly updatedAt: string;
  /** First time the owner could see it. */
  readonly submittedAt?: string;
  /** The owner asked for the full proposal, so it may be submitted after intake. */
  readonly invited: boolean;
  readonly reviewerIds: readonly string[];
  readonly pendingApproval?: PendingApproval;
  readonly reason?: Reason;
  readonly meanScore?: number;
  readonly projectId?: string;
}

const initial: ProposalState = {
  status: 'absent',
  stage: 'full',
  needId: '',
  ownerId: '',
  leadId: '',
  content: { title: '', summary: '', answers: [], partnerIds: [] },
  contentVersion: 0,
  hash: '',
  authorIds: [],
  updatedAt: '',
  invited: false,
  reviewerIds: [],
};

/** Hash of one version (R26): its number is part of it, so that a text that returns is still another version. */
export const proposalHash = (
  about: Pick<ProposalState, 'needId' | 'leadId' | 'stage'>,
  version: number,
  content: ProposalContent,
): string => versionHash({ needId: about.needId, leadId: about.leadId, stage: about.stage, version, content });

/** The content after a change: present fields replace. */
export const revisedContent = (content: ProposalContent, changes: Partial<ProposalContent>): ProposalContent => ({
  ...content,
  ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
});

const withAuthor = (authorIds: readonly string[], person: string | undefined): readonly string[] =>
  person === undefined || authorIds.includes(person) ? authorIds : [...authorIds, person];

const settled = ({ pendingApproval: _pending, ...state }: ProposalState): ProposalState => state;

/** The proposal: one stream from the first draft to the decision. */
export const Proposal = defineAggregate({
  kind: 'proposal',
  initial,
  events: [
    ProposalDrafted,
    ProposalRevised,
    ProposalStageOpened,
    ProposalReviewersAssigned,
    ProposalApprovalGiven,
    ProposalSubmitted,
    ProposalReviewStarted,
    ProposalShortlisted,
    FullProposalInvited,
    ProposalAccepted,
    ProposalDeclined,
    ProposalWithdrawn,
  ],
  evolve: {
    ProposalDrafted: (state, { version, content, ...facts }, meta): ProposalState => ({
      ...state,
      ...facts,
      status: 'draft',
      content: revisedContent(content, {}),
      contentVersion: version,
      authorIds: withAuthor([], meta.person),
      updatedAt: meta.at,
    }),
    ProposalRevised: (state, { changes, version, hash }, meta): ProposalState => ({
      ...state,
      status: 'draft',
      content: revisedContent(state.content, changes),
      contentVersion: version,
      hash,
      authorIds: withAuthor(state.authorIds, meta.person),
      updatedAt: meta.at,
    }),
    ProposalStageOpened: (state, { version, hash }): ProposalState => ({ ...state, stage: 'full', contentVersion: version, hash }),
    ProposalReviewersAssigned: (state, { reviewerIds }): ProposalState => ({ ...state, reviewerIds }),
    ProposalApprovalGiven: (state, { of }, meta): ProposalState => ({
      ...state,
      pendingApproval: { of, person: meta.person ?? '', at: meta.at },
    }),
    ProposalSubmitted: (state, _data, meta): ProposalState => ({
      ...state,
      status: 'submitted',
      submittedAt: state.submittedAt ?? meta.at,
      updatedAt: meta.at,
    }),
    ProposalReviewStarted: (state, _data, meta): ProposalState => ({ ...state, status: 'in_review', updatedAt: meta.at }),
    ProposalShortlisted: (state, _data, meta): ProposalState => ({ ...state, status: 'shortlisted', updatedAt: meta.at }),
    FullProposalInvited: (state, _data, meta): ProposalState => ({
      ...settled(state),
      status: 'draft',
      invited: true,
      updatedAt: meta.at,
    }),
    ProposalAccepted: (state, { projectId, meanScore }, meta): ProposalState => ({
      ...settled(state),
      status: 'accepted',
      projectId,
      meanScore,
      updatedAt: meta.at,
    }),
    ProposalDeclined: (state, { reason, meanScore }, meta): ProposalState => ({
      ...settled(state),
      status: 'declined',
      reason,
      ...(meanScore === undefined ? {} : { meanScore }),
      updatedAt: meta.at,
    }),
    ProposalWithdrawn: (state, { reason }, meta): ProposalState => ({
      ...settled(state),
      status: 'withdrawn',
      reason,
      updatedAt: meta.at,
    }),
  },
});
