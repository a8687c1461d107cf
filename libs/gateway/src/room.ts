import type { Connection } from './connection.js';
import { eventFrame, type Frame } from './frame.js';

/** Events of a room kept in memory, and the bytes they may take; older ones are read from the feed. */
export const RECENT_MAX = 1_000;
const RECENT_BYTES_MAX = 4 * 1024 * 1024;

/** One event of a room. */
export class Entry {
  private encoded: Frame | undefined;

  constructor(
    readonly offset: number,
    readonly body: string,
  ) {}

  /** The frame, made when the first reader needs it. */
  frame(room: Room): Frame {
    return (this.encoded ??= eventFrame(room.name, room.epoch, this.offset, this.body));
  }

  /** As an answer to a join carries it; the body is spliced in and never parsed. */
  get numbered(): string {
    return `{"offset":${this.offset},"event":${this.body}}`;
  }
}

/** A room as this gateway knows it: where it is, its newest events, and who is in it here. */
export class Room {
  /** Everyone in the room; those whose replay is still being read have a buffer, in which what happens meanwhile waits. */
  readonly members = new Map<Connection, Entry[] | undefined>();
  /** Joins under way: while there are any the room is not forgotten. */
  holds = 0;
  /** A reading of older events that is under way, for everyone who needs the same. */
  reading: { readonly after: number; readonly upTo: number; readonly entries: Promise<readonly Entry[]> } | undefined;
  private recent: Entry[] = [];
  private recentBytes = 0;
  private replay: { readonly after: number; readonly text: string } | undefined;

  constructor(
    readonly name: string,
    public epoch: string,
    public head: number,
  ) {}

  /** Takes the next event; its offset is the one after the head. */
  add(entry: Entry): void {
    this.head = entry.offset;
    this.replay = undefined;
    this.recent.push(entry);
    this.recentBytes += entry.body.length;
    while (this.recent.length > RECENT_MAX || this.recentBytes > RECENT_BYTES_MAX)
      this.recentBytes -= this.recent.shift()!.body.length;
  }

  /** Takes what was read for one reader, so that the next who comes back need not read it again: what lies right below the oldest known. */
  learn(entries: readonly Entry[]): void {
    const bytes = entries.reduce((sum, { body }) => sum + body.length, 0);
    const oldest = this.head - this.recent.length + 1;
    const fits = this.recent.length + entries.length <= RECENT_MAX && this.recentBytes + bytes <= RECENT_BYTES_MAX;
    if (!fits || entries.at(-1)?.offset !== oldest - 1) return;
    this.recent.unshift(...entries);
    this.recentBytes += bytes;
  }

  /**
   * The JSON text of the answer that lets a reader in and brings these events, which lie right above `after`. After a drop of everyone many
   * come back at one place: the last text is kept.
   */
  joined(entries: readonly Entry[], after: number): string {
    const offset = entries.at(-1)?.offset ?? after;
    if (this.replay?.after === after && offset === this.head) return this.replay.text;
    const events = entries.map(({ numbered }) => numbered).join(',');
    const text = `{"status":"joined","epoch":${JSON.stringify(this.epoch)},"offset":${offset},"events":[${events}]}`;
    if (offset === this.head) this.replay = { after, text };
    return text;
  }

  /** The events above the offset, or undefined when memory does not reach back that far. */
  since(offset: number): readonly Entry[] | undefined {
    const missing = this.head - offset;
    return missing <= this.recent.length ? this.recent.slice(this.recent.length - missing) : undefined;
  }
}
