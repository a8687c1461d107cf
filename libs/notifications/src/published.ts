import { InboxChanged, type InboxItem } from '@concord/contracts';
import type { DomainEvent } from '@concord/kernel';
import { ItemAdded, ItemsDone, ItemsRead, ItemsUnread } from './domain/inbox.js';

const OF_INBOX: readonly string[] = [ItemAdded.kind, ItemsRead.kind, ItemsUnread.kind, ItemsDone.kind];

/** Every event of an inbox says how many items are unread now; a new item travels with it. Follows stay private. */
export function published(event: DomainEvent): DomainEvent | undefined {
  if (!OF_INBOX.includes(event.kind)) return undefined;
  const { unread, item } = event.data as { unread: number; item?: InboxItem };
  return InboxChanged({ unread, ...(item !== undefined && { item }) });
}
