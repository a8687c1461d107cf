import { PARTNERSHIPS_EVENTS } from '@concord/contracts';
import { defineService } from '@concord/platform';
import { acceptProposal } from './accept-proposal.js';
import { amendNeed } from './amend-need.js';
import { appointReviewer, declareConflict, dismissReviewer } from './appoint-reviewer.js';
import { closeIntake, intakeCloses } from './close-intake.js';
import { closeNeed } from './close-need.js';
import { declineProposal } from './decline-proposal.js';
import { Country, FocalPoint } from './domain/focal-points.js';
import { Intake } from './domain/intake.js';
import { Pinboard } from './domain/pinboard.js';
import { Review } from './domain/review.js';
import { draftNeed } from './draft-need.js';
import { draftProposal } from './draft-proposal.js';
import { endorseNeed } from './endorse-need.js';
import { needExpires } from './expire-need.js';
import { extendNeed } from './extend-need.js';
import { awardFinalises } from './finalise-award.js';
import { inviteOrganisation } from './invite-organisation.js';
import { migrations } from './migrations.js';
import { listEndorsements, listInvitations, listNeeds, listPins } from './need-lists.js';
import { getNeedOutcome, getNeedReview } from './need-outcome.js';
import { needs } from './needs.js';
import { onFocalPointDesignated } from './on-focal-point-designated.js';
import { onProjectCancelled, onProjectClosed } from './on-project-ended.js';
import { pinNeed, unpinNeed } from './pin-need.js';
import { listProposals, proposals } from './proposals.js';
import { publishNeed } from './publish-need.js';
import { published } from './published.js';
import { returnNeed } from './return-need.js';
import { reviseNeed } from './revise-need.js';
import { reviseProposal } from './revise-proposal.js';
import { getProposalScores, scoreProposal } from './score-proposal.js';
import { inviteFullProposal, shortlistProposal } from './shortlist-proposal.js';
import { getNeedReadiness, listSimilarNeeds } from './similar-needs.js';
import { submitNeed } from './submit-need.js';
import { submitProposal } from './submit-proposal.js';
import { withdrawNeed } from './withdraw-need.js';
import { withdrawProposal } from './withdraw-proposal.js';

/** Needs, proposals and how the one finds the other: the table of contents of the context. */
export const partnerships = defineService({
  name: 'partnerships',
  resources: [needs, proposals],
  aggregates: [Intake, Review, Pinboard, Country, FocalPoint],
  commands: [
    draftNeed,
    reviseNeed,
    submitNeed,
    endorseNeed,
    returnNeed,
    publishNeed,
    amendNeed,
    closeIntake,
    extendNeed,
    closeNeed,
    withdrawNeed,
    inviteOrganisation,
    pinNeed,
    unpinNeed,
    appointReviewer,
    dismissReviewer,
    declareConflict,
    draftProposal,
    reviseProposal,
    submitProposal,
    withdrawProposal,
    scoreProposal,
    shortlistProposal,
    inviteFullProposal,
    acceptProposal,
    declineProposal,
  ],
  queries: [
    listNeeds,
    listSimilarNeeds,
    getNeedReadiness,
    getNeedOutcome,
    getNeedReview,
    listEndorsements,
    listInvitations,
    listPins,
    listProposals,
    getProposalScores,
  ],
  reactions: [onFocalPointDesignated, onProjectClosed, onProjectCancelled],
  projections: [],
  schedules: [intakeCloses, needExpires, awardFinalises],
  migrations,
  published,
  publishes: [...PARTNERSHIPS_EVENTS],
});
