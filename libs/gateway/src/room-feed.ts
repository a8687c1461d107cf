import { ACCESS_ROOM, NO_EPOCH } from '@concord/contracts';
import type { Growth } from './feed.js';
import { FeedReader, ROWS_MAX, type FeedRow, type RoomHead } from './feed-reader.js';
import { Entry, Room } from './room.js';

/** What the feed tells of the rooms that are open here. */
export interface RoomListener {
  /** The next events of a room, in the order of their offsets. */
  arrived(room: Room, entries: readonly Entry[]): void;
  /** The history of a room was replaced or cut in front of us: its readers have to begin again. */
  broken(room: Room): void;
  /** Reading failed; it is tried again. */
  failed(error: unknown): void;
}

/**
 * Keeps the open rooms of this gateway level with the feed. Signals say which rooms to read; a poll of all open rooms makes up
 * for signals that never came, because another instance wrote the feed or the database was away. The access room is read along with
 * any other, in the same snapshot and first: nobody is shown what came after the event that took the right to see it.
 */
export class RoomFeed {
  private readonly rooms = new Map<string, Room>();
  private readonly opening = new Map<string, Promise<Room>>();
  private readonly stale = new Set<string>();
  private pumping: Promise<void> | undefined;

  constructor(
    private readonly reader: FeedReader,
    private readonly listener: RoomListener,
  ) {}

  /** Rooms open here. */
  get size(): number {
    return this.rooms.size;
  }

  /** The room, opened where its newest event is when it was not open. Ends with `release`. */
  async hold(name: string): Promise<Room> {
    const room = this.rooms.get(name) ?? (await this.open(name));
    if (this.rooms.get(name) !== room) return this.hold(name);
    room.holds += 1;
    return room;
  }

  /** Gives a held room back; a room nobody is in is forgotten. */
  release(room: Room): void {
    room.holds -= 1;
    this.drop(room);
  }

  /** Forgets the room when nobody is in it. */
  drop(room: Room): void {
    if (room.holds === 0 && room.members.size === 0 && this.rooms.get(room.name) === room) this.rooms.delete(room.name);
  }

  /** Whether this is still the room that the feed keeps level. */
  current(room: Room): boolean {
    return this.rooms.get(room.name) === room;
  }

  /** Rooms have new events: what this process wrote is taken as it is where it comes next, the rest is read. */
  grown({ rooms, written }: Growth): void {
    const taken = new Set<string>();
    // Rights that changed before the write began are known here, or everything is read, in the one right order.
    const access = this.rooms.get(ACCESS_ROOM);
    for (const run of written && access && access.head >= written.accessHead ? runs(written.rows) : []) {
      const room = this.rooms.get(run[0]!.room);
      if (room && follows(room, run[0]!)) {
        this.takeRun(room, run);
        taken.add(room.name);
      } else if (room === access) break;
    }
    this.wake([...rooms].filter((name) => !taken.has(name)));
  }

  /** These rooms may have new events. */
  wake(names: Iterable<string>): void {
    for (const name of names) if (this.rooms.has(name)) this.stale.add(name);
    if (this.stale.size > 0) void this.pump();
  }

  /** Reads what is new in the rooms that were named, until there is nothing new. */
  pump(): Promise<void> {
    this.pumping ??= this.drain()
      .then(() => true)
      .catch((error: unknown) => {
        // The poll tries again.
        this.listener.failed(error);
        return false;
      })
      .then((level) => {
        this.pumping = undefined;
        // Signals that came after the last look and before this line.
        if (level && this.stale.size > 0) return this.pump();
      });
    return this.pumping;
  }

  /** Compares every open room with the table. */
  async poll(): Promise<void> {
    const heads = await this.reader.heads([...this.rooms.keys()]);
    for (const head of heads) {
      const room = this.rooms.get(head.room);
      if (room && this.isBroken(room, head)) this.break(room);
      else if (room && head.offset > room.head) this.stale.add(room.name);
    }
    await this.pump();
  }

  private isBroken(room: Room, head: RoomHead): boolean {
    return room.epoch !== NO_EPOCH && room.epoch !== head.epoch;
  }

  private async open(name: string): Promise<Room> {
    let opening = this.opening.get(name);
    if (!opening) {
      opening = this.load(name).finally(() => this.opening.delete(name));
      this.opening.set(name, opening);
    }
    return opening;
  }

  private async load(name: string): Promise<Room> {
    const [head] = await this.reader.heads([name]);
    const room = new Room(name, head?.epoch ?? NO_EPOCH, head?.offset ?? 0);
    this.rooms.set(name, room);
    // What was committed between the reading and this line was signalled to nobody.
    this.wake([name]);
    return room;
  }

  private async drain(): Promise<void> {
    while (this.stale.size > 0) {
      const rooms = [...this.stale.add(ACCESS_ROOM)].flatMap((name) => this.rooms.get(name) ?? []);
      this.stale.clear();
      if (rooms.length === 0) return;
      let rows: FeedRow[];
      try {
        rows = await this.reader.after(rooms.map(({ name, head }) => ({ room: name, offset: head })));
      } catch (error) {
        for (const { name } of rooms) this.stale.add(name);
        throw error;
      }
      const changes = rows.filter(({ room }) => room === ACCESS_ROOM);
      if (changes.length < ROWS_MAX) {
        this.take(rooms, rows);
        continue;
      }
      // More changes of rights than one reading holds: the other rooms wait until all of them are known.
      for (const { name } of rooms) this.stale.add(name);
      this.take(rooms, changes);
    }
  }

  private take(rooms: readonly Room[], rows: readonly FeedRow[]): void {
    const asked = new Map(rooms.map((room) => [room.name, room]));
    for (const run of runs(rows)) {
      this.takeRun(asked.get(run[0]!.room)!, run);
      if (run.length === ROWS_MAX) this.stale.add(run[0]!.room);
    }
  }

  private takeRun(room: Room, rows: readonly FeedRow[]): void {
    // The room may have been forgotten, or opened anew, while its rows were on their way.
    if (!this.current(room)) return;
    const entries: Entry[] = [];
    let broken = false;
    for (const row of rows) {
      if (room.epoch === NO_EPOCH) room.epoch = row.epoch;
      broken = row.epoch !== room.epoch || row.offset > room.head + 1;
      if (broken) break;
      if (row.offset <= room.head) continue;
      const entry = new Entry(row.offset, row.body);
      room.add(entry);
      entries.push(entry);
    }
    if (entries.length > 0) this.listener.arrived(room, entries);
    if (broken) this.break(room);
  }

  private break(room: Room): void {
    this.rooms.delete(room.name);
    this.listener.broken(room);
  }
}

/** Whether the row is the next of the room, as far as it is known here. */
const follows = ({ epoch, head }: Room, row: FeedRow): boolean =>
  row.offset === head + 1 && (epoch === row.epoch || epoch === NO_EPOCH);

/** Rows of one room stand together in a reading. */
function runs(rows: readonly FeedRow[]): FeedRow[][] {
  const found: FeedRow[][] = [];
  for (const row of rows) {
    const last = found.at(-1);
    if (last?.[0]!.room === row.room) last.push(row);
    else found.push([row]);
  }
  return found;
}
