import { setTimeout as pause } from 'node:timers/promises';

/** What a broken join needs to know of a room. */
interface RoomShape {
  readonly name: string;
  readonly epoch: string;
  readonly head: number;
  readonly members: Map<unknown, unknown>;
}

/** A connection, as far as a broken join touches it. */
interface ConnectionShape {
  readonly rooms: Map<string, unknown>;
}

/** Events that come between the answer and the moment the reader is in the room, at least. */
const MISSED = 5;
/** Nothing comes any more once the load is over. */
const WAITS_MAX = 100;

/** The replay of a join that answers where the room is, and lets the reader in only when it has moved on (the join race, F22). */
export async function answersTooEarly(connection: ConnectionShape, room: RoomShape): Promise<unknown> {
  const offset = room.head;
  const text = JSON.stringify({ status: 'joined', epoch: room.epoch, offset, events: [] });
  for (let waits = 0; room.head < offset + MISSED && waits < WAITS_MAX; waits += 1) await pause(10);
  const buffer: unknown[] = [];
  connection.rooms.set(room.name, room);
  room.members.set(connection, buffer);
  return { text, entered: { room, buffer } };
}
