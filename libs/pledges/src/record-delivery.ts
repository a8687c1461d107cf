import { RecordDeliveryInput } from '@concord/contracts';
import { Refused, type Subject } from '@concord/kernel';
import { defineCommand } from '@concord/platform';
import { deliveryResource } from './delivery-board.js';
import { logOf, quantityOf, recordDelivery } from './domain/delivery.js';
import { expectDelivery } from './domain/fulfilment.js';
import { Fund, requireDisbursement } from './domain/fund.js';
import { Pledge, type PledgeState } from './domain/pledge.js';
import { known } from './known.js';
import { recording } from './policy.js';

/** The pledger's editors record; experts in the field log their own hours. */
function requireRecorder(pledge: PledgeState, subject: Subject): void {
  const edits = subject.roles.includes('editor') || subject.roles.includes('approver');
  if (pledge.organisationId === subject.organisation && (edits || pledge.kind === 'expertise')) return;
  throw new Refused(
    'forbidden',
    'You may see this pledge, but recording is for an editor of the pledger, or an expert logging hours.',
  );
}

/** The pledger says that something was delivered; the recipient has the last word. */
export const recordDeliveryCommand = defineCommand({
  name: 'recordDelivery',
  summary:
    'Records money passed on, hours, goods or data against a commitment. By-milestone money only after its release (R13), hours by R16, no money while suspended (R40).',
  on: deliveryResource,
  verb: 'create',
  input: RecordDeliveryInput,
  allows: recording,
  reads: ({ pledgeId }) => [{ aggregate: Pledge, id: pledgeId }],
  decide: ({ id, at, input, subject, ...decision }) => {
    const { id: _id, pledgeId, ...evidence } = input;
    const pledge = known(decision, Pledge, pledgeId);
    requireRecorder(pledge, subject);
    const events = recordDelivery(pledgeId, pledge, evidence, at);
    if (evidence.kind === 'funding') requireDisbursement(known(decision, Fund, pledge.projectId ?? ''));
    decision.append(Pledge, pledgeId, expectDelivery(pledge, id, { quantity: quantityOf(evidence), log: logOf(evidence) }));
    return events;
  },
});
