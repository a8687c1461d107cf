import type { Connection } from './connection.js';
import { eventFrame, type Frame } from './frame.js';

/** Events of a room kept in memory, and the bytes they may take; older ones are read from the feed. */
export const RECENT_MAX = 1_000;
const RECENT_BYTES_MAX = 4 * 1024 * 1024;

/** One event of a room. */
export class Entry {
  private encoded: Frame | undefined;
  private parsed: unknown;

  constructor(
    readonly offset: number,
    readonly body: string,
  ) {}

  /** The frame, made when the first reader needs it. */
  frame(room: Room): Frame {
    return (this.encoded ??= eventFrame(room.name, room.epoch, this.offset, this.body));
  }

  /** As an answer to a join carries it. */
  numbered(): { offset: number; event: unknown } {
    return { offset: this.offset, event: (this.parsed ??= JSON.parse(this.body)) };
  }
}

/** A room as this gateway knows it: where it is, its newest events, and who is in it here. */
export class Room {
  /** Everyone in the room; those whose replay is still being read have a buffer, in which what happens meanwhile waits. */
  readonly members = new Map<Connection, Entry[] | undefined>();
  /** Joins under way: while there are any the room is not forgotten. */
  holds = 0;
  private recent: Entry[] = [];
  private recentBytes = 0;

  constructor(
    readonly name: string,
    public epoch: string,
    public head: number,
  ) {}

  /** Takes the next event; its offset is the one after the head. */
  add(entry: Entry): void {
    this.head = entry.offset;
    this.recent.push(entry);
    this.recentBytes += entry.body.length;
    while (this.recent.length > RECENT_MAX || this.recentBytes > RECENT_BYTES_MAX)
      this.recentBytes -= this.recent.shift()!.body.length;
  }

  /** The events above the offset, or undefined when memory does not reach back that far. */
  since(offset: number): readonly Entry[] | undefined {
    const missing = this.head - offset;
    return missing <= this.recent.length ? this.recent.slice(this.recent.length - missing) : undefined;
  }
}
