import { checkDelivery } from './delivery-checks.js';
import { checkPoison, listenersTo } from './poison-checks.js';
import type { StoredRows } from './stored-rows.js';

const KEY = '01989f3a-7c10-7a00-8000-000000000001';
const OTHER = '01989f3a-7c10-7a00-8000-000000000002';
const poisoned = new Map([[KEY, 1]]);
const row = (listener: string, stream: string, sequence = -1): StoredRows['parked'][number] => {
  const [, context = '', consumer = ''] = /^(\S+) (.+)$/u.exec(listener)!;
  return { context, consumer, stream, sequence };
};
const rowsOf = (parked: StoredRows['parked']): StoredRows => ({
  events: [],
  streams: [],
  answers: [],
  books: [],
  marks: [],
  feed: [],
  rooms: [],
  parked,
});
const everywhere = listenersTo('pledges').map((listener) => row(listener, KEY));

it('whoever listens to pledges is known: reactions, consumers, and the feed of the rooms', () => {
  expect(listenersTo('pledges')).toEqual(
    expect.arrayContaining(['stewardship on-pledge-made', 'gateway feed of pledges', 'notifications notify-concerned of pledges']),
  );
});

it('poison that is parked once at every listener, and nothing else, is in order', () => {
  const { findings, explained, rest } = checkPoison(rowsOf(everywhere), poisoned);
  expect({ findings, explained, parked: rest.parked }).toEqual({ findings: [], explained: everywhere.length, parked: [] });
});

it.each([
  ['poison that one listener let pass', everywhere.slice(1), 'undelivered'],
  ['poison that is parked twice', [...everywhere, row('gateway feed of pledges', KEY, -2)], 'duplicated'],
])('%s is found', (_what, parked, fault) => {
  expect(checkPoison(rowsOf(parked), poisoned).findings).toEqual([
    { invariant: 'I10', fault, where: expect.stringContaining(KEY) as string },
  ]);
});

it('an event that is parked beside the poison is found by the other checks', () => {
  const { rest } = checkPoison(rowsOf([...everywhere, row('gateway feed of pledges', OTHER, 3)]), poisoned);
  expect(checkDelivery(rest)).toEqual([{ invariant: 'I6', fault: 'parked', where: expect.stringContaining(OTHER) as string }]);
});
