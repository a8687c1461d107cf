import fc from 'fast-check';
import { given } from '@concord/testing';
import { id } from './lesson-need.js';
import { NeedPinned, NeedUnpinned, Pinboard, pinNeed, PINS_MAX, unpinNeed } from './pinboard.js';

const pinned = NeedPinned({ needId: id(1) });

describe('pinboard', () => {
  it('pins a need once', () => {
    given(Pinboard, [])
      .when((state) => pinNeed(state, id(1)))
      .then(pinned);
    given(Pinboard, [pinned])
      .when((state) => pinNeed(state, id(1)))
      .then();
  });

  it('takes a pin off once', () => {
    given(Pinboard, [pinned])
      .when((state) => unpinNeed(state, id(1)))
      .then(NeedUnpinned({ needId: id(1) }));
    given(Pinboard, [])
      .when((state) => unpinNeed(state, id(1)))
      .then();
  });

  it('has a limit', () => {
    const full = Array.from({ length: PINS_MAX }, (_, n) => NeedPinned({ needId: id(n) }));
    given(Pinboard, full)
      .when((state) => pinNeed(state, id(PINS_MAX)))
      .refused('pinboard_full', { max: PINS_MAX });
  });

  it('holds what was pinned last, whatever the order of steps', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 5 })), { maxLength: 40 }), (steps) => {
        let state = Pinboard.initial;
        const expected = new Set<string>();
        for (const [on, n] of steps) {
          const events = on ? pinNeed(state, id(n)) : unpinNeed(state, id(n));
          state = events.reduce((folded, event) => Pinboard.evolve(folded, event, { at: '' }), state);
          if (on) expected.add(id(n));
          else expected.delete(id(n));
        }
        expect([...state.needIds].sort()).toEqual([...expected].sort());
        expect(JSON.parse(JSON.stringify(state))).toEqual(state);
      }),
    );
  });
});
