import { PledgesReasonInput } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';
import { defineCommand } from '@concord/platform';
import { deliveryResource } from './delivery-board.js';
import { agreeReversal, reverseDelivery } from './domain/delivery.js';
import { uncountDelivery } from './domain/fulfilment.js';
import { Fund, markCommitment, reverseReceipt, settling } from './domain/fund.js';
import { Line, changeCommitment, countDelivery } from './domain/line.js';
import { Pledge } from './domain/pledge.js';
import { actorOf, known } from './known.js';
import { delivererOrRecipient } from './policy.js';

/** Pledger and recipient undo an acknowledged delivery; everything it counted for is compensated (R2). */
export const reverseDeliveryCommand = defineCommand({
  name: 'reverseDelivery',
  summary:
    'Undoes an acknowledged delivery when both sides say so, with a reason (R2); money that is spent or refunded cannot be undone (R17).',
  on: deliveryResource,
  verb: 'reverse',
  input: PledgesReasonInput,
  allows: delivererOrRecipient,
  decide: (decision) => {
    const { id, at, input, state, subject } = decision;
    const { pledgeId, lineId, projectId, kind, unit, accepted = 0 } = state;
    const approval = agreeReversal(state, actorOf(subject));
    if (approval) return approval;
    const line = known(decision, Line, lineId);
    const { event, counted, lapsed } = uncountDelivery(known(decision, Pledge, pledgeId), {
      deliveryId: id,
      quantity: accepted,
      lineUnit: line.unit,
    });
    decision.append(Pledge, pledgeId, event);
    const gone = lapsed ? changeCommitment(line, pledgeId, -counted) : [];
    decision.append(Line, lineId, ...countDelivery(line, pledgeId, -counted), ...gone);
    const fund = known(decision, Fund, projectId);
    const changes: DomainEvent[] =
      kind === 'funding' ? [reverseReceipt(fund, { pledgeId, deliveryId: id, currency: unit, quantity: accepted })] : [];
    if (!lapsed) changes.push(...markCommitment(fund, pledgeId, true));
    decision.append(Fund, projectId, ...settling(fund, changes, at));
    return reverseDelivery(state, counted, input.reason);
  },
});
