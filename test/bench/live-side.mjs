// P11, in a process of its own: the pledges' context with its read model `ledger`, live, and the floor that writes the same rows a
// thousand events at a time. Argument: database address.
import { standingChanges } from '@concord/access';
import { directory } from '@concord/directory';
import { Platform, provision, SystemClock } from '@concord/platform';
import { pledges } from '@concord/pledges';
import pg from 'pg';
import { serve } from './child.mjs';

const BATCH = 1_000;
const url = process.argv[2];
// What follows other contexts stays out: only the log and what is folded from it.
const services = [directory, { ...pledges, reactions: [], consumers: [], schedules: [] }];
await Platform.start({
  services,
  accesses: await provision(
    url,
    services.map(({ name }) => name),
  ),
  clock: new SystemClock(),
  standingChanges,
  version: '0.1.0',
  rateLimit: { perSecond: 1e9, burst: 1e9 },
  failed: (where, error) => process.stderr.write(`${where}: ${error.stack}\n`),
});

const client = new pg.Client({ connectionString: url });
await client.connect();
await client.query('CREATE SCHEMA floor');
await client.query('CREATE TABLE floor.ledger_entries (LIKE pledges.ledger_entries INCLUDING ALL)');
await client.query('CREATE TABLE floor.cursors (name text PRIMARY KEY, xid xid8 NOT NULL, position bigint NOT NULL)');
await client.query(`INSERT INTO floor.cursors VALUES ('floor', '0', 0)`);

const READ = `SELECT xid::text, position::text, stream, version, kind, data, meta FROM pledges.events
  WHERE (xid, position) > ($1::xid8, $2::bigint) ORDER BY events.xid, events.position LIMIT ${BATCH}`;
const COLUMNS = 'stream, version, side, kind, at, book, unit, account_kind, account_id, amount, need_id, project_id';
const UPSERT = `INSERT INTO floor.ledger_entries (${COLUMNS})
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::smallint[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::text[],
    $10::bigint[], $11::text[], $12::text[])
  ON CONFLICT (stream, version, side) DO UPDATE SET amount = excluded.amount`;

/** Two sides of an entry for each event, as the read model has them. */
function rowsOf(events) {
  const columns = Array.from({ length: 12 }, () => []);
  for (const { stream, version, kind, data, meta } of events)
    for (const side of [0, 1]) {
      const account = side === 0 ? ['line', data.lineId] : ['pledger', data.organisationId];
      const amount = side === 0 ? data.quantity : -data.quantity;
      [stream, version, side, kind, meta.at, 'promised', data.unit, ...account, amount, data.needId, null].forEach((value, n) =>
        columns[n].push(value),
      );
    }
  return columns;
}

serve({
  /** Milliseconds in which the floor folds everything behind its cursor. */
  floor: async () => {
    const started = performance.now();
    for (;;) {
      const [cursor] = (await client.query(`SELECT xid::text, position::text FROM floor.cursors`)).rows;
      const { rows } = await client.query({ name: 'read', text: READ, values: [cursor.xid, cursor.position] });
      if (rows.length === 0) return performance.now() - started;
      await client.query('BEGIN');
      await client.query({ name: 'upsert', text: UPSERT, values: rowsOf(rows) });
      const last = rows.at(-1);
      await client.query('UPDATE floor.cursors SET xid = $1::xid8, position = $2::bigint', [last.xid, last.position]);
      await client.query('COMMIT');
    }
  },
});
