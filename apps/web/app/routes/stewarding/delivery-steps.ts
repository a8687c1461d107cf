import type { Acting } from '../../facts.js';
import type { Delivery } from './delivery-body.js';
import { may, type StepRole } from './may.js';

interface DeliveryStep {
  readonly role: StepRole;
  readonly from: readonly Delivery['status'][];
  who(delivery: Pick<Delivery, 'organisationId' | 'recipientId'>): readonly string[];
}

/** Steps on a recorded delivery (domain.md section 4). */
export const DELIVERY_STEPS: Readonly<Record<string, DeliveryStep>> = {
  acknowledge: { role: 'approver', from: ['recorded'], who: ({ recipientId }) => [recipientId] },
  dispute: { role: 'approver', from: ['recorded'], who: ({ recipientId }) => [recipientId] },
  correct: { role: 'editor', from: ['recorded', 'disputed'], who: ({ organisationId }) => [organisationId] },
  void: { role: 'approver', from: ['recorded', 'disputed'], who: ({ organisationId }) => [organisationId] },
  reverse: { role: 'approver', from: ['acknowledged'], who: ({ organisationId, recipientId }) => [organisationId, recipientId] },
};

/** Steps this reader can take on a delivery now. */
export const deliveryStepsFor = (delivery: Delivery, acting: Acting | undefined): string[] =>
  Object.entries(DELIVERY_STEPS)
    .filter(([, step]) => step.from.includes(delivery.status) && may(acting, step.role, step.who(delivery)))
    .map(([name]) => name);
