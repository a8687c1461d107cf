import { NO_EPOCH, type CloudEvent } from '@concord/contracts';
import fc from 'fast-check';
import { RoomState, type Place } from './room-state.js';

const event = (offset: number): CloudEvent => ({
  id: `x/${offset}`,
  source: '/concord/x',
  type: 't',
  subject: 'x',
  time: '',
  sequence: offset,
  previous: 0,
  data: {},
});

function reader(at?: Place) {
  const got: number[] = [];
  const resets: Place[] = [];
  const seen = { holes: 0 };
  const state = new RoomState(
    { onEvent: (_event, { offset }) => got.push(offset), onReset: (place) => resets.push(place) },
    () => (seen.holes += 1),
    at,
  );
  return { state, got, resets, seen, take: (offset: number, epoch = 'e') => state.take(epoch, offset, event(offset)) };
}
const joined = (offset: number, offsets: number[], epoch = 'e') => ({
  status: 'joined' as const,
  epoch,
  offset,
  events: offsets.map((one) => ({ offset: one, event: event(one) })),
});

describe('a room as its reader sees it', () => {
  it('begins where the answer says', () => {
    const { state, got, take } = reader();
    take(7);
    state.answered(joined(7, []));
    take(7);
    take(8);
    expect(got).toEqual([8]);
    expect(state.place).toEqual({ epoch: 'e', offset: 8 });
  });

  it('gives what was sent twice once, and asks again at a hole', () => {
    const { got, seen, take } = reader({ epoch: 'e', offset: 2 });
    for (const offset of [2, 3, 3, 1, 4, 6]) take(offset);
    expect(got).toEqual([3, 4]);
    expect(seen.holes).toBe(1);
  });

  it('takes a replay over live events that overtook it', () => {
    const { state, got, take } = reader({ epoch: 'e', offset: 2 });
    take(6);
    state.answered(joined(6, [3, 4, 5, 6]));
    take(7);
    expect(got).toEqual([3, 4, 5, 6, 7]);
  });

  it('tells of a reset once, and goes on after it', () => {
    const { state, got, resets, take } = reader({ epoch: 'e', offset: 2 });
    state.answered({ status: 'reset', epoch: 'f', offset: 9 });
    take(10, 'f');
    expect(resets).toEqual([{ epoch: 'f', offset: 9 }]);
    expect(got).toEqual([10]);
  });

  it('takes an answer with holes for a reset', () => {
    const { state, got, resets } = reader({ epoch: 'e', offset: 2 });
    state.answered(joined(6, [3, 5, 6]));
    expect(got).toEqual([3]);
    expect(resets).toEqual([{ epoch: 'e', offset: 6 }]);
  });

  it('follows a room from its very first event', () => {
    const { state, got, take } = reader();
    state.answered(joined(0, [], NO_EPOCH));
    take(1);
    take(2);
    expect(got).toEqual([1, 2]);
    const back = reader({ epoch: NO_EPOCH, offset: 0 });
    back.state.answered(joined(2, [1, 2]));
    expect(back.got).toEqual([1, 2]);
  });

  it('asks again when the epoch changes without a word', () => {
    const { got, seen, take } = reader({ epoch: 'e', offset: 2 });
    take(3, 'f');
    expect(got).toEqual([]);
    expect(seen.holes).toBe(1);
  });

  it('gives each offset at most once and in order, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 60 }), (offsets) => {
        const { got, take } = reader({ epoch: 'e', offset: 0 });
        for (const offset of offsets) take(offset);
        expect(got).toEqual(got.map((_, i) => i + 1));
      }),
    );
  });
});
