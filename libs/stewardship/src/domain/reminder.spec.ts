import { MilestoneReminded, MilestoneStarted } from '@concord/contracts';
import { given } from '@concord/testing';
import { Milestone, MilestonePlanned, type MilestoneState } from './milestone.js';
import { dayAfter } from './health.js';
import { remind, remindOn } from './reminder.js';
import { LANTERN, milestone, MINISTRY, NEED, PROJECT } from './story.js';

const { milestoneId: _id, ...terms } = milestone(1, 20);
const ids = { projectId: PROJECT, needId: NEED };
const planned = MilestonePlanned({ ...ids, leadId: LANTERN, stewardId: MINISTRY, partnerIds: [], ...terms });
const at = (days: number): string => `${dayAfter(terms.dueOn, days)}T12:00:00.000Z`;

describe('a reminder', () => {
  it('comes a week before the day, and once', () => {
    given(Milestone, [planned])
      .when((state) => remind(state, at(-8)))
      .then();
    const after = given(Milestone, [planned, MilestoneStarted(ids)])
      .when((state) => remind(state, at(-7)))
      .then(MilestoneReminded({ ...ids, dueOn: terms.dueOn }));
    expect(remindOn(after)).toBeUndefined();
    expect(remind(after, at(-1))).toBeUndefined();
  });

  it('comes again for a new day', () => {
    const { state } = given(Milestone, [planned, MilestoneReminded({ ...ids, dueOn: terms.dueOn })]);
    expect(remindOn({ ...state, dueOn: dayAfter(terms.dueOn, 30) })).toBe(dayAfter(terms.dueOn, 23));
  });

  it.each(['submitted', 'accepted', 'released', 'dropped'] as const)('does not come for what is %s', (status) => {
    const state: MilestoneState = { ...given(Milestone, [planned]).state, status };
    expect(remind(state, at(0))).toBeUndefined();
  });
});
