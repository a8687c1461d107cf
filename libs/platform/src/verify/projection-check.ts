import pg, { type Pool } from 'pg';
import type { Publisher } from '../bus/public-event.js';
import type { Database } from '../database/table.js';
import type { Place } from '../log/tail.js';
import type { ProjectionDefinition } from '../service/definitions.js';
import { LOG_START } from './checkpoints.js';
import { projectionEvents, replay } from './replay.js';
import { reasonOf, Tally } from './report.js';
import { connect, copyOut, databaseOver, Lookahead, type Snapshot } from './snapshot.js';

/**
 * Replays a projection up to the place its cursor had in the snapshot, into temporary tables that stand before the live ones in the
 * search path, and compares every table with what the snapshot shows.
 */
export async function checkProjection(
  projection: ProjectionDefinition,
  publisher: Publisher,
  snapshot: Snapshot,
  live: { readonly pool: Pool; readonly schema: string },
): Promise<Tally> {
  const tally = new Tally(`projection ${projection.name}`);
  const [cursor] = await snapshot.query<Place>('SELECT xid::text, position::text FROM cursors WHERE name = $1', [
    `projection ${projection.name}`,
  ]);
  const client = await connect(live.pool);
  try {
    await client.query(`SET temp_buffers = '32MB'`);
    for (const table of projection.tables)
      await client.query(`CREATE TEMP TABLE ${table} (LIKE ${pg.escapeIdentifier(live.schema)}.${table} INCLUDING ALL)`);
    if (cursor) {
      const events = snapshot.copy(projectionEvents(projection, LOG_START, cursor));
      tally.looked(await replay(events, projection, publisher, client));
    }
    for (const table of projection.tables) await compare(table, snapshot, client, live.schema, tally);
  } catch (error) {
    tally.differs(`projection ${projection.name}`, `it cannot be replayed: ${reasonOf(error)}`);
  } finally {
    await client.end();
  }
  return tally;
}

/** Count of rows and a sum of their hashes: the same for the same rows in any order. */
export async function contentHash(db: Database, table: string): Promise<string> {
  const [row] = await db.query<{ hash: string }>(
    `SELECT concat_ws('/', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0), coalesce(sum(hashtextextended(t::text, 1)::numeric), 0)) AS hash
       FROM ${table} t`,
  );
  return row!.hash;
}

async function compare(table: string, snapshot: Snapshot, client: pg.Client, schema: string, tally: Tally): Promise<void> {
  const [kept, replayed] = [`${pg.escapeIdentifier(schema)}.${table}`, `pg_temp.${table}`];
  if ((await contentHash(snapshot, kept)) === (await contentHash(databaseOver(client), replayed))) return;
  const sorted = (name: string): string => `SELECT md5(t::text), t::text FROM ${name} t ORDER BY md5(t::text) COLLATE "C"`;
  const a = new Lookahead(snapshot.copy(sorted(kept)));
  const b = new Lookahead(copyOut(client, sorted(replayed)));
  for (;;) {
    if (!a.ready) await a.fill();
    if (!b.ready) await b.fill();
    const [x, y] = [a.next, b.next] as [readonly string[] | undefined, readonly string[] | undefined];
    if (!x && !y) return;
    const order = !y || (x && x[0]! < y[0]!) ? -1 : !x || x[0]! > y[0]! ? 1 : 0;
    if (order < 0) tally.differs(`table ${table}`, `a replay does not give the row ${a.take()![1]!.slice(0, 200)}`);
    else if (order > 0) tally.differs(`table ${table}`, `it lacks the row ${b.take()![1]!.slice(0, 200)}`);
    else [a, b].forEach((side) => side.take());
  }
}
