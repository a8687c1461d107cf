import { coreTables } from '@concord/platform';
import pg from 'pg';

/** Connections that append at the same time. */
const WRITERS = 16;
/** Streams they append to; every tenth append goes to one of the first few, so that writers wait for each other. */
const STREAMS = 2_000;

/**
 * The server's side of a writer: one event a transaction, until so many have been committed. Written past the executor on purpose,
 * whose two connections would hide what is looked for (reliability.md 4.3). Half of the transactions take their number first, by an
 * inbox row, and learn their version later; 5 % are slow, before or after the position is taken; 5 % are rolled back.
 */
const WRITE_EVENTS = `
CREATE PROCEDURE write_events(writer int, appends int, seed float8) LANGUAGE plpgsql AS $$
DECLARE
  committed int := 0;
  attempt int := (SELECT coalesce(max(sequence), 0) FROM inbox WHERE consumer = 'writer ' || writer);
  target uuid;
  next int;
  pause float8;
BEGIN
  PERFORM setseed(seed);
  WHILE committed < appends LOOP
    attempt := attempt + 1;
    target := lpad(floor(random() * CASE WHEN random() < 0.1 THEN 8 ELSE ${STREAMS} END)::text, 32, '0')::uuid;
    pause := CASE WHEN random() < 0.05 THEN (random() - 0.5) * 0.03 ELSE 0 END;
    IF random() < 0.5 THEN
      INSERT INTO inbox (consumer, stream, sequence) VALUES ('writer ' || writer, target, attempt);
      IF pause < 0 THEN PERFORM pg_sleep(-pause); END IF;
      UPDATE streams SET version = version + 1 WHERE id = target RETURNING version INTO next;
      INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
        VALUES (target, next, 'LinePledged', 1, next - 1, '{"quantity": 1}', '{"at": "2026-01-01T00:00:00.000Z", "correlation": "c"}', '');
    ELSE
      WITH s AS (UPDATE streams SET version = version + 1 WHERE id = target RETURNING version)
      INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
        SELECT target, version, 'LinePledged', 1, version - 1, '{"quantity": 1}', '{"at": "2026-01-01T00:00:00.000Z", "correlation": "c"}', '' FROM s;
      IF pause < 0 THEN PERFORM pg_sleep(-pause); END IF;
    END IF;
    IF pause > 0 THEN PERFORM pg_sleep(pause); END IF;
    IF random() < 0.05 THEN
      ROLLBACK;
    ELSE
      COMMIT;
      committed := committed + 1;
    END IF;
  END LOOP;
END $$`;

/** Makes an empty log: the core tables of a context, the streams to append to, and the index the two wrong readers need. */
export async function makeLog(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(coreTables.sql);
    await client.query(
      `INSERT INTO streams (id, kind, version, published, state, hash) SELECT lpad(n::text, 32, '0')::uuid, 'line', 0, 0, '{}', '' FROM generate_series(0, ${STREAMS - 1}) n`,
    );
    await client.query('CREATE INDEX events_position ON events (position)');
    await client.query(WRITE_EVENTS);
  } finally {
    await client.end();
  }
}

/** Commits at least so many events over direct connections. The seed decides what each connection does, not how they interleave. */
export async function writeEvents(url: string, events: number, seed: number): Promise<void> {
  const appends = Math.ceil(events / WRITERS);
  const ends = await Promise.allSettled(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(`CALL write_events(${writer}, ${appends}, ${((seed + writer * 7919) % 1_000_000) / 1_000_000})`);
      } finally {
        await client.end();
      }
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
