import { roomsOf } from '@concord/contracts';
import type { ConsumerDefinition, Database, PublicEvent } from '@concord/platform';

/** Contexts whose events go into rooms. */
export const SOURCES = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications'] as const;

/** Hears of rooms that got events. `here` tells whether this process wrote them. */
export type GrowthListener = (rooms: ReadonlySet<string>, here: boolean) => void;

/** Tells whoever listens in this process that rooms got events. A hint: who misses it finds out by asking the table. */
export class FeedSignal {
  private readonly listeners = new Set<GrowthListener>();

  /** Calls the listener after each commit; returns how to stop it. */
  listen(listener: GrowthListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** These events are in the feed now. */
  committed(events: readonly PublicEvent[]): void {
    if (this.listeners.size > 0) this.grown(new Set(events.flatMap(roomsOf)), true);
  }

  /** These rooms got events, written here or by another instance. */
  grown(rooms: ReadonlySet<string>, here: boolean): void {
    for (const listener of this.listeners) listener(rooms, here);
  }
}

/** The signal of this process. */
export const feedSignal = new FeedSignal();

// The row of a room is locked until the commit, so offsets are committed in their order. Rooms are taken in the order of their
// names: two consumers that share rooms wait for each other and never deadlock.
const WRITE = `
  WITH entry AS (
    SELECT e.room, b.body, row_number() OVER (PARTITION BY e.room ORDER BY e.n) AS nth, count(*) OVER (PARTITION BY e.room) AS total
      FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS e(room, of, n)
      JOIN unnest($3::text[]) WITH ORDINALITY AS b(body, number) ON b.number = e.of
  ), counted AS (
    INSERT INTO rooms AS r (room, last_offset) SELECT room, count(*) FROM entry GROUP BY room ORDER BY room
    ON CONFLICT (room) DO UPDATE SET last_offset = r.last_offset + excluded.last_offset
    RETURNING r.room, r.last_offset
  )
  INSERT INTO feed (room, room_offset, body)
  SELECT e.room, c.last_offset - e.total + e.nth, e.body FROM entry e JOIN counted c ON c.room = e.room`;

/** Numbers events in every room they go to, in the order in which they arrive. */
export async function writeFeed(events: readonly PublicEvent[], db: Database): Promise<void> {
  const rooms: string[] = [];
  const bodies: string[] = [];
  const indexes: number[] = [];
  for (const event of events) {
    const into = roomsOf(event);
    if (into.length === 0) continue;
    bodies.push(JSON.stringify(event));
    for (const room of into) {
      rooms.push(room);
      indexes.push(bodies.length);
    }
  }
  if (rooms.length > 0) await db.query(WRITE, [rooms, indexes, bodies]);
}

/** Puts every public event into its rooms; offsets are given in the transaction of the inbox rows that all gateways share. */
export const feed: ConsumerDefinition = {
  name: 'feed',
  from: SOURCES,
  watched: true,
  apply: writeFeed,
  after: (events) => feedSignal.committed(events),
};
