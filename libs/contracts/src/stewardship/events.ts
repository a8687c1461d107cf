import { Day, defineEvent, Id, Reason, Sha256, text } from '@concord/kernel';
import { z } from 'zod';
import {
  Evidence,
  PlannedMilestone,
  PlanRole,
  ProjectLine,
  RatingSide,
  ReportKind,
  ReportRating,
  Signer,
  SignerRole,
} from './shapes.js';
import { CountryCode, LanguageTag, SdgTarget } from '../partnerships/words.js';

const need = { needId: Id };
const project = { projectId: Id, needId: Id };
const share = z.int().min(0).max(100);

/** A proposal was accepted: its project exists, in pipeline (1). Subject of all Project events: the project. */
export const ProjectOpened = defineEvent(
  'ProjectOpened',
  z.strictObject({
    ...need,
    proposalId: Id,
    stewardId: Id,
    leadId: Id,
    partnerIds: z.array(Id).max(50),
    title: z.string().max(300),
    country: CountryCode,
    sdgTargets: z.array(SdgTarget).max(20),
    lines: z.array(ProjectLine).max(50),
  }),
);

/** The lead proposed a plan, or another one after the start (then with a reason). The hash covers the milestones. */
export const PlanProposed = defineEvent(
  'PlanProposed',
  z.strictObject({
    ...need,
    version: z.int().min(1),
    hash: Sha256,
    milestones: z.array(PlannedMilestone).max(20),
    reason: Reason.optional(),
  }),
);

/** An approver signed the proposed plan for the organisation acted for. */
export const PlanSigned = defineEvent('PlanSigned', z.strictObject({ ...need, role: PlanRole, hash: Sha256 }));

/** The last signature was given: these milestones are the plan now, and replace those of an earlier one. */
export const PlanAgreed = defineEvent(
  'PlanAgreed',
  z.strictObject({
    ...need,
    hash: Sha256,
    milestones: z
      .array(z.strictObject({ milestoneId: Id, title: z.string().max(200), share, dueOn: Day, lineIds: z.array(Id).max(20) }))
      .max(20),
  }),
);

/** The steward started the project: implementation (2). */
export const ProjectStarted = defineEvent('ProjectStarted', z.strictObject(need));

/** Cancelled (5) before the start, or terminated while suspended; then `document` is the hash of the notice. */
export const ProjectCancelled = defineEvent(
  'ProjectCancelled',
  z.strictObject({ ...need, reason: Reason, document: Sha256.optional() }),
);

/** Suspended (6): no submission, no release, no disbursement (R40). */
export const ProjectSuspended = defineEvent('ProjectSuspended', z.strictObject({ ...need, reason: Reason }));

/** The suspension ended. */
export const ProjectResumed = defineEvent('ProjectResumed', z.strictObject({ ...need, reason: Reason }));

/** News of a running project in the words of its lead or steward; no state changes. */
export const ProjectUpdatePosted = defineEvent(
  'ProjectUpdatePosted',
  z.strictObject({ ...need, language: LanguageTag, text: text(2000) }),
);

/** The lead finished the work: finalisation (3). */
export const ProjectFinalisationStarted = defineEvent('ProjectFinalisationStarted', z.strictObject(need));

/** The steward sent the project back from finalisation to implementation. */
export const ProjectReopened = defineEvent('ProjectReopened', z.strictObject({ ...need, reason: Reason }));

/** Closed (4): everything that R44 asks for is there. */
export const ProjectClosed = defineEvent('ProjectClosed', z.strictObject(need));

/** Who maintains the result, how that is paid for, and how it was handed over (R44). A later one replaces an earlier one. */
export const StewardshipPlanRecorded = defineEvent(
  'StewardshipPlanRecorded',
  z.strictObject({ ...need, maintainerId: Id, funding: z.string().max(2000), handover: z.string().max(2000) }),
);

/** One side rated the partnership, 1 (poor) to 5 (excellent) (R44). */
export const PartnershipRated = defineEvent(
  'PartnershipRated',
  z.strictObject({ ...need, side: RatingSide, score: z.int().min(1).max(5), comment: z.string().max(2000) }),
);

/** Work on a milestone began. Subject of all Milestone events: the milestone. */
export const MilestoneStarted = defineEvent('MilestoneStarted', z.strictObject(project));

/** A week before its day a milestone has not been handed in; said once for each date. */
export const MilestoneReminded = defineEvent('MilestoneReminded', z.strictObject({ ...project, dueOn: Day }));

/** Evidence was added; it is part of every later submission. */
export const EvidenceAdded = defineEvent('EvidenceAdded', z.strictObject({ ...project, ...Evidence.shape }));

/** The lead submitted a frozen version (R36): the hash covers criteria, narrative and the hashes of the evidence. */
export const MilestoneSubmitted = defineEvent(
  'MilestoneSubmitted',
  z.strictObject({
    ...project,
    title: z.string().max(200),
    version: z.int().min(1),
    hash: Sha256,
    narrative: z.string().max(5000),
    evidence: z.array(Sha256).max(100),
    signers: z.array(Signer).max(8),
  }),
);

/** The lead took the submission back. */
export const SubmissionRecalled = defineEvent('SubmissionRecalled', z.strictObject({ ...project, reason: Reason }));

/** A required role signed the submitted version, for the organisation acted for (R38). */
export const MilestoneSigned = defineEvent('MilestoneSigned', z.strictObject({ ...project, role: SignerRole, hash: Sha256 }));

/** Every required role has signed the same hash. */
export const MilestoneAccepted = defineEvent('MilestoneAccepted', z.strictObject({ ...project, hash: Sha256 }));

/** A signer returned the submission, which ends the round (R38). */
export const MilestoneReturned = defineEvent(
  'MilestoneReturned',
  z.strictObject({ ...project, reason: Reason, role: SignerRole, version: z.int().min(1) }),
);

/** Two approvers of the steward released the milestone: its share of every by-milestone instalment falls due (R13). */
export const MilestoneReleased = defineEvent('MilestoneReleased', z.strictObject({ ...project, share }));

/** A new plan was agreed without this milestone. */
export const MilestoneDropped = defineEvent('MilestoneDropped', z.strictObject({ ...project, reason: Reason }));

/** The lead submitted a progress report. Subject of all Report events: the report. */
export const ReportSubmitted = defineEvent(
  'ReportSubmitted',
  z.strictObject({
    ...project,
    kind: ReportKind,
    version: z.int().min(1),
    hash: Sha256,
    narrative: z.string().max(5000),
    lessons: z.string().max(3000).optional(),
  }),
);

/** The steward accepted the report with a rating. */
export const ReportAccepted = defineEvent(
  'ReportAccepted',
  z.strictObject({ ...project, kind: ReportKind, rating: ReportRating, hash: Sha256, reason: Reason.optional() }),
);

/** The steward sent the report back. */
export const ReportSentBack = defineEvent('ReportSentBack', z.strictObject({ ...project, kind: ReportKind, reason: Reason }));

/** Every public event of stewardship. */
export const STEWARDSHIP_EVENTS = [
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
  ReportSubmitted,
  ReportAccepted,
  ReportSentBack,
] as const;
