import { Id, Quantity, Reason, defineEvent } from '@concord/kernel';
import { z } from 'zod';
import { PledgeKind, PledgeUnit } from './kinds.js';

/** Who owes what to whom: in every event of a delivery. Evidence stays private: it may tell where people were (R48). */
const place = { pledgeId: Id, needId: Id, lineId: Id, projectId: Id, ownerId: Id, organisationId: Id, recipientId: Id };
const amounts = { kind: PledgeKind, unit: PledgeUnit, quantity: Quantity };

/** Quantity that was not accepted, and why (R12). */
export const Rejection = z.strictObject({ quantity: Quantity, reason: Reason }).meta({ id: 'Rejection' });
export type Rejection = z.infer<typeof Rejection>;

/** The pledger says that something was delivered; nothing counts until the recipient acknowledges it (R1). */
export const DeliveryRecorded = defineEvent('DeliveryRecorded', z.strictObject({ ...place, ...amounts }));

/** The recipient acknowledged: `quantity` = `accepted` + everything rejected. */
export const DeliveryAcknowledged = defineEvent(
  'DeliveryAcknowledged',
  z.strictObject({
    ...place,
    ...amounts,
    accepted: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    counted: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
    rejected: z.array(Rejection).max(20),
  }),
);

/** The recipient says that the record is wrong. */
export const DeliveryDisputed = defineEvent('DeliveryDisputed', z.strictObject({ ...place, ...amounts, reason: Reason }));

/** The pledger corrected the record; `quantity` is the new one. */
export const DeliveryCorrected = defineEvent('DeliveryCorrected', z.strictObject({ ...place, ...amounts, reason: Reason }));

/** The pledger took the record back. */
export const DeliveryVoided = defineEvent('DeliveryVoided', z.strictObject({ ...place, ...amounts, reason: Reason }));

/** Both sides undid an acknowledgement; `quantity` no longer counts as delivered (R2). */
export const DeliveryReversed = defineEvent(
  'DeliveryReversed',
  z.strictObject({ ...place, ...amounts, counted: z.int().min(0).max(Number.MAX_SAFE_INTEGER), reason: Reason }),
);
