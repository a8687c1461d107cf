import { STEWARDSHIP_EVENTS } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';

const PUBLIC: ReadonlySet<string> = new Set(STEWARDSHIP_EVENTS.map(({ kind }) => kind));

/** What others hear: events of the contract as they are stored; approvals that wait, plans of milestones and replicas stay here. */
export const published = (event: DomainEvent): DomainEvent | undefined => (PUBLIC.has(event.kind) ? event : undefined);
