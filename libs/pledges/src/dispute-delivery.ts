import { PledgesReasonInput } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { deliveryResource } from './delivery-board.js';
import { disputeDelivery } from './domain/delivery.js';
import { recipientDecides } from './policy.js';

/** The recipient says that the record is wrong; the pledger corrects or voids it. */
export const disputeDeliveryCommand = defineCommand({
  name: 'disputeDelivery',
  summary: 'Disputes a recorded delivery, with a reason.',
  on: deliveryResource,
  verb: 'dispute',
  input: PledgesReasonInput,
  allows: recipientDecides,
  decide: ({ input, state }) => disputeDelivery(state, input.reason),
});
