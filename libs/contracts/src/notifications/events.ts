import { defineEvent, Id, Instant, text } from '@concord/kernel';
import { z } from 'zod';

/** Why an item is in somebody's inbox; shown beside every item (UX-11). Strongest first: one person gets one item an event. */
export const ITEM_REASONS = [
  'assigned',
  'signer',
  'reviewer',
  'decision',
  'recipient',
  'owner',
  'steward',
  'lead',
  'pledger',
  'partner',
  'member',
  'following',
] as const;
/** A reason of an inbox item. */
export type ItemReason = (typeof ITEM_REASONS)[number];

/** What an item can be about. */
export const OBJECT_KINDS = [
  'need',
  'proposal',
  'line',
  'pledge',
  'delivery',
  'fund',
  'project',
  'milestone',
  'report',
  'organisation',
  'person',
] as const;
/** A kind of object an item can be about. */
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/**
 * One notice to one person: a pointer, never a copy. What it points to is read again with the reader's rights, so that an old
 * item shows nothing its reader may no longer open (UX-15). The title is that of a published need or project.
 */
export const InboxItem = z
  .object({
    item: z.int().min(1).meta({ description: 'Number of the item in its inbox, counted from 1 without holes' }),
    reason: z.enum(ITEM_REASONS),
    objectKind: z.enum(OBJECT_KINDS),
    objectId: Id,
    type: z.string().max(120).meta({ description: 'Type of the event that made the item: concord.<context>.<EventKind>' }),
    event: z.string().max(120).meta({ description: 'Id of that event' }),
    title: text(300).optional(),
    needId: Id.optional(),
    projectId: Id.optional(),
    actorOrganisation: Id.optional().meta({ description: 'The organisation that acted' }),
    forOrganisation: Id.optional().meta({ description: 'The organisation through whose membership the item concerns this person' }),
    at: Instant,
  })
  .meta({ id: 'InboxItem' });
/** One notice to one person. */
export type InboxItem = z.infer<typeof InboxItem>;

/**
 * A person's inbox changed (stream: the person). `unread` is absolute, and the event's sequence orders it, so that two tabs
 * agree whatever arrives first (UX-12). Only the room of that person gets it.
 */
export const InboxChanged = defineEvent('InboxChanged', z.object({ unread: z.int().min(0), item: InboxItem.optional() }));
