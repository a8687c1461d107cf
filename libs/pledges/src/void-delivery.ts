import { PledgesReasonInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { lapseIfEnded } from './commitment-effects.js';
import { deliveryResource } from './delivery-board.js';
import { logOf, voidDelivery } from './domain/delivery.js';
import { forgetDelivery } from './domain/fulfilment.js';
import { Pledge } from './domain/pledge.js';
import { known } from './known.js';
import { delivererApproves } from './policy.js';

/** The pledger takes a record back that is not acknowledged. */
export const voidDeliveryCommand = defineCommand({
  name: 'voidDelivery',
  summary: 'Voids a delivery that is not acknowledged, with a reason.',
  on: deliveryResource,
  verb: 'void',
  input: PledgesReasonInput,
  allows: delivererApproves,
  decide: (decision) => {
    const { id, input, state } = decision;
    const { pledgeId, quantity, evidence } = state;
    const voided = voidDelivery(state, input.reason);
    decision.append(Pledge, pledgeId, forgetDelivery(known(decision, Pledge, pledgeId), id, { quantity, log: logOf(evidence) }));
    lapseIfEnded(decision, pledgeId);
    return voided;
  },
});
