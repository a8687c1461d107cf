import { FOLLOWABLE, type Followable } from '@concord/contracts';
import { defineAggregate, defineEvent, Id, requireState, z, type DomainEvent } from '@concord/kernel';

/** A person follows an object from now on. Private: whom somebody follows is nobody else's business. */
export const FollowStarted = defineEvent(
  'FollowStarted',
  z.strictObject({ person: Id, objectKind: z.enum(FOLLOWABLE), objectId: Id }),
);
/** The person no longer follows it. */
export const FollowEnded = defineEvent('FollowEnded', z.strictObject({}));

/** What a person follows. */
export interface FollowState {
  readonly person?: string;
  readonly objectKind?: Followable;
  readonly objectId?: string;
  readonly active: boolean;
}

/** That one person follows one object. */
export const Follow = defineAggregate<FollowState, [typeof FollowStarted, typeof FollowEnded]>({
  kind: 'follow',
  initial: { active: false },
  events: [FollowStarted, FollowEnded],
  evolve: {
    FollowStarted: (_state, data) => ({ ...data, active: true }),
    FollowEnded: (state) => ({ ...state, active: false }),
  },
});

/** Starts to follow; the unique index of the view refuses the same object twice. */
export const startFollow = (person: string, objectKind: Followable, objectId: string): DomainEvent =>
  FollowStarted({ person, objectKind, objectId });

/** Stops following. Refused `wrong_state` when that has happened already. */
export function endFollow(state: FollowState): DomainEvent {
  requireState('follow', state.active ? 'active' : 'ended', 'active');
  return FollowEnded({});
}
