import { InboxItem } from '@concord/contracts';
import { defineAggregate, defineEvent, Id, Refused, z, type DomainEvent } from '@concord/kernel';
import { common, joined, rangesOf, sizeOf, without, type Range } from './ranges.js';

/** An inbox remembers its unread items as at most this many ranges; beyond it the oldest range counts as read. */
export const UNREAD_RANGES_MAX = 200;

const ranges = z.array(z.tuple([z.int().min(1), z.int().min(1)])).max(2 * UNREAD_RANGES_MAX);
const unread = z.int().min(0).meta({ description: 'Unread items after this event' });

/** The person has one more item. Private: the public form is InboxChanged. */
export const ItemAdded = defineEvent('ItemAdded', z.strictObject({ person: Id, item: InboxItem, unread }));
/** These items were read. */
export const ItemsRead = defineEvent('ItemsRead', z.strictObject({ ranges, unread }));
/** These items are to be looked at again; those that were done are back in the inbox. */
export const ItemsUnread = defineEvent('ItemsUnread', z.strictObject({ ranges, unread }));
/** These items left the inbox; they count as read. */
export const ItemsDone = defineEvent('ItemsDone', z.strictObject({ ranges, unread }));

/** What decisions about an inbox need: the items themselves are rows of a read model. */
export interface InboxState {
  /** Whose inbox it is; absent before the first item. */
  readonly person?: string;
  /** Items ever added: the number of the newest. */
  readonly added: number;
  /** Numbers of the unread items, in rising order without overlap. */
  readonly unread: readonly Range[];
}

const EVENTS = [ItemAdded, ItemsRead, ItemsUnread, ItemsDone] as const;

/** A person's inbox; its stream has the person's id. */
export const Inbox = defineAggregate<InboxState, typeof EVENTS>({
  kind: 'inbox',
  initial: { added: 0, unread: [] },
  events: EVENTS,
  evolve: {
    ItemAdded: (state, { person, item }) => ({
      person,
      added: item.item,
      unread: joined([...state.unread, [item.item, item.item]]),
    }),
    ItemsRead: (state, data) => ({ ...state, unread: without(state.unread, data.ranges) }),
    ItemsUnread: (state, data) => ({ ...state, unread: joined([...state.unread, ...data.ranges]) }),
    ItemsDone: (state, data) => ({ ...state, unread: without(state.unread, data.ranges) }),
  },
});

/** Unread items of an inbox. */
export const unreadOf = (state: InboxState): number => sizeOf(state.unread);

/** The items a step names: some by number, or every one up to a number. */
export interface Selection {
  readonly items?: readonly number[] | undefined;
  readonly upTo?: number | undefined;
}

/** Adds an item, numbered in the order of arrival. */
export function addItem(state: InboxState, person: string, notice: Omit<InboxItem, 'item'>): DomainEvent[] {
  const item = { ...notice, item: state.added + 1 };
  const after = joined([...state.unread, [item.item, item.item]]);
  return bounded(after, ItemAdded({ person, item, unread: sizeOf(after) }));
}

/** Marks items read; those read already change nothing, so that a repeated step is harmless. Refused `not_found` for an item that never was. */
export function readItems(state: InboxState, selection: Selection): DomainEvent[] {
  const changed = common(state.unread, selected(state, selection));
  return changed.length === 0 ? [] : [ItemsRead({ ranges: pairs(changed), unread: unreadOf(state) - sizeOf(changed) })];
}

/** Marks items unread again. Refused `not_found` for an item that never was. */
export function unreadItems(state: InboxState, selection: Selection): DomainEvent[] {
  const changed = without(selected(state, selection), state.unread);
  if (changed.length === 0) return [];
  const after = joined([...state.unread, ...changed]);
  return bounded(after, ItemsUnread({ ranges: pairs(changed), unread: sizeOf(after) }));
}

/** Takes items out of the inbox. Refused `not_found` for an item that never was. */
export function finishItems(state: InboxState, selection: Selection): DomainEvent[] {
  const chosen = selected(state, selection);
  return [ItemsDone({ ranges: pairs(chosen), unread: sizeOf(without(state.unread, chosen)) })];
}

function selected(state: InboxState, { items, upTo }: Selection): Range[] {
  const chosen: Range[] = upTo === undefined ? rangesOf(items ?? []) : [[1, upTo]];
  if ((chosen.at(-1)?.[1] ?? 0) > state.added) {
    throw new Refused('not_found', `This inbox has no such item; its newest is number ${state.added}.`, { newest: state.added });
  }
  return chosen;
}

// The state has a bounded size: where an event would leave too many ranges, the oldest is read in the same breath, in an event of
// its own, so that the rows say the same as the state.
function bounded(after: readonly Range[], event: DomainEvent): DomainEvent[] {
  if (after.length <= UNREAD_RANGES_MAX) return [event];
  const oldest = after.slice(0, after.length - UNREAD_RANGES_MAX);
  return [event, ItemsRead({ ranges: pairs(oldest), unread: sizeOf(after) - sizeOf(oldest) })];
}

const pairs = (chosen: readonly Range[]): [number, number][] => chosen.map(([first, last]) => [first, last]);
