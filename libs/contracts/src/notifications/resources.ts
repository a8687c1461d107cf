import { Id, Instant } from '@concord/kernel';
import { z } from 'zod';
import { InboxItem } from './events.js';

/** What a person may follow: all of it is public, so following shows nothing that a reader could not see. */
export const FOLLOWABLE = ['need', 'project', 'organisation'] as const;
/** A kind of object a person may follow. */
export type Followable = (typeof FOLLOWABLE)[number];

/** Input: one object to follow. */
export const FollowInput = z.strictObject({ id: Id.optional(), objectKind: z.enum(FOLLOWABLE), objectId: Id });

/** Output: that a person follows, or followed, an object. */
export const FollowResource = z
  .object({ id: Id, version: z.int(), objectKind: z.enum(FOLLOWABLE), objectId: Id, active: z.boolean() })
  .meta({ id: 'Follow' });

/** Input: the items a step is about, by number, or every item up to a number. Exactly one of the two. */
export const ItemSelection = z
  .strictObject({
    items: z.array(z.int().min(1).max(Number.MAX_SAFE_INTEGER)).min(1).max(100).optional(),
    upTo: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  })
  .refine(({ items, upTo }) => (items === undefined) !== (upTo === undefined), 'name either items or upTo')
  .meta({ id: 'ItemSelection' });

/** Output: the counters of an inbox. `version` is its sequence. */
export const InboxResource = z
  .object({ id: Id, version: z.int(), unread: z.int(), items: z.int().meta({ description: 'Items ever received' }) })
  .meta({ id: 'Inbox' });

/** Output: an item as the list shows it. */
export const ListedItem = InboxItem.extend({ unread: z.boolean(), done: z.boolean() }).meta({ id: 'ListedInboxItem' });

/** Output: the reader's inbox, newest first. `unread` and `sequence` belong together; the page may be some milliseconds older. */
export const InboxPage = z
  .object({
    person: Id,
    unread: z.int(),
    sequence: z.int(),
    readAt: Instant.meta({ description: 'Business time of the reading' }),
    items: z.array(ListedItem),
    next: z.string().optional().meta({ description: 'Cursor of the next page; absent on the last' }),
  })
  .meta({ id: 'InboxPage' });
