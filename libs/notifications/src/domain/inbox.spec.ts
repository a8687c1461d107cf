import type { DomainEvent } from '@concord/kernel';
import { fold, given } from '@concord/testing';
import fc from 'fast-check';
import {
  addItem,
  finishItems,
  Inbox,
  ItemAdded,
  ItemsDone,
  ItemsRead,
  ItemsUnread,
  readItems,
  UNREAD_RANGES_MAX,
  unreadItems,
  unreadOf,
  type InboxState,
} from './inbox.js';

const PERSON = '0197a000-0000-7000-8000-000000000001';
const notice = {
  reason: 'owner',
  objectKind: 'pledge',
  objectId: '0197a000-0000-7000-8000-0000000000aa',
  type: 'concord.pledges.PledgeMade',
  event: '0197a000-0000-7000-8000-0000000000aa/1',
  at: '2026-01-02T00:00:00.000Z',
} as const;
const added = (item: number, unread: number) => ItemAdded({ person: PERSON, item: { ...notice, item }, unread });

describe('inbox', () => {
  it('numbers items and counts them as unread', () => {
    given(Inbox, [added(1, 1)])
      .when((state) => addItem(state, PERSON, notice))
      .then(added(2, 2));
  });

  it('marks items read once, however often it is told', () => {
    const read = ItemsRead({ ranges: [[2, 3]], unread: 1 });
    given(Inbox, [added(1, 1), added(2, 2), added(3, 3)])
      .when((state) => readItems(state, { items: [3, 2, 3] }))
      .then(read);
    given(Inbox, [added(1, 1), added(2, 2), added(3, 3), read])
      .when((state) => readItems(state, { items: [2, 3] }))
      .then();
  });

  it('marks everything up to a number read, and some of it unread again', () => {
    const all = ItemsRead({ ranges: [[1, 2]], unread: 1 });
    given(Inbox, [added(1, 1), added(2, 2), added(3, 3)])
      .when((state) => readItems(state, { upTo: 2 }))
      .then(all);
    given(Inbox, [added(1, 1), added(2, 2), added(3, 3), all])
      .when((state) => unreadItems(state, { upTo: 3 }))
      .then(ItemsUnread({ ranges: [[1, 2]], unread: 3 }));
  });

  it('counts what is done as read', () => {
    given(Inbox, [added(1, 1), added(2, 2)])
      .when((state) => finishItems(state, { items: [1] }))
      .then(ItemsDone({ ranges: [[1, 1]], unread: 1 }));
  });

  it.each([readItems, unreadItems, finishItems])('knows no item that never was (%p)', (step) => {
    given(Inbox, [added(1, 1)])
      .when((state) => step(state, { items: [2] }))
      .refused('not_found', { newest: 1 });
  });

  it('keeps its state bounded: the oldest of too many unread islands is read', () => {
    const items = Array.from({ length: 2 * UNREAD_RANGES_MAX + 1 }, (_, i) => added(i + 1, i + 1));
    const even = Array.from({ length: UNREAD_RANGES_MAX }, (_, i): [number, number] => [2 * i + 2, 2 * i + 2]);
    const state = fold(Inbox, [...items, ItemsRead({ ranges: even, unread: UNREAD_RANGES_MAX + 1 })]);
    const read = ItemsRead({ ranges: [[2 * UNREAD_RANGES_MAX + 1, 2 * UNREAD_RANGES_MAX + 1]], unread: UNREAD_RANGES_MAX });
    const full = Inbox.evolve(state, read, { at: notice.at });
    const next = addItem({ ...full, added: full.added + 1 }, PERSON, notice);
    expect(next.map(({ kind }) => kind)).toEqual(['ItemAdded', 'ItemsRead']);
    expect(next[1]).toEqual(ItemsRead({ ranges: [[1, 1]], unread: UNREAD_RANGES_MAX }));
  });

  it('keeps the count absolute through any sequence of steps', () => {
    const step = fc.oneof(
      fc.constant({ kind: 'add' } as const),
      fc.record({ kind: fc.constantFrom('read', 'unread', 'done'), items: fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }) }),
      fc.record({ kind: fc.constantFrom('read', 'unread', 'done'), upTo: fc.nat(40) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new Map<number, boolean>();
        const past: DomainEvent[] = [];
        let state: InboxState = Inbox.initial;
        for (const one of steps) {
          const events = run(state, one, model);
          for (const event of events) state = Inbox.evolve(state, event, { at: notice.at });
          past.push(...events);
          const unread = [...model.values()].filter(Boolean).length;
          expect(unreadOf(state)).toBe(unread);
          if (events.length > 0) expect((events.at(-1)!.data as { unread: number }).unread).toBe(unread);
        }
        expect(fold(Inbox, past)).toEqual(state);
      }),
    );
  });
});

type Step = { kind: string; items?: number[]; upTo?: number };

/** Runs a step on the state and on the model; selections are clipped to items that exist. */
function run(state: InboxState, { kind, items, upTo }: Step, model: Map<number, boolean>): DomainEvent[] {
  if (kind === 'add') {
    model.set(model.size + 1, true);
    return addItem(state, PERSON, notice);
  }
  const clip = (n: number) => Math.min(Math.max(n, 1), model.size);
  if (model.size === 0) return [];
  const selection = items ? { items: items.map(clip) } : { upTo: clip(upTo!) };
  const numbers = selection.items ?? Array.from({ length: selection.upTo! }, (_, i) => i + 1);
  for (const number of numbers) model.set(number, kind === 'unread');
  if (kind === 'read') return readItems(state, selection);
  return kind === 'unread' ? unreadItems(state, selection) : finishItems(state, selection);
}
