import { ACCESS_ROOM } from '@concord/contracts';
import type { Database } from '@concord/platform';

/** One event of a room as the feed keeps it; the body is the event's JSON text, sent as it is. */
export interface FeedRow {
  readonly room: string;
  readonly epoch: string;
  readonly offset: number;
  readonly body: string;
}

/** Where a room is. */
export interface RoomHead {
  readonly room: string;
  readonly epoch: string;
  readonly offset: number;
}

/** Rows of one room in one reading. */
export const ROWS_MAX = 500;

/** Reads the feed, always room by room: only within a room does the order of offsets equal the order of commits. */
export class FeedReader {
  constructor(private readonly db: Database) {}

  /** The heads of those rooms that have ever had an event. */
  async heads(rooms: readonly string[]): Promise<RoomHead[]> {
    const rows = await this.db.query<{ room: string; epoch: string; last_offset: string }>(
      'SELECT room, epoch, last_offset::text FROM rooms WHERE room = ANY ($1::text[])',
      [rooms],
    );
    return rows.map(({ room, epoch, last_offset }) => ({ room, epoch, offset: Number(last_offset) }));
  }

  /** What came after these places in one snapshot, at most `ROWS_MAX` rows a room, in order of offsets; the access room first. */
  async after(places: readonly { readonly room: string; readonly offset: number }[]): Promise<FeedRow[]> {
    return this.rows(
      `SELECT f.room, r.epoch, f.room_offset::text, f.body
         FROM unnest($1::text[], $2::bigint[]) AS w(room, after) JOIN rooms r USING (room)
        CROSS JOIN LATERAL (
          SELECT room, room_offset, body FROM feed WHERE feed.room = w.room AND room_offset > w.after ORDER BY room_offset LIMIT ${ROWS_MAX}
        ) f ORDER BY f.room <> '${ACCESS_ROOM}', f.room, f.room_offset`,
      [places.map(({ room }) => room), places.map(({ offset }) => String(offset))],
    );
  }

  /** What lies above `after` up to `upTo`, in order of offsets; fewer rows than asked for when history was trimmed. */
  async between(room: string, after: number, upTo: number): Promise<FeedRow[]> {
    return this.rows(
      `SELECT f.room, r.epoch, f.room_offset::text, f.body FROM feed f JOIN rooms r USING (room)
        WHERE f.room = $1 AND f.room_offset > $2::bigint AND f.room_offset <= $3::bigint ORDER BY f.room_offset`,
      [room, String(after), String(upTo)],
    );
  }

  /** Forgets what is older than so many days, a little at a time. Returns how many rows went. */
  async prune(days: number, rowsMax: number): Promise<number> {
    const rows = await this.db.query(
      `DELETE FROM feed WHERE (room, room_offset) IN (
         SELECT room, room_offset FROM feed WHERE at < now() - make_interval(days => $1) ORDER BY at LIMIT $2) RETURNING 1`,
      [days, rowsMax],
    );
    return rows.length;
  }

  private async rows(sql: string, parameters: readonly unknown[]): Promise<FeedRow[]> {
    const rows = await this.db.query<{ room: string; epoch: string; room_offset: string; body: string }>(sql, parameters);
    return rows.map(({ room, epoch, room_offset, body }) => ({ room, epoch, offset: Number(room_offset), body }));
  }
}
