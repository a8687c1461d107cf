import { InboxResource } from '@concord/contracts';
import { defineResource } from '@concord/platform';
import { Inbox, unreadOf, type InboxState } from './domain/inbox.js';
import { thatPerson } from './policy.js';

/** A person's inbox as the API shows it; its id is the person's, its version the sequence of the unread count. */
export const inbox = defineResource({
  aggregate: Inbox,
  plural: 'inboxes',
  output: InboxResource,
  readable: thatPerson<InboxState>(),
  present: ({ id, version, state }) => ({ id, version, unread: unreadOf(state), items: state.added }),
});
