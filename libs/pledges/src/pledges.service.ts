import { PLEDGES_EVENTS } from '@concord/contracts';
import { defineService } from '@concord/platform';
import { acceptPledgeCommand } from './accept-pledge.js';
import { acknowledgeDeliveryCommand } from './acknowledge-delivery.js';
import { amendPledgeCommand } from './amend-pledge.js';
import { confirmPledgeCommand } from './confirm-pledge.js';
import { correctDeliveryCommand } from './correct-delivery.js';
import { dateInstalments } from './date-instalments.js';
import { deliveryResource, listDeliveries } from './delivery-board.js';
import { disputeDeliveryCommand } from './dispute-delivery.js';
import { Award } from './domain/award.js';
import { Expenditure } from './domain/expenditure.js';
import { declinePledgeCommand, withdrawPledgeCommand } from './end-offer.js';
import { fundResource, listFunds } from './fund-book.js';
import { lapseExpiredOffers, lapseOffersOnClosedLines } from './lapse-offers.js';
import { lapseRemainderCommand } from './lapse-remainder.js';
import { getFundEntries, getLedger, ledger } from './ledger.js';
import { lineResource, listLines } from './line-board.js';
import { makePledgeCommand } from './make-pledge.js';
import { migrations } from './migrations.js';
import { getConversion, getNeedFunding } from './need-funding.js';
import { onNeedClosed, onNeedExpired, onNeedWithdrawn } from './on-need-ended.js';
import { onNeedAmended, onNeedPublished } from './on-need-published.js';
import { onMilestoneReleased, onPlanAgreed } from './on-plan-agreed.js';
import { onProjectCancelled, onProjectFinalisationStarted, onProjectResumed, onProjectSuspended } from './on-project-changed.js';
import { onNeedAwardFinalised, onProposalAccepted } from './on-proposal-accepted.js';
import { listPledges, pledgeResource } from './pledge-board.js';
import { published } from './published.js';
import { recordDeliveryCommand } from './record-delivery.js';
import { recordExpenditureCommand } from './record-expenditure.js';
import { refundFundsCommand } from './refund-funds.js';
import { reverseDeliveryCommand } from './reverse-delivery.js';
import { reviseCommitmentCommand } from './revise-commitment.js';
import { voidDeliveryCommand } from './void-delivery.js';
import { voidExpenditureCommand } from './void-expenditure.js';

/** The pledges context: lines, pledges, deliveries, funds and the ledger. */
export const pledges = defineService({
  name: 'pledges',
  resources: [pledgeResource, lineResource, deliveryResource, fundResource],
  aggregates: [Award, Expenditure],
  commands: [
    makePledgeCommand,
    amendPledgeCommand,
    acceptPledgeCommand,
    declinePledgeCommand,
    withdrawPledgeCommand,
    confirmPledgeCommand,
    reviseCommitmentCommand,
    lapseRemainderCommand,
    recordDeliveryCommand,
    acknowledgeDeliveryCommand,
    disputeDeliveryCommand,
    correctDeliveryCommand,
    voidDeliveryCommand,
    reverseDeliveryCommand,
    recordExpenditureCommand,
    voidExpenditureCommand,
    refundFundsCommand,
  ],
  queries: [listPledges, listLines, listDeliveries, listFunds, getNeedFunding, getConversion, getLedger, getFundEntries],
  reactions: [
    onNeedPublished,
    onNeedAmended,
    onNeedClosed,
    onNeedWithdrawn,
    onNeedExpired,
    onProposalAccepted,
    onNeedAwardFinalised,
    onPlanAgreed,
    onMilestoneReleased,
    onProjectSuspended,
    onProjectResumed,
    onProjectCancelled,
    onProjectFinalisationStarted,
  ],
  projections: [ledger],
  schedules: [lapseExpiredOffers, lapseOffersOnClosedLines, dateInstalments],
  migrations,
  published,
  publishes: PLEDGES_EVENTS,
});
