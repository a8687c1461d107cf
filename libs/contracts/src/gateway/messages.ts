import { z } from 'zod';

export { NO_EPOCH, REALTIME_PATH } from './wire.js';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** Name of a room: `public`, `need:<id>`, `project:<id>`, `organisation:<id>` (its members), `person:<id>` (that person). */
export const RoomName = z
  .string()
  .max(64)
  .regex(new RegExp(`^(public|(need|project|organisation|person):${UUID})$`, 'u'), 'must be the name of a room')
  .meta({ id: 'RoomName' });

/** Client → server, `join`: enter a room, and get what came after `offset` of `epoch`; without both, only what comes from now on. */
export const JoinRequest = z
  .strictObject({ room: RoomName, epoch: z.string().min(1).max(64).optional(), offset: z.int().min(0).optional() })
  .refine(({ epoch, offset }) => (epoch === undefined) === (offset === undefined), 'epoch and offset belong together')
  .meta({ id: 'JoinRequest' });
/** A request to enter a room. */
export type JoinRequest = z.infer<typeof JoinRequest>;

/** Client → server, `leave`. */
export const LeaveRequest = z.strictObject({ room: RoomName }).meta({ id: 'LeaveRequest' });

/** A public event in its CloudEvents JSON form, as far as a socket client needs to know it. */
export const CloudEvent = z
  .looseObject({
    id: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string(),
    time: z.string(),
    sequence: z.int(),
    previous: z.int(),
    person: z.string().optional(),
    organisation: z.string().optional(),
    data: z.unknown(),
  })
  .meta({ id: 'CloudEvent' });
/** A public event as a socket client gets it. */
export type CloudEvent = z.infer<typeof CloudEvent>;

/** One event of a room; the offsets of a room's epoch are consecutive. */
export const NumberedEvent = z.object({ offset: z.int().min(1), event: CloudEvent }).meta({ id: 'NumberedEvent' });

/** Why a join was refused, or why the server took somebody out of a room. An absent and a forbidden room look the same. */
export const DENIAL_REASONS = ['invalid', 'forbidden', 'too_many', 'too_slow', 'unavailable', 'revoked', 'expired'] as const;
/** Why a join was refused, or why the server took somebody out of a room. */
export type DenialReason = (typeof DENIAL_REASONS)[number];

/**
 * Answer to `join`. `joined`: the reader is in the room and `events` are all that lie between the asked offset and `offset`.
 * `reset`: the reader is in the room from `offset` on, but what came before cannot be replayed: fetch the resource again.
 */
export const JoinAnswer = z
  .discriminatedUnion('status', [
    z.object({ status: z.literal('joined'), epoch: z.string(), offset: z.int().min(0), events: z.array(NumberedEvent) }),
    z.object({ status: z.literal('reset'), epoch: z.string(), offset: z.int().min(0) }),
    z.object({ status: z.literal('denied'), reason: z.enum(DENIAL_REASONS) }),
  ])
  .meta({ id: 'JoinAnswer' });
/** Answer to `join`. */
export type JoinAnswer = z.infer<typeof JoinAnswer>;

/** Server → client, `event`. */
export const RoomEvent = NumberedEvent.extend({ room: RoomName, epoch: z.string() }).meta({ id: 'RoomEvent' });
/** One live event of a room. */
export type RoomEvent = z.infer<typeof RoomEvent>;

/** Server → client, `reset`: the reader is no longer in the room (too slow, or the room's history was replaced); join again. */
export const RoomReset = z.object({ room: RoomName, epoch: z.string(), offset: z.int().min(0) }).meta({ id: 'RoomReset' });
/** The reader was dropped from a room without loss of right. */
export type RoomReset = z.infer<typeof RoomReset>;

/** Server → client, `denied`: the reader lost the right to be in the room. */
export const RoomDenied = z.object({ room: RoomName, reason: z.enum(DENIAL_REASONS) }).meta({ id: 'RoomDenied' });
/** The reader lost the right to be in a room. */
export type RoomDenied = z.infer<typeof RoomDenied>;

/** Server → client, `ended`: the server closes the connection next. Come back with another token, or with none. */
export const ConnectionEnded = z.object({ reason: z.enum(DENIAL_REASONS) }).meta({ id: 'ConnectionEnded' });
/** Why the server closed the connection. */
export type ConnectionEnded = z.infer<typeof ConnectionEnded>;
