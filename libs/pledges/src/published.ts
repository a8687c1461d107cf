import { PLEDGES_EVENTS } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';

const PUBLIC: ReadonlySet<string> = new Set(PLEDGES_EVENTS.map(({ kind }) => kind));

/** Events of the contract are public as they are stored. Capacity, approvals, evidence and the fund's inner steps stay here. */
export const published = (event: DomainEvent): DomainEvent | undefined => (PUBLIC.has(event.kind) ? event : undefined);
