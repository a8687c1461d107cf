import type { MigrationDefinition } from '@concord/platform';

/** Tables of the gateway. A room's row is never removed: its offsets would begin again under the same epoch. */
export const migrations: readonly MigrationDefinition[] = [
  {
    name: '0001-feed',
    sql: `
      CREATE TABLE rooms (
        room text PRIMARY KEY,
        epoch text NOT NULL DEFAULT gen_random_uuid()::text,
        last_offset bigint NOT NULL
      ) WITH (fillfactor = 70);
      CREATE TABLE feed (
        room text NOT NULL,
        room_offset bigint NOT NULL,
        body text NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room, room_offset)
      );
      CREATE INDEX feed_at ON feed (at);`,
  },
];
