import { DIRECTORY_EVENTS } from './directory/index.js';
import { InboxChanged } from './notifications/index.js';
import { PARTNERSHIPS_EVENTS } from './partnerships/index.js';
import { PLEDGES_EVENTS } from './pledges/index.js';
import { STEWARDSHIP_EVENTS } from './stewardship/index.js';

const kinds = (events: readonly { readonly kind: string }[]): readonly string[] => events.map(({ kind }) => kind);

/** Kinds of public event by context: what this build can read. Consumers are deployed before producers, so another kind is poison. */
export const PUBLIC_KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['directory', kinds(DIRECTORY_EVENTS)],
  ['partnerships', kinds(PARTNERSHIPS_EVENTS)],
  ['pledges', kinds(PLEDGES_EVENTS)],
  ['stewardship', kinds(STEWARDSHIP_EVENTS)],
  ['notifications', kinds([InboxChanged])],
]);
