import { Id, Instant, Reason, Sha256, text } from '@concord/kernel';
import { z } from 'zod';
import {
  CountryCode,
  NeedCriterionInput,
  LanguageTag,
  NeedLineInput,
  NeedType,
  ProposalStage,
  RegionCode,
  SdgTarget,
} from './words.js';

const needFields = {
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
  lines: z.array(NeedLineInput).max(30),
  criteria: z.array(NeedCriterionInput).max(10),
  intakeClosesAt: Instant,
  validUntil: Instant,
};

/** A draft needs a title and a language; what else is missing is named by `GET /needs/{id}/readiness`. */
export const DraftNeedInput = z.strictObject({
  id: Id.optional(),
  ...needFields,
  summary: needFields.summary.optional(),
  needType: needFields.needType.optional(),
  country: needFields.country.optional(),
  regions: needFields.regions.default([]),
  sdgTargets: needFields.sdgTargets.default([]),
  useCase: needFields.useCase.optional(),
  buildingBlocks: needFields.buildingBlocks.default([]),
  solutions: needFields.solutions.default([]),
  lines: needFields.lines.default([]),
  criteria: needFields.criteria.default([]),
  intakeClosesAt: needFields.intakeClosesAt.optional(),
  validUntil: needFields.validUntil.optional(),
});
export type DraftNeedInput = z.output<typeof DraftNeedInput>;

/** Fields that are given replace the draft's; lists are replaced whole. `useCase: null` removes the use case. */
export const ReviseNeedInput = z.strictObject({ ...needFields, useCase: needFields.useCase.nullable() }).partial();
export type ReviseNeedInput = z.output<typeof ReviseNeedInput>;

/** A step that needs nothing but itself. */
export const NeedStepInput = z.strictObject({});

/** A step that needs its reason (R32). */
export const NeedReasonInput = z.strictObject({ reason: Reason });

/** What may change after publication. `lines` is the whole new list: targets grow, lines are added, nothing else moves. */
export const AmendNeedInput = z.strictObject({
  reason: Reason,
  title: text(200).optional(),
  summary: text(5000).optional(),
  lines: z.array(NeedLineInput).min(1).max(30).optional(),
  intakeClosesAt: Instant.optional(),
  validUntil: Instant.optional(),
});
export type AmendNeedInput = z.output<typeof AmendNeedInput>;

/** Opens intake again until a new date; `validUntil` moves along where it is given. */
export const ExtendNeedInput = z.strictObject({ reason: Reason, intakeClosesAt: Instant, validUntil: Instant.optional() });
export type ExtendNeedInput = z.output<typeof ExtendNeedInput>;

/** Ends a need that found nobody, or that is no longer wanted. */
export const CloseNeedInput = z.strictObject({ outcome: z.enum(['no_candidate', 'cancelled']), reason: Reason });
export type CloseNeedInput = z.output<typeof CloseNeedInput>;

/** Asks an organisation to propose. */
export const InviteOrganisationInput = z.strictObject({ organisationId: Id });

/** Asks a person to score. */
export const AppointReviewerInput = z.strictObject({ personId: Id });

/** Takes a reviewer off a need. */
export const DismissReviewerInput = z.strictObject({ personId: Id, reason: Reason });

/** What ties a reviewer to somebody who proposes. A code and no words: it concerns a person (R48). */
export const ConflictNature = z.enum(['employment', 'financial', 'family', 'authorship', 'other']).meta({ id: 'ConflictNature' });
export type ConflictNature = z.infer<typeof ConflictNature>;

/** Said by the reviewer about themselves. It covers every proposal of the need, because rivals are ranked against each other. */
export const DeclareConflictInput = z.strictObject({ nature: ConflictNature });

/** What the proposal says to one criterion of the need. */
export const CriterionAnswer = z.strictObject({ criterionId: Id, text: text(5000) }).meta({ id: 'CriterionAnswer' });
export type CriterionAnswer = z.infer<typeof CriterionAnswer>;

const proposalFields = {
  title: text(200),
  summary: text(5000),
  approach: text(20_000),
  answers: z.array(CriterionAnswer).max(10),
  months: z.int().min(1).max(120).meta({ description: 'How long the work takes' }),
  partnerIds: z.array(Id).max(20).meta({ description: 'Co-authoring organisations, without the lead' }),
};

/** An answer to a published need. The acting organisation is the lead. */
export const DraftProposalInput = z.strictObject({
  id: Id.optional(),
  needId: Id,
  stage: ProposalStage.default('full'),
  title: proposalFields.title,
  summary: proposalFields.summary,
  approach: proposalFields.approach.optional(),
  answers: proposalFields.answers.default([]),
  months: proposalFields.months.optional(),
  partnerIds: proposalFields.partnerIds.default([]),
});
export type DraftProposalInput = z.output<typeof DraftProposalInput>;

/** Fields that are given replace the draft's. Every revision is a new version with a new hash. */
export const ReviseProposalInput = z.strictObject(proposalFields).partial();
export type ReviseProposalInput = z.output<typeof ReviseProposalInput>;

/** A step on one exact version (R26). */
export const ProposalVersionInput = z.strictObject({ hash: Sha256 });

/** Marks 0 to 10 for criteria of the need, on one version. Marks given before for the same version and criterion are replaced. */
export const ScoreProposalInput = z.strictObject({
  hash: Sha256,
  marks: z
    .array(z.strictObject({ criterionId: Id, mark: z.int().min(0).max(10) }))
    .min(1)
    .max(10),
});
export type ScoreProposalInput = z.output<typeof ScoreProposalInput>;
