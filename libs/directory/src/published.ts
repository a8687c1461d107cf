import { DIRECTORY_EVENTS } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';

const PUBLIC: ReadonlySet<string> = new Set(DIRECTORY_EVENTS.map((event) => event.kind));

/** Events of the contract go out as they are stored; approvals and invitations stay inside. */
export const published = (event: DomainEvent): DomainEvent | undefined => (PUBLIC.has(event.kind) ? event : undefined);
