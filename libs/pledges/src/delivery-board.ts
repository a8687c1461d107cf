import { DELIVERY_STATUSES, DeliveryResource, PledgeKind } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { signedIn } from '@concord/access';
import { defineList, defineResource, defineTable, type Presented } from '@concord/platform';
import { z } from 'zod';
import { Delivery, type DeliveryState } from './domain/delivery.js';
import { concerned } from './policy.js';
import { waiting } from './waiting.js';

type DeliveryRow = {
  readonly id: string;
  readonly pledge_id: string;
  readonly need_id: string;
  readonly project_id: string;
  readonly owner_id: string;
  readonly organisation_id: string;
  readonly recipient_id: string;
  readonly kind: string;
  readonly status: string;
  readonly recorded_at: string;
};

/** One row per delivery, written with its events. */
export const deliveryBoard = defineTable<DeliveryRow>({
  name: 'delivery_board',
  key: ['id'],
  columns: {
    id: 'uuid',
    pledge_id: 'text',
    need_id: 'text',
    project_id: 'text',
    owner_id: 'text',
    organisation_id: 'text',
    recipient_id: 'text',
    kind: 'text',
    status: 'text',
    recorded_at: 'timestamptz',
  },
});

/** The row of a delivery in this state. */
export const deliveryRow = (id: string, delivery: DeliveryState): DeliveryRow => ({
  id,
  pledge_id: delivery.pledgeId,
  need_id: delivery.needId,
  project_id: delivery.projectId,
  owner_id: delivery.ownerId,
  organisation_id: delivery.organisationId,
  recipient_id: delivery.recipientId,
  kind: delivery.kind,
  status: delivery.status,
  recorded_at: delivery.recordedAt,
});

function present({ id, version, state }: Presented<DeliveryState>): z.input<typeof DeliveryResource> {
  const { author: _author, pendingApproval, rejected, ...delivery } = state;
  return { id, version, ...delivery, rejected: [...rejected], pendingApproval: waiting(pendingApproval) };
}

/** A delivery as the API shows it to those concerned. */
export const deliveryResource = defineResource({
  aggregate: Delivery,
  plural: 'deliveries',
  output: DeliveryResource,
  present,
  readable: concerned,
  view: { table: deliveryBoard, row: deliveryRow },
});

/** `GET /deliveries` */
export const listDeliveries = defineList({
  name: 'listDeliveries',
  summary: 'Deliveries of, to or overseen by the organisation acted for, newest first.',
  resource: deliveryResource,
  allows: signedIn,
  visible: (subject, bind) => {
    const organisation = subject?.roles.length ? subject.organisation : undefined;
    if (organisation === undefined) return 'false';
    const mine = bind(organisation);
    return `v.organisation_id = ${mine} OR v.recipient_id = ${mine} OR v.owner_id = ${mine}`;
  },
  filters: {
    pledge: { column: 'pledge_id', match: 'is', value: Id },
    need: { column: 'need_id', match: 'is', value: Id },
    project: { column: 'project_id', match: 'is', value: Id },
    organisation: { column: 'organisation_id', match: 'is', value: Id },
    recipient: { column: 'recipient_id', match: 'is', value: Id },
    kind: { column: 'kind', match: 'is', value: PledgeKind },
    status: { column: 'status', match: 'is', value: z.enum(DELIVERY_STATUSES) },
  },
  sorts: { newest: { column: 'recorded_at', direction: 'desc' }, oldest: { column: 'recorded_at', direction: 'asc' } },
  facets: ['kind', 'status'],
});
