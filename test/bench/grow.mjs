// Makes a log old: a million events of pledges long made, beside the real ones. They carry no true hashes, so this is for measuring
// speed only, never for verification.
import pg from 'pg';

/** Adds `count` events (one per pledge stream) with their streams and rows, and puts every cursor behind them. */
export async function growLog(url, count, note) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  note(`adding ${count} events`);
  await client.query('SET search_path = pledges');
  await client.query(
    `WITH model AS (SELECT s.state, e.data, e.meta, b.* FROM (SELECT id, state FROM streams WHERE kind = 'Pledge' LIMIT 1) s
       JOIN events e ON e.stream = s.id AND e.version = 1 JOIN pledge_board b ON b.id = s.id),
     made AS (SELECT gen_random_uuid() AS id FROM generate_series(1, $1::int)),
     s AS (INSERT INTO streams SELECT made.id, 'Pledge', 1, 1, model.state, repeat('0', 64) FROM made, model)
     INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
       SELECT made.id, 1, 'PledgeMade', 1, 0, model.data, model.meta, repeat('0', 64) FROM made, model`,
    [count],
  );
  const columns = (
    await client.query(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'pledges' AND table_name = 'pledge_board' AND column_name <> 'id'`,
    )
  ).rows.map(({ column_name: name }) => name);
  await client.query(
    `INSERT INTO pledge_board (id, ${columns.join(', ')}) SELECT s.id, ${columns.map((name) => `b.${name}`).join(', ')}
       FROM streams s, (SELECT * FROM pledge_board LIMIT 1) b WHERE s.kind = 'Pledge' AND NOT EXISTS (SELECT 1 FROM pledge_board x WHERE x.id = s.id)`,
  );
  await client.query(
    `UPDATE cursors SET xid = newest.xid, position = newest.position FROM (SELECT xid, position FROM events ORDER BY xid DESC, position DESC LIMIT 1) newest`,
  );
  await client.query('VACUUM ANALYZE');
  await client.query('CHECKPOINT');
  await client.end();
}
