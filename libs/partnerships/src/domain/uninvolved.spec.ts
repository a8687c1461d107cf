import { Refused } from '@concord/kernel';
import { requireNoConflict, requireNotAuthor } from './uninvolved.js';

const refusal = (code: string) => expect.objectContaining({ code });

describe('uninvolved', () => {
  it('refuses authors (R22)', () => {
    expect(() => requireNotAuthor(['person-1'], 'person-2')).not.toThrow();
    expect(() => requireNotAuthor(['person-1'], 'person-1')).toThrow(refusal('own_work'));
  });

  it('refuses reviewers with a conflict (R25)', () => {
    const reviewers = [{ personId: 'person-1' }, { personId: 'person-2', conflict: 'family' as const }];
    expect(() => requireNoConflict(reviewers, 'person-1')).not.toThrow();
    expect(() => requireNoConflict(reviewers, 'person-3')).not.toThrow();
    expect(() => requireNoConflict(reviewers, 'person-2')).toThrow(refusal('conflict_of_interest'));
    expect(() => requireNoConflict(reviewers, 'person-2')).toThrow(Refused);
  });
});
