import { defineAggregate, defineEvent, Id, Refused, type DomainEvent, z } from '@concord/kernel';

/** An organisation keeps an eye on a need. Nobody else learns of it. */
export const NeedPinned = defineEvent('NeedPinned', z.strictObject({ needId: Id }));

/** It no longer does. */
export const NeedUnpinned = defineEvent('NeedUnpinned', z.strictObject({ needId: Id }));

/** Needs an organisation has put on its own shortlist, oldest first. */
export interface PinboardState {
  readonly needIds: readonly string[];
}

/** One stream per organisation, its id is `derivedId('pinboard', organisationId)`. */
export const Pinboard = defineAggregate({
  kind: 'pinboard',
  initial: { needIds: [] } as PinboardState,
  events: [NeedPinned, NeedUnpinned],
  evolve: {
    NeedPinned: (state, data) => ({ needIds: [...state.needIds, data.needId] }),
    NeedUnpinned: (state, data) => ({ needIds: state.needIds.filter((id) => id !== data.needId) }),
  },
});

/** Pins of one organisation; the board is one stream and is rewritten with every pin. */
export const PINS_MAX = 200;

/** Pins a need; a need that is pinned already stays so. Refused `pinboard_full` beyond PINS_MAX. */
export function pinNeed(state: PinboardState, needId: string): DomainEvent[] {
  if (state.needIds.includes(needId)) return [];
  if (state.needIds.length >= PINS_MAX) {
    throw new Refused('pinboard_full', `Your organisation has pinned ${PINS_MAX} needs. Unpin one first.`, { max: PINS_MAX });
  }
  return [NeedPinned({ needId })];
}

/** Takes the pin off; nothing happens where there is none. */
export const unpinNeed = (state: PinboardState, needId: string): DomainEvent[] =>
  state.needIds.includes(needId) ? [NeedUnpinned({ needId })] : [];
