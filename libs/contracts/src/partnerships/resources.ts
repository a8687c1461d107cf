import { Id, Instant, Reason, Sha256 } from '@concord/kernel';
import { z } from 'zod';
import { ConflictNature, CriterionAnswer } from './inputs.js';
import {
  CountryCode,
  NeedCriterion,
  Hundredths,
  LanguageTag,
  NeedLine,
  NeedStatus,
  NeedType,
  ProposalStage,
  ProposalStatus,
  RegionCode,
  SdgTarget,
} from './words.js';

/** Who got the need, and since when for good. */
export const NeedAward = z
  .object({
    proposalId: Id,
    leadId: Id,
    projectId: Id,
    partneredAt: Instant,
    finalFrom: Instant.meta({ description: 'Ten days after the award' }),
    final: z.boolean(),
  })
  .meta({ id: 'NeedAward' });

/** A need as the API shows it. */
export const NeedResource = z
  .object({
    id: Id,
    version: z.int(),
    status: NeedStatus,
    organisationId: Id.meta({ description: 'Owner' }),
    title: z.string(),
    summary: z.string().optional(),
    language: LanguageTag,
    needType: NeedType.optional(),
    country: CountryCode.optional(),
    regions: z.array(RegionCode),
    sdgTargets: z.array(SdgTarget),
    useCase: z.string().optional(),
    buildingBlocks: z.array(z.string()),
    solutions: z.array(z.string()),
    lines: z.array(NeedLine),
    criteria: z.array(NeedCriterion),
    intakeClosesAt: Instant.optional(),
    validUntil: Instant.optional(),
    updatedAt: Instant,
    endorserIds: z.array(Id).meta({ description: 'Focal points that may endorse; empty where the country does not ask (R21)' }),
    endorsedBy: Id.optional(),
    publishedAt: Instant.optional(),
    award: NeedAward.optional(),
    outcome: z.enum(['no_candidate', 'cancelled', 'partners']).optional(),
    reason: Reason.optional().meta({ description: 'Of the last return, withdrawal or closure' }),
    invitedIds: z.array(Id).meta({ description: 'Organisations the owner asked to propose' }),
  })
  .meta({ id: 'Need' });
export type NeedResource = z.infer<typeof NeedResource>;

/** A proposal as its lead and partners see it and, while nobody writes in it, the need's owner and its reviewers. */
export const ProposalResource = z
  .object({
    id: Id,
    version: z.int(),
    status: ProposalStatus,
    stage: ProposalStage,
    needId: Id,
    ownerId: Id.meta({ description: 'Owner of the need' }),
    leadId: Id,
    partnerIds: z.array(Id),
    title: z.string(),
    contentVersion: z.int().meta({ description: 'Number of the revision that `hash` covers' }),
    hash: Sha256,
    content: z
      .object({
        summary: z.string(),
        approach: z.string().optional(),
        answers: z.array(CriterionAnswer),
        months: z.int().optional(),
      })
      .meta({ id: 'ProposalContent' }),
    submittedAt: Instant.optional(),
    updatedAt: Instant,
    pendingApproval: z
      .object({ of: z.string(), at: Instant })
      .optional()
      .meta({ description: 'A first approval that waits for its second (R23); for the owner of the need' }),
    reason: Reason.optional().meta({ description: 'Of the decline or withdrawal' }),
    meanScore: Hundredths.optional().meta({ description: 'Mean of the full scores, once decided' }),
    projectId: Id.optional(),
  })
  .meta({ id: 'Proposal' });
export type ProposalResource = z.infer<typeof ProposalResource>;

/** A published need that resembles another (R29). */
export const SimilarNeed = z
  .object({
    id: Id,
    title: z.string(),
    organisationId: Id,
    status: NeedStatus,
    country: CountryCode,
    sdgTargets: z.array(SdgTarget),
    useCase: z.string().optional(),
  })
  .meta({ id: 'SimilarNeed' });

/** What stands between a need and its publication, and which published needs look the same. */
export const NeedReadiness = z
  .object({
    ready: z.boolean(),
    gaps: z.array(z.object({ code: z.string(), pointer: z.string(), message: z.string() })),
    similar: z.array(SimilarNeed),
  })
  .meta({ id: 'NeedReadiness' });

/** Who judges the proposals of a need: for members of the owner; a reviewer sees their own entry. */
export const NeedReview = z
  .object({
    needId: Id,
    proposalCount: z.int().optional().meta({ description: 'Proposals received and not taken back; for members of the owner' }),
    reviewers: z.array(z.object({ personId: Id, conflict: ConflictNature.optional() })),
  })
  .meta({ id: 'NeedReview' });

/** One reviewer's marks on the current version. */
export const ScoreSheet = z
  .object({
    personId: Id.optional().meta({ description: 'For the owner and the reviewer; authors read marks without names' }),
    marks: z.array(z.object({ criterionId: Id, mark: z.int() })),
    result: Hundredths.optional().meta({ description: 'Weighted; absent until every criterion has a mark' }),
    counts: z.boolean().meta({ description: 'A full score of a reviewer without a conflict (R25)' }),
  })
  .meta({ id: 'ScoreSheet' });

/** The scores of a proposal on its current version. */
export const ProposalScores = z
  .object({ hash: Sha256, sheets: z.array(ScoreSheet), fullCount: z.int(), meanScore: Hundredths.optional() })
  .meta({ id: 'ProposalScores' });

/** What the public learns about the proposals of a need: the award, and each decision with its reason (R32). */
export const NeedOutcome = z
  .object({
    needId: Id,
    status: NeedStatus,
    award: NeedAward.optional(),
    accepted: z
      .object({
        proposalId: Id,
        leadId: Id,
        partnerIds: z.array(Id),
        title: z.string(),
        summary: z.string(),
        hash: Sha256,
        meanScore: Hundredths.optional(),
      })
      .optional(),
    declined: z.array(z.object({ proposalId: Id, leadId: Id, reason: Reason.optional(), meanScore: Hundredths.optional() })),
  })
  .meta({ id: 'NeedOutcome' });
