import { AcknowledgeDeliveryInput } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';
import { defineCommand } from '@concord/platform';
import { lapseIfEnded } from './commitment-effects.js';
import { deliveryResource } from './delivery-board.js';
import { acknowledgeDelivery } from './domain/delivery.js';
import { FundsReceived } from './domain/fund-events.js';
import { Fund, markCommitment, settling } from './domain/fund.js';
import { Line, countDelivery } from './domain/line.js';
import { Pledge } from './domain/pledge.js';
import { known } from './known.js';
import { recipientDecides } from './policy.js';

/** The recipient's word: only now it counts, on the pledge, on the line, and as money in the fund. */
export const acknowledgeDeliveryCommand = defineCommand({
  name: 'acknowledgeDelivery',
  summary:
    'Accepts a recorded delivery, whole or in part with reasons (R12); data only with the checksum that was pledged (R15); not by who recorded it (R22).',
  on: deliveryResource,
  verb: 'acknowledge',
  input: AcknowledgeDeliveryInput,
  allows: recipientDecides,
  decide: (decision) => {
    const { id, at, input, state, subject } = decision;
    const { pledgeId, lineId, projectId, kind, unit } = state;
    const pledge = known(decision, Pledge, pledgeId);
    const line = known(decision, Line, lineId);
    const { events, counting } = acknowledgeDelivery(id, state, pledge, { input, person: subject.person, lineUnit: line.unit });
    decision.append(Pledge, pledgeId, ...counting.events);
    decision.append(Line, lineId, ...countDelivery(line, pledgeId, counting.counted));
    const fund = known(decision, Fund, projectId);
    const changes: DomainEvent[] = counting.complete ? markCommitment(fund, pledgeId, false) : [];
    if (kind === 'funding' && input.accepted > 0) {
      changes.unshift(FundsReceived({ pledgeId, deliveryId: id, currency: unit, quantity: input.accepted }));
    }
    decision.append(Fund, projectId, ...settling(fund, changes, at));
    lapseIfEnded(decision, pledgeId);
    return events;
  },
});
