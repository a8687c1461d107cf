import { FOLLOWABLE, FollowInput, FollowResource } from '@concord/contracts';
import { defineCommand, defineList, defineResource, defineTable } from '@concord/platform';
import { z } from 'zod';
import { endFollow, Follow, startFollow, type FollowState } from './domain/follow.js';
import { forOneself, thatPerson } from './policy.js';

const follows = defineTable({
  name: 'follows',
  key: ['id'],
  columns: { id: 'uuid', person: 'uuid', object_kind: 'text', object_id: 'uuid', active: 'boolean' },
  unique: { follows_once: { code: 'already_following', message: 'You follow this already.' } },
});

/** That a person follows an object, as the API shows it to that person. */
export const follow = defineResource({
  aggregate: Follow,
  plural: 'follows',
  output: FollowResource,
  readable: thatPerson<FollowState>(),
  present: ({ id, version, state }) => ({
    id,
    version,
    objectKind: state.objectKind!,
    objectId: state.objectId!,
    active: state.active,
  }),
  view: {
    table: follows,
    row: (id, { person, objectKind, objectId, active }) =>
      person === undefined ? undefined : { id, person, object_kind: objectKind!, object_id: objectId!, active },
  },
});

/** POST /follows */
export const followObject = defineCommand({
  name: 'followObject',
  summary:
    'Follows a need, project or organisation: what becomes public about it comes into the own inbox. Refused already_following.',
  on: follow,
  verb: 'create',
  input: FollowInput,
  allows: forOneself,
  decide: ({ input, subject }) => startFollow(subject.person, input.objectKind, input.objectId),
});

/** POST /follows/{id}/end */
export const unfollowObject = defineCommand({
  name: 'unfollowObject',
  summary: 'Stops following. Refused wrong_state when that has happened already.',
  on: follow,
  verb: 'end',
  input: z.strictObject({}),
  allows: thatPerson<FollowState>(),
  decide: ({ state }) => endFollow(state),
});

/** GET /follows: what the reader follows. */
export const listFollows = defineList({
  name: 'listFollows',
  summary: 'What the reader follows.',
  resource: follow,
  allows: forOneself,
  visible: (subject, bind) => `v.person = ${bind(subject?.person)}::uuid AND v.active`,
  filters: {
    objectKind: { column: 'object_kind', match: 'is', value: z.enum(FOLLOWABLE) },
    objectId: { column: 'object_id::text', match: 'is', value: z.string().max(36) },
  },
  sorts: { newest: { column: 'id', direction: 'desc' } },
});
