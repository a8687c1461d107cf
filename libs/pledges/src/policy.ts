import { acting, everyone, memberOf, of } from '@concord/access';
import type { DeliveryState } from './domain/delivery.js';
import type { FundState } from './domain/fund.js';
import type { PledgeState } from './domain/pledge.js';

/** What is pledged on a published need is public, and so are its lines and funds. */
export const anyone = everyone;

/** An editor of any verified organisation may offer (R20). */
export const offering = acting('editor');
/** An editor of the pledger changes an offer. */
export const pledgerEdits = of<PledgeState>('editor', 'the pledger', ({ organisationId }) => organisationId);
/** An approver of the pledger binds it, or takes an offer back. */
export const pledgerApproves = of<PledgeState>('approver', 'the pledger', ({ organisationId }) => organisationId);
/** An approver of the need's owner accepts or declines. */
export const ownerDecides = of<PledgeState>('approver', 'the owner of the need', ({ ownerId }) => ownerId);
/** A commitment changes when both sides agree (R10). */
export const pledgerOrRecipient = of<PledgeState>('approver', 'the pledger or the recipient', ({ organisationId, recipientId }) => [
  organisationId,
  recipientId,
]);
/** The rest of a commitment lapses when pledger and steward agree; the steward is the need's owner. */
export const pledgerOrSteward = of<PledgeState>('approver', 'the pledger or the steward', ({ organisationId, ownerId }) => [
  organisationId,
  ownerId,
]);

/** Evidence names places and persons' marks: only the organisations concerned see it (R48). */
export const concerned = memberOf<DeliveryState>(
  'the pledger, the recipient or the steward',
  ({ organisationId, recipientId, ownerId }) => [organisationId, recipientId, ownerId],
);
/** Anyone who works for a verified organisation records; the decision asks whether it is the pledger's, and for whom (experts log hours). */
export const recording = acting('field');
/** An editor of the pledger corrects a record. */
export const delivererEdits = of<DeliveryState>('editor', 'the pledger', ({ organisationId }) => organisationId);
/** An approver of the pledger takes a record back. */
export const delivererApproves = of<DeliveryState>('approver', 'the pledger', ({ organisationId }) => organisationId);
/** Only the recipient acknowledges or disputes (R12). */
export const recipientDecides = of<DeliveryState>('approver', 'the recipient', ({ recipientId }) => recipientId);
/** What counted is undone when both sides agree. */
export const delivererOrRecipient = of<DeliveryState>(
  'approver',
  'the pledger or the recipient',
  ({ organisationId, recipientId }) => [organisationId, recipientId],
);

/** An editor of the lead keeps the fund's books. */
export const leadEdits = of<FundState>('editor', 'the lead', ({ recipientId }) => recipientId);
/** The lead refunds; the payer acknowledges. */
export const leadOrPayer = of<FundState>('approver', 'the lead or a payer', ({ recipientId, commitments }) => [
  recipientId,
  ...Object.values(commitments).map(({ organisationId }) => organisationId),
]);
