import {
  PartnershipRated,
  PlanAgreed,
  PlanProposed,
  PlanSigned,
  ProjectCancelled,
  ProjectClosed,
  ProjectFinalisationStarted,
  ProjectOpened,
  ProjectReopened,
  ProjectResumed,
  ProjectStarted,
  ProjectSuspended,
  ProjectUpdatePosted,
  StewardshipPlanRecorded,
  MILESTONE_STATUSES,
  ReportKind,
  type MilestoneStatus,
  type PlannedMilestone,
  type PlanRole,
  type ProjectLine,
  type ProjectStatus,
  type RatingSide,
} from '@concord/contracts';
import { assert, defineAggregate, defineEvent, Id, Reason, z, type PendingApproval } from '@concord/kernel';
import { dayOf } from './health.js';

/** The first of two approvals of the steward (R23). */
export const ProjectApprovalGiven = defineEvent(
  'ProjectApprovalGiven',
  z.strictObject({ of: z.string().max(200), reason: Reason.optional() }),
);

/** A milestone moved: written together with the milestone's own event, so that the project knows its progress in the same instant. */
export const MilestoneMoved = defineEvent('MilestoneMoved', z.strictObject({ milestoneId: Id, to: z.enum(MILESTONE_STATUSES) }));

/** A report moved; likewise. */
export const ReportMoved = defineEvent(
  'ReportMoved',
  z.strictObject({ reportId: Id, kind: ReportKind, to: z.enum(['awaited', 'submitted', 'accepted', 'sent_back']) }),
);

/** The project's fund was settled, or opened again. */
export const FundStandingChanged = defineEvent('FundStandingChanged', z.strictObject({ settled: z.boolean() }));

/** A signature under a plan. */
export interface PlanSignature {
  readonly role: PlanRole;
  readonly organisationId: string;
  readonly at: string;
}

/** A plan that waits for signatures. */
export interface ProposedPlan {
  readonly version: number;
  readonly hash: string;
  readonly milestones: readonly PlannedMilestone[];
  readonly reason?: Reason;
  readonly proposedAt: string;
  /** Who authored it, and so may not sign it (R22). */
  readonly author?: string;
  readonly signatures: readonly PlanSignature[];
}

/** A milestone of the agreed plan with where it stands. */
export type TrackedMilestone = PlannedMilestone & { readonly status: MilestoneStatus; readonly submittedOn?: string };

/** A project. Stream: the projectId that the accepted proposal was given. */
export interface ProjectState {
  readonly status: ProjectStatus;
  readonly needId: string;
  readonly proposalId: string;
  readonly stewardId: string;
  readonly leadId: string;
  readonly partnerIds: readonly string[];
  readonly title: string;
  readonly country: string;
  readonly sdgTargets: readonly string[];
  readonly lines: readonly ProjectLine[];
  readonly planVersion: number;
  readonly lastUpdate?: { readonly at: string; readonly language: string; readonly text: string };
  readonly proposed?: ProposedPlan;
  readonly agreed?: { readonly version: number; readonly hash: string; readonly agreedAt: string };
  readonly milestones: readonly TrackedMilestone[];
  readonly reports: readonly { readonly reportId: string; readonly kind: ReportKind; readonly status: string }[];
  readonly reportAcceptedAt?: string;
  readonly fundSettled: boolean;
  readonly stewardshipPlan?: {
    readonly maintainerId: string;
    readonly funding: string;
    readonly handover: string;
    readonly at: string;
  };
  readonly ratings: readonly { readonly side: RatingSide; readonly score: number; readonly comment: string; readonly at: string }[];
  readonly pendingApproval?: PendingApproval;
  readonly openedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly endReason?: Reason;
  /** What the first of the two approvers wrote; `endReason` is the second's, with which it took effect. */
  readonly firstEndReason?: Reason;
}

const EVENTS = [
  ProjectOpened,
  PlanProposed,
  PlanSigned,
  PlanAgreed,
  ProjectStarted,
  ProjectCancelled,
  ProjectSuspended,
  ProjectResumed,
  ProjectUpdatePosted,
  ProjectFinalisationStarted,
  ProjectReopened,
  ProjectClosed,
  StewardshipPlanRecorded,
  PartnershipRated,
  ProjectApprovalGiven,
  MilestoneMoved,
  ReportMoved,
  FundStandingChanged,
] as const;

/** A change of status ends a first approval that waited: it was meant for the project as it stood. */
function to(
  status: ProjectStatus,
  { pendingApproval: _ended, ...state }: ProjectState,
  more: Partial<ProjectState> = {},
): ProjectState {
  return { ...state, ...more, status };
}

/** The agreed plan takes over; a milestone that is not in it any more stays, dropped, behind the others. */
function agree({ proposed, ...state }: ProjectState, hash: string, at: string): ProjectState {
  assert(proposed?.hash === hash, 'the agreed plan is the proposed one');
  const before = new Map(state.milestones.map((milestone) => [milestone.milestoneId, milestone]));
  const kept = proposed.milestones.map((milestone): TrackedMilestone => {
    const { status = 'planned', submittedOn } = before.get(milestone.milestoneId) ?? {};
    return submittedOn === undefined ? { ...milestone, status } : { ...milestone, status, submittedOn };
  });
  const ids = new Set(kept.map((milestone) => milestone.milestoneId));
  const dropped = state.milestones
    .filter((milestone) => !ids.has(milestone.milestoneId))
    .map((milestone) => ({ ...milestone, status: 'dropped' as const }));
  return { ...state, agreed: { version: proposed.version, hash, agreedAt: at }, milestones: [...kept, ...dropped] };
}

const moved = (milestone: TrackedMilestone, status: MilestoneStatus, at: string): TrackedMilestone =>
  status === 'submitted' ? { ...milestone, status, submittedOn: dayOf(at) } : { ...milestone, status };

/** Project: from the accepted proposal through plan, start, suspension and finalisation to its closure. */
export const Project = defineAggregate<ProjectState, typeof EVENTS>({
  kind: 'Project',
  initial: {
    status: 'pipeline',
    needId: '',
    proposalId: '',
    stewardId: '',
    leadId: '',
    partnerIds: [],
    title: '',
    country: '',
    sdgTargets: [],
    lines: [],
    planVersion: 0,
    milestones: [],
    reports: [],
    fundSettled: false,
    ratings: [],
    openedAt: '',
  },
  events: EVENTS,
  evolve: {
    ProjectOpened: (state, opened, { at }) => ({ ...state, ...opened, openedAt: at }),
    PlanProposed: (state, { version, hash, milestones, reason }, { at, person }) => ({
      ...state,
      planVersion: version,
      proposed: {
        version,
        hash,
        milestones,
        proposedAt: at,
        signatures: [],
        ...(reason === undefined ? {} : { reason }),
        ...(person === undefined ? {} : { author: person }),
      },
    }),
    PlanSigned: (state, { role }, { at, organisation }) => {
      assert(
        state.proposed !== undefined && organisation !== undefined,
        'a signature is under a proposed plan, by an organisation',
      );
      const signatures = [...state.proposed.signatures, { role, organisationId: organisation, at }];
      return { ...state, proposed: { ...state.proposed, signatures } };
    },
    PlanAgreed: (state, { hash }, { at }) => agree(state, hash, at),
    ProjectStarted: (state, _data, { at }) => to('implementation', state, { startedAt: at }),
    ProjectCancelled: (state, { reason }, { at }) =>
      to('cancelled', state, {
        endedAt: at,
        endReason: reason,
        ...(state.pendingApproval?.reason && { firstEndReason: state.pendingApproval.reason }),
      }),
    ProjectSuspended: (state) => to('suspended', state),
    ProjectResumed: (state) => to('implementation', state),
    ProjectUpdatePosted: (state, { language, text }, { at }) => ({ ...state, lastUpdate: { at, language, text } }),
    ProjectFinalisationStarted: (state) => to('finalisation', state),
    ProjectReopened: (state) => to('implementation', state),
    ProjectClosed: (state, _data, { at }) => to('closed', state, { endedAt: at }),
    StewardshipPlanRecorded: (state, { maintainerId, funding, handover }, { at }) => ({
      ...state,
      stewardshipPlan: { maintainerId, funding, handover, at },
    }),
    PartnershipRated: (state, { side, score, comment }, { at }) => ({
      ...state,
      ratings: [...state.ratings.filter((rating) => rating.side !== side), { side, score, comment, at }],
    }),
    ProjectApprovalGiven: (state, { of, reason }, { at, person }) => {
      assert(person !== undefined, 'an approval is given by a person');
      return { ...state, pendingApproval: { of, person, at, ...(reason && { reason }) } };
    },
    MilestoneMoved: (state, { milestoneId, to: status }, { at }) => ({
      ...state,
      milestones: state.milestones.map((milestone) =>
        milestone.milestoneId === milestoneId ? moved(milestone, status, at) : milestone,
      ),
    }),
    ReportMoved: (state, { reportId, kind, to: status }, { at }) => ({
      ...state,
      reports: [...state.reports.filter((report) => report.reportId !== reportId), { reportId, kind, status }],
      ...(status === 'accepted' ? { reportAcceptedAt: at } : {}),
    }),
    FundStandingChanged: (state, { settled }) => ({ ...state, fundSettled: settled }),
  },
});

/** Percent of the plan that is accepted (released included) and released, by the shares of undropped milestones (R34). */
export function progressOf(state: ProjectState): { accepted: number; released: number } {
  const sum = (...statuses: MilestoneStatus[]): number =>
    state.milestones.filter(({ status }) => statuses.includes(status)).reduce((total, { share }) => total + share, 0);
  return { accepted: sum('accepted', 'released'), released: sum('released') };
}
