import { PARTNERSHIPS_EVENTS } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';

const kinds = new Set<string>(PARTNERSHIPS_EVENTS.map((event) => event.kind));

/** An event of the contract is published as it was stored; drafts, marks, pins and first approvals stay inside. */
export const published = (event: DomainEvent): DomainEvent | undefined => (kinds.has(event.kind) ? event : undefined);
