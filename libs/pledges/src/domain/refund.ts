import { FundsRefunded } from '@concord/contracts';
import { Refused, requireState, type DomainEvent, type Reason } from '@concord/kernel';
import { RefundOffered } from './fund-events.js';
import { requireBalance, requirePast, settling, type FundState } from './fund.js';

interface Refund {
  readonly pledgeId: string;
  readonly currency: string;
  readonly quantity: number;
  readonly refundedOn: string;
  readonly reference: string;
  readonly reason: Reason;
}

/**
 * Unspent money goes back: the lead offers, the payer acknowledges the same. A payer is never refunded more than came from that
 * pledge. Where the lead is the payer, two calls make it, the first one is the offer.
 */
export function refundFunds(fund: FundState, refund: Refund, actor: { organisation: string; at: string }): DomainEvent[] {
  requireState('fund', fund.status, 'open');
  requirePast(refund.refundedOn, actor.at);
  const { pledgeId, currency, quantity, refundedOn } = refund;
  const commitment = fund.commitments[pledgeId];
  if (commitment?.currency === undefined)
    throw new Refused('not_found', 'No money came to this fund by that pledge.', { pledgeId });
  if (commitment.currency !== currency)
    throw new Refused('wrong_currency', `That pledge paid in ${commitment.currency}.`, { unit: commitment.currency });
  requireBalance(fund, currency, quantity);
  const left = commitment.received - commitment.refunded;
  if (quantity > left) throw new Refused('exceeds_received', `Only ${left} of what this pledge paid is left to refund.`, { left });
  const { organisationId } = commitment;
  const pending = fund.pendingRefund;
  const matches =
    pending?.pledgeId === pledgeId &&
    pending.currency === currency &&
    pending.quantity === quantity &&
    pending.refundedOn === refundedOn;
  if (actor.organisation === organisationId && matches) {
    const { reference, reason } = pending;
    const refunded = FundsRefunded({
      needId: fund.needId,
      pledgeId,
      organisationId,
      currency,
      quantity,
      refundedOn,
      reference,
      reason,
    });
    return settling(fund, [refunded], actor.at);
  }
  if (actor.organisation !== fund.recipientId) {
    throw new Refused(
      'not_offered',
      'The lead says first that this refund is on its way; then the payer acknowledges the same.',
      {},
    );
  }
  return [RefundOffered({ ...refund, organisationId })];
}
