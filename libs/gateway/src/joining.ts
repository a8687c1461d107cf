import { JoinRequest, NO_EPOCH, type DenialReason, type JoinAnswer } from '@concord/contracts';
import type { Access } from './access.js';
import type { Connection } from './connection.js';
import type { FeedReader } from './feed-reader.js';
import type { RealtimeLimits } from './limits.js';
import { Entry, type Room } from './room.js';
import type { RoomFeed } from './room-feed.js';

/** Takes the JSON text of the answer to one packet. */
export type Answer = (text: string) => void;

/** The JSON text of an answer, and the buffer in which waits what has to be written after it. */
interface Reply {
  readonly text: string;
  readonly entered?: { readonly room: Room; readonly buffer: Entry[] };
}

/** The text of an answer without events. */
export const answerText = (answer: Exclude<JoinAnswer, { status: 'joined' }>): string => JSON.stringify(answer);

const denied = (reason: DenialReason): Reply => ({ text: answerText({ status: 'denied', reason }) });

/** Tries of a join whose reader's rights, or whose room, change under it. */
const TRIES_MAX = 5;

/**
 * Lets readers into rooms (reliability.md 4.5): authorise, put the reader in with a buffer, read the feed from the asked offset,
 * answer, then write what lies above the answer. Between the last look at the reader's rights and the moment it is in the room,
 * nothing else runs.
 */
export class Joining {
  constructor(
    private readonly access: Access,
    private readonly feed: RoomFeed,
    private readonly reader: FeedReader,
    private readonly limits: RealtimeLimits,
  ) {}

  /**
   * Handles a `join`. The reader stays buffered until it is answered: the answer, what happened since, and the end of the
   * buffering are one turn, so that nothing overtakes the answer or falls between.
   */
  async join(connection: Connection, given: unknown, answer: Answer): Promise<void> {
    const request = JoinRequest.safeParse(given);
    let reply: Reply;
    if (!request.success) reply = denied('invalid');
    else if (!connection.joins.take()) reply = denied('too_many');
    else if (connection.backlog.bytes > this.limits.backlogBytesMax) reply = denied('too_slow');
    else reply = await this.enter(connection, request.data);
    const { entered } = reply;
    if (!entered) return answer(reply.text);
    const { room, buffer } = entered;
    // Put out again before the answer was on its way; it must not believe that it is in.
    if (room.members.get(connection) !== buffer) return answer(denied('unavailable').text);
    answer(reply.text);
    for (const entry of buffer) connection.write(entry.frame(room));
    room.members.set(connection, undefined);
  }

  private async enter(connection: Connection, request: JoinRequest): Promise<Reply> {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const { generation } = connection;
      if (!(await this.access.mayJoin(connection.caller, request.room))) return denied('forbidden');
      const room = await this.feed.hold(request.room);
      try {
        if (!connection.open) return denied('unavailable');
        if (connection.generation !== generation || !this.feed.current(room)) continue;
        if (!connection.rooms.has(request.room) && connection.rooms.size >= this.limits.roomsMax) return denied('too_many');
        const reply = await this.replay(connection, room, request);
        if (reply) return reply;
      } finally {
        this.feed.release(room);
      }
    }
    return denied('unavailable');
  }

  /** Puts the reader into the room and finds the answer; undefined when the room broke meanwhile. Synchronous up to the first reading. */
  private async replay(connection: Connection, room: Room, { epoch, offset }: JoinRequest): Promise<Reply | undefined> {
    connection.rooms.set(room.name, room);
    const live = (text: string, buffer: Entry[] = []): Reply => {
      room.members.set(connection, buffer);
      return { text, entered: { room, buffer } };
    };
    const reset = (): Reply => live(answerText({ status: 'reset', epoch: room.epoch, offset: room.head }));
    if (epoch === undefined || offset === undefined) return live(room.joined([], room.head));
    // Another instance may have shown this reader events that have not reached this one.
    if (epoch === room.epoch && offset > room.head) {
      room.members.set(connection, []);
      const isBeyond = await this.isBeyond(room, offset).catch((error: unknown) => {
        this.gone(connection, room);
        throw error;
      });
      if (!this.stillThere(connection, room) || (offset > room.head && !isBeyond)) return this.gone(connection, room);
    }
    const begun = epoch === room.epoch || (epoch === NO_EPOCH && offset === 0);
    if (!begun || offset > room.head || room.head - offset > this.limits.replayEventsMax) return reset();
    const known = room.since(offset);
    if (known) return this.isTooMuch(known) ? reset() : live(room.joined(known, offset));
    const upTo = room.head;
    const buffer: Entry[] = [];
    room.members.set(connection, buffer);
    const entries = await this.history(room, offset, upTo).catch((error: unknown) => {
      this.gone(connection, room);
      throw error;
    });
    if (room.members.get(connection) !== buffer || !this.stillThere(connection, room)) return this.gone(connection, room);
    // Trimmed history, or too much of it: the reader is level from the head on, and what is buffered lies below that.
    if (entries.length !== upTo - offset || this.isTooMuch(entries)) return reset();
    room.learn(entries);
    return live(room.joined(entries, offset), buffer);
  }

  /** Whether no event of the room has this offset yet. Throws when that cannot be found out: nobody is sent back to where this gateway stands. */
  private async isBeyond(room: Room, offset: number): Promise<boolean> {
    this.feed.wake([room.name]);
    await this.feed.pump();
    if (offset <= room.head) return false;
    const [head] = await this.reader.heads([room.name]);
    return head === undefined || (head.epoch === room.epoch && head.offset < offset);
  }

  /** What the table has of a room between two offsets; who asks for the same meanwhile gets the same reading. */
  private history(room: Room, after: number, upTo: number): Promise<readonly Entry[]> {
    if (room.reading?.after === after && room.reading.upTo === upTo) return room.reading.entries;
    const entries = this.reader
      .between(room.name, after, upTo)
      .then((rows) => rows.filter(({ epoch }) => epoch === room.epoch).map((row) => new Entry(row.offset, row.body)))
      .finally(() => {
        if (room.reading === reading) room.reading = undefined;
      });
    const reading = { after, upTo, entries };
    room.reading = reading;
    return entries;
  }

  private isTooMuch(entries: readonly Entry[]): boolean {
    return entries.reduce((sum, { body }) => sum + body.length, 0) > this.limits.replayBytesMax;
  }

  private stillThere(connection: Connection, room: Room): boolean {
    return connection.open && connection.rooms.get(room.name) === room && this.feed.current(room);
  }

  /** Put out of the room while it waited: revoked, dropped, disconnected, or the room broke. The rights are asked for again. */
  private gone(connection: Connection, room: Room): undefined {
    room.members.delete(connection);
    if (connection.rooms.get(room.name) === room) connection.rooms.delete(room.name);
    return undefined;
  }
}
