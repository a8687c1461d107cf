import { fold, given } from '@concord/testing';
import { Award, AwardFinalised, AwardLinesChanged, AwardMade, AwardOpened, changeLines, recipientIn } from './award.js';

const id = (n: number): string => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const opened = AwardOpened({ ownerId: id(1), lineIds: [id(2)] });

describe('an award', () => {
  it('knows who receives: the owner at once, the lead when there is one', () => {
    expect(recipientIn(Award.initial, 'owner')).toBeUndefined();
    const before = fold(Award, [opened]);
    expect([recipientIn(before, 'owner'), recipientIn(before, 'lead')]).toEqual([id(1), undefined]);
    const made = fold(Award, [opened, AwardMade({ ownerId: id(1), leadId: id(3), projectId: id(4) })]);
    expect(recipientIn(made, 'lead')).toBe(id(3));
    expect(made.final).toBe(false);
    expect(fold(Award, [opened, AwardFinalised({ leadId: id(3), projectId: id(4) })]).final).toBe(true);
  });

  it('adds the lines of an amended need and forgets none', () => {
    given(Award, [opened])
      .when((state) => changeLines(state, [id(2)]))
      .then();
    given(Award, [opened])
      .when((state) => changeLines(state, [id(5)]))
      .then(AwardLinesChanged({ lineIds: [id(2), id(5)] }));
  });
});
