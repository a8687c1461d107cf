import { Day, Id, Instant, Reason, Sha256, text } from '@concord/kernel';
import { z } from 'zod';
import { LanguageTag } from '../partnerships/words.js';
import {
  Criterion,
  Evidence,
  Health,
  MilestoneStatus,
  PlannedMilestone,
  PlanRole,
  ProjectLine,
  ProjectStatus,
  ProposedMilestones,
  RatingSide,
  ReportKind,
  ReportRating,
  Signer,
  SignerRole,
} from './shapes.js';

const pendingApproval = z
  .object({ of: z.string(), at: Instant })
  .optional()
  .meta({ description: 'A first approval that waits for a second approver of the same organisation (R23)' });

const PlanSignature = z.object({ role: PlanRole, organisationId: Id, at: Instant }).meta({ id: 'PlanSignature' });

/** A milestone as its project shows it. */
export const ProjectMilestone = PlannedMilestone.extend({
  status: MilestoneStatus,
  overdue: z.boolean(),
  health: Health.optional().meta({ description: 'Absent when dropped' }),
}).meta({ id: 'ProjectMilestone' });

/** A project. */
export const ProjectResource = z
  .object({
    id: Id,
    version: z.int(),
    status: ProjectStatus,
    statusCode: z.string().meta({ description: 'IATI ActivityStatus' }),
    title: z.string(),
    needId: Id,
    proposalId: Id,
    stewardId: Id,
    leadId: Id,
    partnerIds: z.array(Id),
    country: z.string(),
    sdgTargets: z.array(z.string()),
    lines: z.array(ProjectLine),
    proposedPlan: z
      .object({
        version: z.int(),
        hash: Sha256,
        milestones: z.array(PlannedMilestone),
        signatures: z.array(PlanSignature),
        reason: Reason.optional(),
        proposedAt: Instant,
      })
      .optional()
      .meta({ description: 'The plan that waits for signatures' }),
    agreedPlan: z.object({ version: z.int(), hash: Sha256, agreedAt: Instant }).optional(),
    milestones: z.array(ProjectMilestone).meta({ description: 'Of the agreed plan, dropped ones last' }),
    progress: z
      .object({ accepted: z.int(), released: z.int() })
      .meta({ description: 'Percent of the plan: shares accepted (released ones included) and shares released' }),
    health: Health.optional().meta({
      description:
        'The worst of the milestones that still have to be handed in (R42); absent without an agreed plan or after the end',
    }),
    reportingLight: Health.optional().meta({
      description: 'By the age of the last accepted report (R43); absent before the start and after the end',
    }),
    inactive: z.boolean().meta({ description: 'No accepted report for more than 24 months (R43)' }),
    finalReportId: Id.optional(),
    fundSettled: z.boolean(),
    lastUpdate: z.object({ at: Instant, language: LanguageTag, text: z.string() }).optional(),
    stewardshipPlan: z.object({ maintainerId: Id, funding: z.string(), handover: z.string(), at: Instant }).optional(),
    ratings: z.array(z.object({ side: RatingSide, score: z.int(), comment: z.string(), at: Instant })),
    missingForClose: z
      .array(z.string())
      .meta({ description: 'What R44 still asks for, by code; empty when the project may be closed' }),
    pendingApproval: pendingApproval.unwrap().extend({ reason: Reason.optional() }).optional().meta({
      description: 'A first approval that waits for a second approver of the steward (R23); its reason is told to the steward only',
    }),
    openedAt: Instant,
    startedAt: Instant.optional(),
    endedAt: Instant.optional(),
    endReason: Reason.optional(),
    firstEndReason: Reason.optional().meta({
      description: 'What the first of the two approvers wrote; `endReason` is the second’s',
    }),
  })
  .meta({ id: 'Project' });

const Submission = z
  .object({ version: z.int(), hash: Sha256, narrative: z.string(), evidence: z.array(Sha256), at: Instant })
  .meta({ id: 'Submission', description: 'A frozen version of a milestone (R36)' });

/** A milestone. */
export const MilestoneResource = z
  .object({
    id: Id,
    version: z.int(),
    status: MilestoneStatus,
    projectId: Id,
    needId: Id,
    title: z.string(),
    criteria: z.array(Criterion),
    dueOn: Day,
    overdue: z.boolean(),
    health: Health.optional(),
    share: z.int(),
    leadId: Id,
    stewardId: Id,
    responsibleId: Id,
    lineIds: z.array(Id),
    signers: z.array(Signer),
    evidence: z.array(Evidence.extend({ at: Instant })),
    submission: Submission.optional().meta({ description: 'The last one, whatever became of it' }),
    signatures: z.array(z.object({ role: SignerRole, organisationId: Id, hash: Sha256, at: Instant })),
    awaiting: z.array(Signer).meta({ description: 'Who still has to sign the submitted version' }),
    returned: z.object({ reason: Reason, role: SignerRole, version: z.int(), at: Instant }).optional(),
    pendingApproval,
    acceptedAt: Instant.optional(),
    releasedAt: Instant.optional(),
    droppedFor: Reason.optional(),
  })
  .meta({ id: 'Milestone' });

/** Where a report stands; the first three are derived from its due date. */
export const ReportStatus = z
  .enum(['not_yet_due', 'due', 'overdue', 'submitted', 'accepted', 'sent_back'])
  .meta({ id: 'ReportStatus' });
export type ReportStatus = z.infer<typeof ReportStatus>;

/** A progress report. */
export const ReportResource = z
  .object({
    id: Id,
    version: z.int(),
    status: ReportStatus,
    kind: ReportKind,
    projectId: Id,
    needId: Id,
    leadId: Id,
    stewardId: Id,
    dueOn: Day,
    submission: z
      .object({ version: z.int(), hash: Sha256, narrative: z.string(), lessons: z.string().optional(), at: Instant })
      .optional(),
    rating: ReportRating.optional(),
    sentBack: z.object({ reason: Reason, at: Instant }).optional(),
    acceptedAt: Instant.optional(),
  })
  .meta({ id: 'Report' });

/** A stored file. */
export const FileResource = z.object({ sha256: Sha256, contentType: z.string(), bytes: z.int(), stripped: z.boolean() }).meta({
  id: 'File',
  description:
    'SHA-256 and size of what was stored; `stripped`: camera and place data were removed first, so the hash differs from the upload',
});

const OrganisationName = z.object({ organisationId: Id, name: z.string().optional(), verified: z.boolean() });

/** A step that somebody can take now. */
export const NextStep = z
  .object({
    step: z.string().meta({ description: 'The command: `sign-plan`, `submit`, `release` …' }),
    resource: z.enum(['projects', 'milestones', 'reports']),
    id: Id,
    title: z.string(),
    who: z.array(z.object({ role: z.string(), organisationId: Id })),
    dueOn: Day.optional(),
    overdue: z.boolean(),
    blockedBy: z.array(z.string()).meta({ description: 'Codes of what has to happen first; empty when the step can be taken' }),
  })
  .meta({ id: 'NextStep' });

/** Everything one screen about a project needs. */
export const ProjectBoard = z
  .object({
    project: ProjectResource,
    milestones: z.array(MilestoneResource),
    reports: z.array(ReportResource),
    organisations: z.array(OrganisationName),
    next: z.array(NextStep).meta({ description: 'What can or must happen next, who must act and by when; the most urgent first' }),
    startBlockedBy: z.array(z.string()).meta({ description: 'What R33 still asks for, by code' }),
  })
  .meta({ id: 'ProjectBoard' });

/** Overdue milestones of running projects, the latest first. */
export const OverdueMilestones = z
  .object({ items: z.array(MilestoneResource.extend({ daysLate: z.int() })), more: z.boolean() })
  .meta({ id: 'OverdueMilestones' });

/** How running projects are doing. */
export const ProjectHealth = z
  .object({
    green: z.int(),
    yellow: z.int(),
    red: z.int(),
    late: z.array(z.object({ projectId: Id, title: z.string(), health: Health, dueOn: Day, daysLate: z.int() })),
  })
  .meta({ id: 'ProjectHealth', description: 'Counts of running projects by health, and up to 100 late ones, the latest first' });

const reasoned = { reason: Reason };

/** Inputs of the commands on projects. */
export const ProposePlanInput = z.strictObject({
  milestones: ProposedMilestones,
  reason: Reason.optional().meta({ description: 'Required once the project has started' }),
});
export const SignPlanInput = z.strictObject({ role: PlanRole, hash: Sha256 });
export const ProjectReasonInput = z.strictObject(reasoned);

/** `POST /projects/{id}/post-update`: news in one language. */
export const PostUpdateInput = z.strictObject({ language: LanguageTag, text: text(2000) }).meta({ id: 'PostUpdateInput' });
export const TerminateProjectInput = z.strictObject({
  ...reasoned,
  document: Sha256.meta({ description: 'Hash of the termination notice (POST /files)' }),
});
export const RecordStewardshipPlanInput = z.strictObject({ maintainerId: Id, funding: text(2000), handover: text(2000) });
export const RatePartnershipInput = z.strictObject({ score: z.int().min(1).max(5), comment: text(2000) });
export const ProjectStepInput = z.strictObject({});

/** Inputs of the commands on milestones. */
export const AddEvidenceInput = Evidence;
export const SubmitMilestoneInput = z.strictObject({ narrative: text(5000) });
export const MilestoneReasonInput = z.strictObject(reasoned);
export const SignMilestoneInput = z.strictObject({ role: SignerRole, hash: Sha256 });

/** Inputs of the commands on reports. */
export const SubmitReportInput = z.strictObject({ narrative: text(5000), lessons: text(3000).optional() });
export const AcceptReportInput = z.strictObject({ hash: Sha256, rating: ReportRating, reason: Reason.optional() });
export const SendReportBackInput = z.strictObject(reasoned);
