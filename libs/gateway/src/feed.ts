import { ACCESS_ROOM, roomsOf } from '@concord/contracts';
import type { ConsumerDefinition, Database, PublicEvent } from '@concord/platform';
import type { FeedRow } from './feed-reader.js';

/** Contexts whose events go into rooms. */
export const SOURCES = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications'] as const;

/** What a write put into the feed. */
export interface Written {
  /** Room by room in the order of their offsets, the access room first. */
  readonly rows: readonly FeedRow[];
  /** Where the access room was when the write began; 0 before its first event. */
  readonly accessHead: number;
}

/** Rooms that got events, and what they got where this process wrote it. */
export interface Growth {
  readonly rooms: ReadonlySet<string>;
  readonly written?: Written;
}

/** Tells whoever listens in this process that rooms got events. A hint: who misses it finds out by asking the table. */
export class FeedSignal {
  private readonly listeners = new Set<(growth: Growth) => void>();

  /** Calls the listener after each commit; returns how to stop it. */
  listen(listener: (growth: Growth) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Rooms got events, from this process or another. */
  grown(growth: Growth): void {
    if (growth.rooms.size > 0) for (const listener of this.listeners) listener(growth);
  }
}

/** The signal of this process. */
export const feedSignal = new FeedSignal();

// The row of a room is locked until the commit, so offsets are committed in their order. Rooms are taken in the order of their
// names: two consumers that share rooms wait for each other and never deadlock.
const WRITE = `
  WITH given AS (
    SELECT * FROM unnest($2::uuid[], $3::int[], $4::text[]) WITH ORDINALITY AS g(stream, sequence, body, number)
  ), taken AS (
    INSERT INTO inbox (consumer, stream, sequence) SELECT $1, stream, sequence FROM given ON CONFLICT DO NOTHING RETURNING stream, sequence
  ), entry AS (
    SELECT e.room, e.number, g.body, row_number() OVER (PARTITION BY e.room ORDER BY e.n) AS nth, count(*) OVER (PARTITION BY e.room) AS total
      FROM unnest($5::text[], $6::int[]) WITH ORDINALITY AS e(room, number, n) JOIN given g USING (number) JOIN taken USING (stream, sequence)
  ), counted AS (
    INSERT INTO rooms AS r (room, last_offset) SELECT room, count(*) FROM entry GROUP BY room ORDER BY room
    ON CONFLICT (room) DO UPDATE SET last_offset = r.last_offset + excluded.last_offset
    RETURNING r.room, r.epoch, r.last_offset
  ), placed AS (
    SELECT e.room, c.epoch, c.last_offset - e.total + e.nth AS room_offset, e.number, e.body FROM entry e JOIN counted c USING (room)
  ), fed AS (
    INSERT INTO feed (room, room_offset, body) SELECT room, room_offset, body FROM placed
  )
  SELECT room, epoch, room_offset::text, number::int, (SELECT last_offset::text FROM rooms WHERE room = '${ACCESS_ROOM}') AS access_head
    FROM placed ORDER BY room <> '${ACCESS_ROOM}', room, placed.room_offset`;

/** Numbers those of these events that have no mark yet in every room they go to, in the order in which they arrive, and marks them. */
export async function writeFeed(mark: string, events: readonly PublicEvent[], db: Database): Promise<Written> {
  const entries = events.flatMap((event, index) => roomsOf(event).map((room) => ({ room, number: index + 1 })));
  const into = new Set(entries.map(({ number }) => number));
  const bodies = events.map((event, index) => (into.has(index + 1) ? JSON.stringify(event) : null));
  const rows = await db.query<{ room: string; epoch: string; room_offset: string; number: number; access_head: string | null }>(
    WRITE,
    [
      mark,
      events.map(({ subject }) => subject),
      events.map(({ sequence }) => sequence),
      bodies,
      entries.map(({ room }) => room),
      entries.map(({ number }) => number),
    ],
  );
  return {
    rows: rows.map(({ room, epoch, room_offset, number }) => ({
      room,
      epoch,
      offset: Number(room_offset),
      body: bodies[number - 1]!,
    })),
    accessHead: Number(rows[0]?.access_head ?? 0),
  };
}

/** Puts every public event into its rooms; all gateways share the marks, so that each is put there once. */
export const feed: ConsumerDefinition = {
  name: 'feed',
  from: SOURCES,
  watched: true,
  write: async (mark, events, db) => {
    const written = await writeFeed(mark, events, db);
    // Rooms of copies too: the write may have gone through when only its answer was lost.
    feedSignal.grown({ rooms: new Set(events.flatMap(roomsOf)), written });
  },
};
