import type { PublicEvent } from '../service/public-event.js';
import { KafkaLane, type FetchedMessage } from './kafka-lane.js';
import { toMessage } from './kafka-message.js';

const SUBJECT = '019a0000-0000-7000-8000-000000000001';
const COUNT = 50;

const message = (sequence: number): FetchedMessage => ({
  ...toMessage({
    specversion: '1.0',
    id: `${SUBJECT}/${sequence}`,
    source: '/concord/library',
    type: 'concord.library.BookPut',
    subject: SUBJECT,
    time: '2026-01-02T03:04:05.678Z',
    datacontenttype: 'application/json',
    dataschema: 'concord:/schemas/concord.library.BookPut/1',
    sequence,
    previous: sequence - 1,
    correlationid: 'c',
    data: {},
  }),
  offset: String(sequence),
});

/** A lane, what it has handed over and which places it has committed. */
function laneOf(fails: (next: string) => boolean = () => false) {
  const handled: number[] = [];
  const commits: string[] = [];
  const lane = new KafkaLane({
    subscription: {
      group: 'readers',
      from: 'library',
      handle: async (events: readonly PublicEvent[]) => void handled.push(...events.map(({ sequence }) => sequence)),
    },
    topic: 'concord.library',
    partition: 0,
    known: undefined,
    after: Promise.resolve(),
    failed: (error) => {
      throw error;
    },
    commit: async (_topic, _partition, next) => {
      if (fails(next)) throw new Error('the broker is away');
      commits.push(next);
    },
  });
  return { lane, handled, commits };
}

const numbers = Array.from({ length: COUNT }, (_, at) => at + 1);

describe('the place of a partition', () => {
  beforeEach(() => void import.meta.jest.useFakeTimers());
  afterEach(() => void import.meta.jest.useRealTimers());

  it('is committed with the first events at once, then five times a second', async () => {
    const { lane, handled, commits } = laneOf();
    for (const n of numbers) await lane.take([message(n)], true);
    expect(handled).toEqual(numbers);
    expect(commits).toEqual(['2']);
    expect(lane.behindSince).toBeDefined();
    await import.meta.jest.advanceTimersByTimeAsync(200);
    expect(commits).toEqual(['2', String(COUNT + 1)]);
    expect(lane.behindSince).toBeUndefined();
    await import.meta.jest.advanceTimersByTimeAsync(1_000);
    expect(commits).toHaveLength(2);
  });

  it('is committed at once when the partition goes to another', async () => {
    const { lane, commits } = laneOf();
    for (const n of numbers) await lane.take([message(n)], true);
    await lane.abandon();
    expect(commits.at(-1)).toBe(String(COUNT + 1));
  });

  it('is committed later where the broker was away, and never further than what was handled', async () => {
    let away = true;
    const { lane, handled, commits } = laneOf(() => away);
    await lane.take([message(1)], true);
    expect({ handled, commits, behind: lane.behindSince !== undefined }).toEqual({ handled: [1], commits: [], behind: true });
    away = false;
    await lane.settle();
    expect(commits).toEqual(['2']);
    expect(lane.behindSince).toBeUndefined();
  });
});
