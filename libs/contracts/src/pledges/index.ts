import * as deliveries from './delivery-events.js';
import * as pledges from './pledge-events.js';

export * from './boards.js';
export * from './delivery-events.js';
export * from './inputs.js';
export * from './kinds.js';
export * from './pledge-events.js';
export * from './resources.js';
export { isSpdxLicence } from './spdx-licences.js';

/** Everything this context tells the others. */
export const PLEDGES_EVENTS = [
  pledges.LineOpened,
  pledges.LineAmended,
  pledges.LineMinimumReached,
  pledges.LineClosed,
  pledges.PledgeMade,
  pledges.PledgeAmended,
  pledges.PledgeAccepted,
  pledges.PledgeDeclined,
  pledges.PledgeConfirmed,
  pledges.PledgeWithdrawn,
  pledges.PledgeLapsed,
  pledges.CommitmentRevised,
  pledges.InstalmentsScheduled,
  pledges.InstalmentDue,
  pledges.PledgeDelivered,
  pledges.FundOpened,
  pledges.ExpenditureRecorded,
  pledges.ExpenditureVoided,
  pledges.FundsRefunded,
  pledges.FundSettled,
  pledges.FundReopened,
  deliveries.DeliveryRecorded,
  deliveries.DeliveryAcknowledged,
  deliveries.DeliveryDisputed,
  deliveries.DeliveryCorrected,
  deliveries.DeliveryVoided,
  deliveries.DeliveryReversed,
] as const;
