import { canonical, Day, Id, Quantity, Sha256, text } from '@concord/kernel';
import { z } from 'zod';

/** IATI ActivityStatus of a project: 1 pipeline, 2 implementation, 3 finalisation, 4 closed, 5 cancelled, 6 suspended. */
export const PROJECT_STATUSES = ['pipeline', 'implementation', 'finalisation', 'closed', 'cancelled', 'suspended'] as const;
export const ProjectStatus = z.enum(PROJECT_STATUSES).meta({ id: 'ProjectStatus', description: 'IATI ActivityStatus by name' });
export type ProjectStatus = z.infer<typeof ProjectStatus>;

/** IATI ActivityStatus code by name. */
export const ACTIVITY_STATUS = {
  pipeline: '1',
  implementation: '2',
  finalisation: '3',
  closed: '4',
  cancelled: '5',
  suspended: '6',
} as const satisfies Record<ProjectStatus, string>;

/** Where a milestone stands. Overdue is derived from the due date, never stored. */
export const MILESTONE_STATUSES = ['planned', 'in_progress', 'submitted', 'returned', 'accepted', 'released', 'dropped'] as const;
export const MilestoneStatus = z.enum(MILESTONE_STATUSES).meta({ id: 'MilestoneStatus' });
export type MilestoneStatus = z.infer<typeof MilestoneStatus>;

/** Who signs a plan: the lead, the steward, and each organisation with a live funding pledge. */
export const PlanRole = z.enum(['lead', 'steward', 'funder']).meta({ id: 'PlanRole' });
export type PlanRole = z.infer<typeof PlanRole>;

/** Who signs the submission of a milestone (R38). */
export const SignerRole = z.enum(['steward', 'funder', 'verifier', 'community']).meta({ id: 'SignerRole' });
export type SignerRole = z.infer<typeof SignerRole>;

/** A role that has to sign a milestone, and the organisation that holds it. */
export const Signer = z.strictObject({ role: SignerRole, organisationId: Id }).meta({ id: 'Signer' });
export type Signer = z.infer<typeof Signer>;

/** A test of a milestone, with what is counted: `30 schools reached`, 30, `school` (R35). */
export const Criterion = z
  .strictObject({ criterion: text(300), quantity: Quantity, unit: text(40) })
  .meta({ id: 'Criterion', description: 'A measurable test of a milestone (R35)' });
export type Criterion = z.infer<typeof Criterion>;

const planned = {
  title: text(200),
  criteria: z.array(Criterion).min(1).max(5),
  dueOn: Day,
  responsibleId: Id.meta({ description: 'Organisation responsible: the lead, a partner or the steward' }),
  lineIds: z.array(Id).min(1).max(20).meta({ description: 'Lines of the need that the milestone serves' }),
  signers: z.array(Signer).min(1).max(8),
  share: z
    .int()
    .min(0)
    .max(100)
    .meta({ description: 'Whole percent of every by-milestone instalment; shares of a plan sum to 100 (R34)' }),
};

/** A milestone as an agreed or proposed plan holds it. */
export const PlannedMilestone = z.strictObject({ milestoneId: Id, ...planned }).meta({ id: 'PlannedMilestone' });
export type PlannedMilestone = z.infer<typeof PlannedMilestone>;

/** A milestone as the lead proposes it: with its id when it is in the agreed plan already, or when the client made one. */
export const ProposedMilestone = z.strictObject({ milestoneId: Id.optional(), ...planned }).meta({ id: 'ProposedMilestone' });
export type ProposedMilestone = z.infer<typeof ProposedMilestone>;

/** A plan travels in one event, and an event stays below 64 KiB (CloudEvents) even when every character takes three bytes. */
export const PLAN_TEXT_MAX = 18_000;
export const MILESTONES_MAX = 20;

/** The milestones of a proposed plan. */
export const ProposedMilestones = z
  .array(ProposedMilestone)
  .min(1)
  .max(MILESTONES_MAX)
  .refine((milestones) => canonical(milestones).length <= PLAN_TEXT_MAX, `a plan has at most ${PLAN_TEXT_MAX} characters of JSON`);

/** A line of the need as the project took it over from the accepted proposal. */
export const ProjectLine = z
  .strictObject({
    lineId: Id,
    kind: z.enum(['funding', 'expertise', 'in_kind', 'data']),
    title: z.string().max(300),
    minimum: Quantity.optional().meta({
      description: 'Has to be confirmed before the project starts (R33), in the unit of the line',
    }),
    recipient: z.enum(['lead', 'owner']),
  })
  .meta({ id: 'ProjectLine' });
export type ProjectLine = z.infer<typeof ProjectLine>;

/** Verdict of the steward on a progress report. */
export const ReportRating = z.enum(['met', 'on_track', 'constrained', 'no_progress', 'no_status']).meta({ id: 'ReportRating' });
export type ReportRating = z.infer<typeof ReportRating>;

/** `annual`: every twelve months after the start; `final`: thirty days after the last milestone is due. */
export const ReportKind = z.enum(['annual', 'final']).meta({ id: 'ReportKind' });
export type ReportKind = z.infer<typeof ReportKind>;

/** Of the two sides of a finished project: the one that did the work and the one that owned the need. */
export const RatingSide = z.enum(['lead', 'steward']).meta({ id: 'RatingSide' });
export type RatingSide = z.infer<typeof RatingSide>;

/** SPDX licence expression of a piece of evidence, such as `CC-BY-4.0`. */
export const Licence = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.+-]{0,63}$/u)
  .meta({ id: 'Licence', description: 'SPDX licence id', examples: ['CC-BY-4.0'] });

/** Proof of a milestone: a stored file by its hash, and what it shows. */
export const Evidence = z
  .strictObject({ sha256: Sha256, caption: text(300), licence: Licence, capturedOn: Day })
  .meta({ id: 'Evidence', description: 'A stored file (GET /files/{sha256}), what it shows, since when, and who may reuse it' });
export type Evidence = z.infer<typeof Evidence>;

/** On time, up to 30 days late, later (R42); the reporting light uses the same colours (R43). */
export const Health = z.enum(['green', 'yellow', 'red']).meta({ id: 'Health' });
export type Health = z.infer<typeof Health>;
