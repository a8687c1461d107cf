import { CorrectDeliveryInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { deliveryResource } from './delivery-board.js';
import { correctDelivery, logOf, quantityOf } from './domain/delivery.js';
import { expectDelivery } from './domain/fulfilment.js';
import { Pledge } from './domain/pledge.js';
import { known } from './known.js';
import { delivererEdits } from './policy.js';

/** The pledger replaces a record that is not acknowledged, also after a dispute. */
export const correctDeliveryCommand = defineCommand({
  name: 'correctDelivery',
  summary: 'Replaces the record of a delivery that is not acknowledged, with a reason; the rules of recording hold again.',
  on: deliveryResource,
  verb: 'correct',
  input: CorrectDeliveryInput,
  allows: delivererEdits,
  decide: ({ id, at, input, state, ...decision }) => {
    const { reason, ...evidence } = input;
    const pledge = known(decision, Pledge, state.pledgeId);
    const events = correctDelivery(state, pledge, { evidence, reason, at });
    const before = { quantity: state.quantity, log: logOf(state.evidence) };
    decision.append(
      Pledge,
      state.pledgeId,
      expectDelivery(pledge, id, { quantity: quantityOf(evidence), log: logOf(evidence) }, before),
    );
    return events;
  },
});
