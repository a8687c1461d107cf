import { InboxChanged } from '@concord/contracts';
import { defineService } from '@concord/platform';
import { follow, followObject, listFollows, unfollowObject } from './follow-object.js';
import { inbox } from './inbox.js';
import { inboxItems } from './inbox-items.js';
import { listInbox } from './list-inbox.js';
import { markItemsDone, markItemsRead, markItemsUnread } from './mark-items.js';
import { migrations } from './migrations.js';
import { notifyConcerned } from './notify-concerned.js';
import { published } from './published.js';
import { replicas } from './replicas.js';

/** Inboxes and follows: who is told of what, and why. */
export const notifications = defineService({
  name: 'notifications',
  resources: [inbox, follow],
  commands: [markItemsRead, markItemsUnread, markItemsDone, followObject, unfollowObject],
  queries: [listInbox, listFollows],
  reactions: [],
  expansions: [notifyConcerned],
  consumers: [replicas],
  projections: [inboxItems],
  schedules: [],
  migrations,
  publishes: [InboxChanged],
  published,
});
