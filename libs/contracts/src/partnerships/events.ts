import { defineEvent, Id, Instant, Reason, Sha256, text } from '@concord/kernel';
import { z } from 'zod';
import {
  CountryCode,
  NeedCriterion,
  Hundredths,
  LanguageTag,
  NeedLine,
  NeedType,
  ProposalStage,
  RegionCode,
  SdgTarget,
} from './words.js';

// Subjects: a need's events carry the need's id, a proposal's the proposal's. In a need's events `organisationId` is its owner,
// except in NeedOrganisationInvited, where it is the invited organisation.

const owner = { organisationId: Id };
const lines = z.array(NeedLine).min(1).max(30);

/** A need is ready to be published, as its owner sees it; `endorserIds` are the focal points that may endorse it (R21). */
export const NeedSubmitted = defineEvent(
  'NeedSubmitted',
  z.strictObject({ ...owner, title: text(200), country: CountryCode, endorserIds: z.array(Id).max(20) }),
);

/** A focal point stands behind the need in its country's name. */
export const NeedEndorsed = defineEvent('NeedEndorsed', z.strictObject({ ...owner, endorserId: Id }));

/** The need went back to draft. */
export const NeedReturned = defineEvent('NeedReturned', z.strictObject({ ...owner, reason: Reason }));

/** The need is public and takes proposals and pledges. Its lines and criteria are fixed from here on (R24). */
export const NeedPublished = defineEvent(
  'NeedPublished',
  z.strictObject({
    ...owner,
    title: text(200),
    language: LanguageTag,
    needType: NeedType,
    country: CountryCode,
    regions: z.array(RegionCode).max(20),
    sdgTargets: z.array(SdgTarget).min(1).max(20),
    useCase: text(100).optional(),
    lines,
    criteria: z.array(NeedCriterion).min(1).max(10),
    intakeClosesAt: Instant,
    validUntil: Instant,
  }),
);

/** What was published has changed. `lines` is the whole new list: targets may have grown, lines may have been added. */
export const NeedAmended = defineEvent(
  'NeedAmended',
  z.strictObject({
    ...owner,
    reason: Reason,
    title: text(200).optional(),
    summary: text(5000).optional(),
    lines: lines.optional(),
    intakeClosesAt: Instant.optional(),
    validUntil: Instant.optional(),
  }),
);

/** No more proposals are taken; those submitted are in review. */
export const NeedIntakeClosed = defineEvent('NeedIntakeClosed', z.strictObject({ ...owner, proposalIds: z.array(Id).max(100) }));

/** Intake is open again. */
export const NeedExtended = defineEvent(
  'NeedExtended',
  z.strictObject({ ...owner, reason: Reason, intakeClosesAt: Instant, validUntil: Instant }),
);

/** A proposal was accepted (R28). The award becomes final ten days later. `projectId` is also the id of the project's fund. */
export const NeedPartnered = defineEvent('NeedPartnered', z.strictObject({ ...owner, proposalId: Id, leadId: Id, projectId: Id }));

/** Ten days have passed without an open appeal: commitments may be confirmed, the project may start (R9, R33). */
export const NeedAwardFinalised = defineEvent(
  'NeedAwardFinalised',
  z.strictObject({ ...owner, proposalId: Id, leadId: Id, projectId: Id }),
);

/** The need is over: with partners when its project closed, without a candidate, or cancelled. */
export const NeedClosed = defineEvent(
  'NeedClosed',
  z.strictObject({ ...owner, outcome: z.enum(['no_candidate', 'cancelled', 'partners']), reason: Reason.optional() }),
);

/** The owner took the need back. */
export const NeedWithdrawn = defineEvent('NeedWithdrawn', z.strictObject({ ...owner, reason: Reason }));

/** A draft lay idle for 180 days, or a need reached its `validUntil` without an award. */
export const NeedExpired = defineEvent('NeedExpired', z.strictObject({ ...owner }));

/** The owner asked an organisation to propose. Here `organisationId` is the invited one. */
export const NeedOrganisationInvited = defineEvent(
  'NeedOrganisationInvited',
  z.strictObject({ organisationId: Id, ownerId: Id, title: text(200) }),
);

const review = { needId: Id, organisationId: Id, personId: Id };

/** A person was asked to score the proposals of a need. Subject: the need's intake, a stream that is not public; hence `needId`. */
export const NeedReviewerAppointed = defineEvent('NeedReviewerAppointed', z.strictObject(review));

/** A person no longer reviews; their scores no longer count. Subject: the need's intake. */
export const NeedReviewerDismissed = defineEvent('NeedReviewerDismissed', z.strictObject({ ...review, reason: Reason }));

const parties = { needId: Id, ownerId: Id, leadId: Id };

/** The lead stands by this version of the proposal. */
export const ProposalSubmitted = defineEvent(
  'ProposalSubmitted',
  z.strictObject({ ...parties, partnerIds: z.array(Id).max(20), stage: ProposalStage, version: z.int().min(1), hash: Sha256 }),
);

/** Intake closed: reviewers score the proposal. */
export const ProposalReviewStarted = defineEvent('ProposalReviewStarted', z.strictObject(parties));

/** At least two full scores are in and the owner keeps the proposal in the race (R25). Scores stay closed until the decision. */
export const ProposalShortlisted = defineEvent('ProposalShortlisted', z.strictObject(parties));

/** The owner asks for the full proposal behind a shortlisted concept note. */
export const FullProposalInvited = defineEvent('FullProposalInvited', z.strictObject(parties));

/** The one accepted proposal of a need, by two approvers on one hash (R23, R26, R28). `lines` are the need's. */
export const ProposalAccepted = defineEvent(
  'ProposalAccepted',
  z.strictObject({
    ...parties,
    partnerIds: z.array(Id).max(20),
    projectId: Id,
    title: text(200),
    hash: Sha256,
    meanScore: Hundredths,
    country: CountryCode,
    sdgTargets: z.array(SdgTarget).min(1).max(20),
    lines,
  }),
);

/** The proposal is out. The reason is public (R32), and so is the mean of its full scores where there are any. */
export const ProposalDeclined = defineEvent(
  'ProposalDeclined',
  z.strictObject({ ...parties, reason: Reason, meanScore: Hundredths.optional() }),
);

/** The lead took the proposal back. */
export const ProposalWithdrawn = defineEvent('ProposalWithdrawn', z.strictObject({ ...parties, reason: Reason }));

/** Everything this context tells the others. */
export const PARTNERSHIPS_EVENTS = [
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
  NeedReviewerAppointed,
  NeedReviewerDismissed,
  ProposalSubmitted,
  ProposalReviewStarted,
  ProposalShortlisted,
  FullProposalInvited,
  ProposalAccepted,
  ProposalDeclined,
  ProposalWithdrawn,
] as const;
