import { given } from '@concord/testing';
import { endFollow, Follow, FollowEnded, FollowStarted, startFollow } from './follow.js';

const started = FollowStarted({
  person: '0197a000-0000-7000-8000-000000000001',
  objectKind: 'need',
  objectId: '0197a000-0000-7000-8000-0000000000aa',
});

describe('follow', () => {
  it('starts', () => {
    given(Follow, [])
      .when(() => startFollow(started.data.person, 'need', started.data.objectId))
      .then(started);
  });

  it('ends once', () => {
    given(Follow, [started]).when(endFollow).then(FollowEnded({}));
    given(Follow, [started, FollowEnded({})])
      .when(endFollow)
      .refused('wrong_state', { state: 'ended' });
  });
});
