import {
  EvidenceAdded,
  MilestoneAccepted,
  MilestoneDropped,
  MilestoneReleased,
  MilestoneReminded,
  MilestoneReturned,
  MilestoneSigned,
  MilestoneStarted,
  MilestoneSubmitted,
  PlannedMilestone,
  SubmissionRecalled,
  type Criterion,
  type Evidence,
  type MilestoneStatus,
  type Signer,
  type SignerRole,
} from '@concord/contracts';
import { assert, defineAggregate, defineEvent, Id, Sha256, z, type PendingApproval, type Reason } from '@concord/kernel';

const { milestoneId: _stream, ...terms } = PlannedMilestone.shape;

/** A plan with this milestone was agreed. */
export const MilestonePlanned = defineEvent(
  'MilestonePlanned',
  z.strictObject({ projectId: Id, needId: Id, leadId: Id, stewardId: Id, partnerIds: z.array(Id).max(50), ...terms }),
);

/** A plan that changes this milestone was agreed. */
export const MilestoneReplanned = defineEvent('MilestoneReplanned', z.strictObject(terms));

/** The first of two approvals of a release (R23). */
export const ReleaseApprovalGiven = defineEvent('ReleaseApprovalGiven', z.strictObject({ of: Sha256 }));

/** A frozen version of the work (R36). */
export interface Submission {
  readonly version: number;
  readonly hash: string;
  readonly narrative: string;
  readonly evidence: readonly string[];
  readonly at: string;
}

/** A signature under a submission. */
export interface MilestoneSignature {
  readonly role: SignerRole;
  readonly organisationId: string;
  readonly hash: string;
  readonly at: string;
}

/** A milestone. Stream: its id in the plan. */
export interface MilestoneState {
  readonly status: MilestoneStatus;
  readonly projectId: string;
  readonly needId: string;
  readonly leadId: string;
  readonly stewardId: string;
  readonly partnerIds: readonly string[];
  readonly title: string;
  readonly criteria: readonly Criterion[];
  readonly dueOn: string;
  readonly responsibleId: string;
  readonly lineIds: readonly string[];
  readonly signers: readonly Signer[];
  readonly share: number;
  readonly evidence: readonly (Evidence & { readonly at: string })[];
  /** People who made what is to be signed: they gathered evidence or submitted it (R22). */
  readonly authors: readonly string[];
  readonly submissions: number;
  readonly submission?: Submission;
  /** Of the current round only. */
  readonly signatures: readonly MilestoneSignature[];
  readonly returned?: { readonly reason: Reason; readonly role: SignerRole; readonly version: number; readonly at: string };
  readonly pendingApproval?: PendingApproval;
  readonly acceptedAt?: string;
  readonly releasedAt?: string;
  readonly droppedFor?: Reason;
  /** Day it was last reminded of: a new plan with another day reminds again. */
  readonly remindedFor?: string;
}

const EVENTS = [
  MilestonePlanned,
  MilestoneReplanned,
  MilestoneStarted,
  MilestoneReminded,
  EvidenceAdded,
  MilestoneSubmitted,
  SubmissionRecalled,
  MilestoneSigned,
  MilestoneAccepted,
  MilestoneReturned,
  MilestoneReleased,
  MilestoneDropped,
  ReleaseApprovalGiven,
] as const;

const authored = (state: MilestoneState, person: string | undefined): readonly string[] =>
  person === undefined || state.authors.includes(person) ? state.authors : [...state.authors, person];

/** Milestone: from the agreed plan through rounds of submission and signature to its release. */
export const Milestone = defineAggregate<MilestoneState, typeof EVENTS>({
  kind: 'Milestone',
  initial: {
    status: 'planned',
    projectId: '',
    needId: '',
    leadId: '',
    stewardId: '',
    partnerIds: [],
    title: '',
    criteria: [],
    dueOn: '',
    responsibleId: '',
    lineIds: [],
    signers: [],
    share: 0,
    evidence: [],
    authors: [],
    submissions: 0,
    signatures: [],
  },
  events: EVENTS,
  evolve: {
    MilestonePlanned: (state, planned) => ({ ...state, ...planned }),
    MilestoneReplanned: (state, planned) => ({ ...state, ...planned }),
    MilestoneStarted: (state) => ({ ...state, status: 'in_progress' }),
    MilestoneReminded: (state, { dueOn }) => ({ ...state, remindedFor: dueOn }),
    EvidenceAdded: (state, { sha256, caption, licence, capturedOn }, { at, person }) => ({
      ...state,
      evidence: [...state.evidence, { sha256, caption, licence, capturedOn, at }],
      authors: authored(state, person),
    }),
    MilestoneSubmitted: (state, { version, hash, narrative, evidence }, { at, person }) => ({
      ...state,
      status: 'submitted',
      submissions: version,
      submission: { version, hash, narrative, evidence, at },
      signatures: [],
      authors: authored(state, person),
    }),
    SubmissionRecalled: (state) => ({ ...state, status: 'in_progress', signatures: [] }),
    MilestoneSigned: (state, { role, hash }, { at, organisation }) => {
      assert(organisation !== undefined, 'a signature is given for an organisation');
      return { ...state, signatures: [...state.signatures, { role, organisationId: organisation, hash, at }] };
    },
    MilestoneAccepted: (state, _data, { at }) => ({ ...state, status: 'accepted', acceptedAt: at }),
    MilestoneReturned: (state, { reason, role, version }, { at }) => ({
      ...state,
      status: 'returned',
      signatures: [],
      returned: { reason, role, version, at },
    }),
    MilestoneReleased: ({ pendingApproval: _given, ...state }, _data, { at }) => ({ ...state, status: 'released', releasedAt: at }),
    MilestoneDropped: (state, { reason }) => ({ ...state, status: 'dropped', droppedFor: reason }),
    ReleaseApprovalGiven: (state, { of }, { at, person }) => {
      assert(person !== undefined, 'an approval is given by a person');
      return { ...state, pendingApproval: { of, person, at } };
    },
  },
});

/** Who still has to sign the submitted version (R38). */
export const awaitingSigners = (state: MilestoneState): Signer[] =>
  state.status !== 'submitted'
    ? []
    : state.signers.filter(
        ({ role, organisationId }) =>
          !state.signatures.some((signed) => signed.role === role && signed.organisationId === organisationId),
      );
