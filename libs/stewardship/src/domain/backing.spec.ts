import { fold } from '@concord/testing';
import fc from 'fast-check';
import {
  AwardConfirmed,
  BackerAdded,
  BackerRemoved,
  Backing,
  BackingBound,
  fundersOf,
  isBacker,
  MinimumConfirmed,
} from './backing.js';
import { uuid } from './story.js';

const [one, two] = [uuid(1), uuid(2)];

describe('backing', () => {
  it('knows project, award and each confirmed minimum once', () => {
    const state = fold(Backing, [
      BackingBound({ projectId: one }),
      MinimumConfirmed({ lineId: two }),
      MinimumConfirmed({ lineId: two }),
      AwardConfirmed({ projectId: one }),
    ]);
    expect(state).toEqual({ projectId: one, minimums: [two], awardedTo: one, backers: {} });
  });

  it('never counts below nothing', () => {
    expect(() => fold(Backing, [BackerRemoved({ organisationId: one, funding: true })])).toThrow('invariant broken');
  });

  it('names funders and backers exactly while they have live pledges', () => {
    const pledge = fc.record({ organisationId: fc.constantFrom(one, two), funding: fc.boolean(), withdrawn: fc.boolean() });
    fc.assert(
      fc.property(fc.array(pledge, { maxLength: 30 }), (pledges) => {
        const made = pledges.map(({ organisationId, funding }) => BackerAdded({ organisationId, funding }));
        const gone = pledges
          .filter(({ withdrawn }) => withdrawn)
          .map(({ organisationId, funding }) => BackerRemoved({ organisationId, funding }));
        const state = fold(Backing, [...made, ...gone]);
        const live = pledges.filter(({ withdrawn }) => !withdrawn);
        const funders = new Set(live.filter(({ funding }) => funding).map(({ organisationId }) => organisationId));
        expect(fundersOf(state)).toEqual([...funders].sort());
        for (const id of [one, two]) expect(isBacker(state, id)).toBe(live.some(({ organisationId }) => organisationId === id));
      }),
    );
  });
});
