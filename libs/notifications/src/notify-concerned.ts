import { defineExpansion } from '@concord/platform';
import { notify } from './domain/audience.js';
import { Inbox } from './domain/inbox.js';
import { NOTICES } from './domain/notices.js';
import { expand, expandAgain, type Targets } from './recipients.js';
import { SOURCES } from './replicas.js';

/** Kinds somebody hears of. */
const HEARD = [...NOTICES].filter(([, notice]) => notice.to.length > 0).map(([kind]) => kind);

/** One item, with its reason, into the inbox of everyone an event concerns. */
export const notifyConcerned = defineExpansion<Targets | undefined>({
  name: 'notify-concerned',
  from: SOURCES,
  kinds: HEARD,
  expand,
  again: expandAgain,
  reads: (targets) => (targets?.recipients ?? []).map(({ person }) => ({ aggregate: Inbox, id: person })),
  decide({ targets, read, append }) {
    for (const recipient of targets?.recipients ?? []) {
      const { state } = read(Inbox, recipient.person);
      append(Inbox, recipient.person, ...notify(state, recipient, targets!.content));
    }
  },
});
