import { ItemSelection } from '@concord/contracts';
import { defineCommand } from '@concord/platform';
import { finishItems, readItems, unreadItems, type InboxState } from './domain/inbox.js';
import { inbox } from './inbox.js';
import { thatPerson } from './policy.js';

/** POST /inboxes/{person}/read */
export const markItemsRead = defineCommand({
  name: 'markItemsRead',
  summary: 'Marks items of the own inbox read: some by number, or every one up to a number. Repeating it changes nothing.',
  on: inbox,
  verb: 'read',
  input: ItemSelection,
  allows: thatPerson<InboxState>(),
  decide: ({ state, input }) => readItems(state, input),
});

/** POST /inboxes/{person}/unread */
export const markItemsUnread = defineCommand({
  name: 'markItemsUnread',
  summary: 'Marks items of the own inbox unread again; those that were done come back.',
  on: inbox,
  verb: 'unread',
  input: ItemSelection,
  allows: thatPerson<InboxState>(),
  decide: ({ state, input }) => unreadItems(state, input),
});

/** POST /inboxes/{person}/done */
export const markItemsDone = defineCommand({
  name: 'markItemsDone',
  summary: 'Takes items out of the own inbox; they count as read.',
  on: inbox,
  verb: 'done',
  input: ItemSelection,
  allows: thatPerson<InboxState>(),
  decide: ({ state, input }) => finishItems(state, input),
});
