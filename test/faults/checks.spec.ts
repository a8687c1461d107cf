import { GENESIS_HASH, hashInput } from '@concord/kernel';
import { createHash } from 'node:crypto';
import { checkRun } from './check-run.js';
import type { Finding } from './findings.js';
import type { Entry, RunRecord } from './history.js';
import type { Heard } from './room-listener.js';
import type { StoredEvent, StoredRows } from './stored-rows.js';

// The checks against runs that were made up: an honest one, and one for each way to break a promise. What is planted is found, by the
// check that has to find it.

type Run = { record: Mutable<RunRecord>; rows: Mutable<StoredRows>; heard: Mutable<Heard> };
type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] | undefined
    ? Mutable<U>[]
    : T[K] extends object
      ? Mutable<T[K]>
      : T[K];
};

const [line, pledge, organisation, room] = ['line-1', 'pledge-1', 'organisation-1', 'need:need-1'];
const meta = (key: string) => ({ at: '2026-01-01T00:00:00.000Z', correlation: `${key}/1` });
const text = (version: number): string => JSON.stringify({ id: pledge, version });

/** Recomputes the hashes of all events and heads, as whoever rewrites a history would. */
function rehash(rows: Mutable<StoredRows>): void {
  const hashes = new Map<string, string>();
  for (const event of rows.events) {
    const { rooms: _rooms, previous: _previous, hash: _hash, ...hashed } = event;
    event.hash = createHash('sha256')
      .update(hashInput(hashes.get(event.stream) ?? GENESIS_HASH, hashed as StoredEvent))
      .digest('hex');
    hashes.set(event.stream, event.hash);
  }
  for (const stream of rows.streams) stream.hash = hashes.get(stream.id) ?? GENESIS_HASH;
}

const event = (stream: string, version: number, kind: string, data: object, key: string, previous: number | null = null) => ({
  stream,
  version,
  kind,
  schemaVersion: 1,
  previous,
  data: data as Record<string, unknown>,
  meta: meta(key),
  hash: '',
  rooms: previous === null ? [] : [room],
});

/** A pledge of 60 on a line of 100 is made by a key that was sent twice, and withdrawn; another of 200 is refused. */
function honest(): Run {
  const answer = (status: number, version: number) => ({ status, etag: `"${version}"`, body: text(version) });
  const refusal = { status: 409, etag: undefined, body: '{"code":"line_full"}' };
  const entries: Entry[] = [
    { type: 'invoke', key: 'make', attempt: 1, at: 1 },
    { type: 'invoke', key: 'make', attempt: 2, at: 1 },
    { type: 'info', key: 'make', attempt: 2, at: 2, why: 'the connection was lost' },
    { type: 'ok', key: 'make', attempt: 1, at: 3, answer: answer(201, 1) },
    { type: 'ok', key: 'make', attempt: 3, at: 4, answer: answer(201, 1) },
    { type: 'invoke', key: 'full', attempt: 1, at: 5 },
    { type: 'fail', key: 'full', attempt: 1, at: 6, answer: refusal },
    { type: 'invoke', key: 'withdraw', attempt: 1, at: 7 },
    { type: 'ok', key: 'withdraw', attempt: 1, at: 8, answer: answer(200, 2) },
  ];
  const rows: Mutable<StoredRows> = {
    events: [
      event(line, 1, 'LineOpened', { target: 100 }, 'opened', 0),
      event(line, 2, 'CapacityReserved', { pledgeId: pledge, quantity: 60 }, 'make'),
      event(pledge, 1, 'PledgeMade', { counted: 60 }, 'make', 0),
      event(line, 3, 'CapacityReleased', { pledgeId: pledge, quantity: 60 }, 'withdraw'),
      event(pledge, 2, 'PledgeWithdrawn', {}, 'withdraw', 1),
    ],
    streams: [
      { id: line, kind: 'Line', version: 3, state: { reserved: 0, confirmed: 0, target: 100 }, hash: '' },
      { id: pledge, kind: 'Pledge', version: 2, state: { lineId: line, status: 'withdrawn', counted: 60, committed: 0 }, hash: '' },
    ],
    answers: [
      { scope: organisation, key: 'make', status: 201, body: text(1) },
      { scope: organisation, key: 'full', status: 409, body: refusal.body },
      { scope: organisation, key: 'withdraw', status: 200, body: text(2) },
    ],
    books: [{ book: 'pledged', unit: 'USD', debit: '120', credit: '120' }],
    marks: [line, pledge, pledge].map((stream, index) => ({ stream, sequence: index === 2 ? 2 : 1 })),
    feed: [`${line}/1`, `${pledge}/1`, `${pledge}/2`].map((id, index) => ({
      room,
      offset: index + 1,
      event: `/concord/pledges ${id}`,
    })),
    rooms: [{ room, epoch: 'e', last: 3 }],
    parked: [],
  };
  rehash(rows);
  const intent = (key: string, command: 'make' | 'withdraw') => ({ key, command, organisation, path: '', body: {} });
  return {
    record: {
      intents: [intent('make', 'make'), intent('full', 'make'), intent('withdraw', 'withdraw')],
      entries: entries as Mutable<Entry>[],
      readings: [
        { object: pledge, version: 1, from: 5, to: 6 },
        { object: pledge, version: 2, from: 9, to: 10 },
        { object: line, version: 3, from: 9, to: 10, taken: 0, target: 100 },
      ],
      probes: [{ key: 'make', status: 422 }],
    },
    rows,
    heard: {
      room,
      from: 1,
      intruded: [],
      log: [2, 3].map((offset) => ({ type: 'event' as const, epoch: 'e', offset, event: rows.feed[offset - 1]!.event })),
    },
  };
}

const found = ({ record, rows, heard }: Run): Finding[] => checkRun(record as RunRecord, rows, heard as Heard);

/** A planted fault, and what has to be found of it. */
const planted: [string, Finding['invariant'], Finding['fault'], (run: Run) => void][] = [
  ['an acknowledged command that is not in the log', 'I1', 'lost', ({ rows }) => void rows.events.splice(3, 2)],
  ['an acknowledged answer that is not stored', 'I1', 'lost', ({ rows }) => void rows.answers.pop()],
  [
    'two effects of one key',
    'I1',
    'double',
    ({ rows }) => void rows.events.push(event('pledge-2', 1, 'PledgeMade', { counted: 60 }, 'make', 0)),
  ],
  [
    'an effect of a refused command',
    'I1',
    'phantom',
    ({ rows }) => void rows.events.push(event('pledge-2', 1, 'PledgeMade', {}, 'full', 0)),
  ],
  [
    'an effect nobody asked for',
    'I1',
    'phantom',
    ({ rows }) => void rows.events.push(event('pledge-2', 1, 'PledgeMade', {}, 'strange', 0)),
  ],
  ['a command without an answer', 'I1', 'unanswered', ({ record }) => void record.entries.splice(8, 1)],
  ['a stored answer that is not the one given', 'I1', 'changed', ({ rows }) => void (rows.answers[0]!.body += ' ')],
  [
    'a replay that differs in one byte',
    'I2',
    'changed',
    ({ record }) => void ((record.entries[4] as { answer: { body: string } }).answer.body += ' '),
  ],
  ['a key that takes another body', 'I2', 'changed', ({ record }) => void (record.probes[0]!.status = 201)],
  [
    'an error of ours',
    'I2',
    'changed',
    ({ record }) => void ((record.entries[6] as { answer: { status: number } }).answer.status = 500),
  ],
  ['a line that holds more than its pledges', 'I3', 'unbalanced', ({ rows }) => void (rows.streams[0]!.state['reserved'] = 1)],
  ['a book that does not sum to nothing', 'I3', 'unbalanced', ({ rows }) => void (rows.books[0]!.credit = '119')],
  [
    'a line that for one moment holds more than its target',
    'I4',
    'overcap',
    ({ rows }) => void (rows.events[1]!.data['quantity'] = 101),
  ],
  ['a reading of more than the target', 'I4', 'overcap', ({ record }) => void (record.readings[2]!.taken = 101)],
  [
    'a pledge that ends twice',
    'I5',
    'resolved twice',
    ({ rows }) => void rows.events.push(event(pledge, 3, 'PledgeLapsed', { cause: 'expired' }, 'x', 2)),
  ],
  ['a published event that took no effect', 'I6', 'undelivered', ({ rows }) => void rows.marks.pop()],
  ['a published event that is missing in its room', 'I6', 'undelivered', ({ rows }) => void rows.feed.pop()],
  ['an event that took effect twice', 'I6', 'duplicated', ({ rows }) => void rows.feed.push({ ...rows.feed[2]!, offset: 4 })],
  ['an effect of what was rolled back', 'I6', 'phantom', ({ rows }) => void rows.marks.push({ stream: pledge, sequence: 3 })],
  [
    'an event that is parked',
    'I6',
    'parked',
    ({ rows }) => void rows.parked.push({ context: 'gateway', consumer: 'feed', stream: pledge, sequence: 2 }),
  ],
  ['a version that is missing', 'I7', 'gap', ({ rows }) => void (rows.events[4]!.version = 3)],
  ['versions out of order', 'I7', 'reordered', ({ rows }) => void rows.events.reverse()],
  ['an offset that was given to nothing', 'I7', 'gap', ({ rows }) => void (rows.rooms[0]!.last = 4)],
  [
    'two events of a pledge in the wrong order in a room',
    'I7',
    'reordered',
    ({ rows }) => void rows.feed.splice(1, 2, { ...rows.feed[2]!, offset: 2 }, { ...rows.feed[1]!, offset: 3 }),
  ],
  ['an offset the subscriber never got', 'I11', 'undelivered', ({ heard }) => void heard.log.shift()],
  ['an offset the subscriber got twice', 'I11', 'duplicated', ({ heard }) => void heard.log.push(heard.log[1]!)],
  ['the end the subscriber never got', 'I11', 'undelivered', ({ heard }) => void heard.log.pop()],
  [
    'another event than the one in the feed',
    'I11',
    'differs',
    ({ heard }) => void ((heard.log[0] as { event: string }).event = 'x'),
  ],
  ['a stranger in a closed room', 'I11', 'unauthorised', ({ heard }) => void heard.intruded.push('organisation:o')],
  ['a reading older than what was acknowledged before', 'I13', 'stale', ({ record }) => void (record.readings[1]!.version = 1)],
  ['an event that was changed afterwards', 'I15', 'broken', ({ rows }) => void (rows.events[2]!.data['counted'] = 61)],
  ['an end that was cut off with its head', 'I15', 'broken', ({ rows }) => void (rows.streams[1]!.hash = rows.events[2]!.hash)],
];

it('the checks find nothing in an honest run', () => {
  expect(found(honest())).toEqual([]);
});

it('a reset tells the subscriber of a gap', () => {
  const run = honest();
  run.heard.log = [{ type: 'reset', epoch: 'e', offset: 3 }];
  expect(found(run)).toEqual([]);
});

it.each(planted)('the checks find %s', (_name, invariant, fault, plant) => {
  const run = honest();
  plant(run);
  expect(found(run)).toContainEqual({ invariant, fault, where: expect.any(String) as string });
});
