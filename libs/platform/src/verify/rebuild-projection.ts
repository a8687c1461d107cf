import pg from 'pg';
import { tailName, type Context } from '../context/context.js';
import type { Database } from '../database/table.js';
import type { Place } from '../log/tail.js';
import type { ProjectionDefinition } from '../service/definitions.js';
import { LOG_START } from './checkpoints.js';
import { exclusively, holding } from './operation-lock.js';
import { checkProjection } from './projection-check.js';
import { projectionEvents, replay } from './replay.js';
import type { Check } from './report.js';
import { ShadowTables } from './shadow-table.js';
import { connect, copyOut, databaseOver, Snapshot } from './snapshot.js';

export interface RebuildOptions {
  /** Compares the rebuilt tables with a replay afterwards. */
  readonly verify?: boolean;
  /** Called now and then with the number of events applied. */
  progress?(events: number): void;
}

/** What a rebuild did. */
export interface Rebuilt {
  readonly name: string;
  readonly events: number;
  readonly seconds: number;
  /** What the comparison found, when one was asked for. */
  readonly check?: Check;
}

/**
 * Fills a projection's tables anew from the log, beside the live ones, and puts them in their place in one short transaction with
 * the cursor. Readers are served from the old tables until then; the projection stands still only for what came in meanwhile.
 * Throws when there is no such projection, when `apply` fails, or `busy`: then everything stays as it was.
 */
export async function rebuildProjection(context: Context, name: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const projection = context.service.projections.find((one) => one.name === name);
  if (!projection) throw new Error(`${context.service.name} has no projection ${name}`);
  return holding(context, 'alone', () => rebuild(context, projection, options));
}

async function rebuild(context: Context, projection: ProjectionDefinition, options: RebuildOptions): Promise<Rebuilt> {
  const started = performance.now();
  const { database } = context;
  const client = await connect(database.pool);
  const reader = await connect(database.pool);
  const shadow = new ShadowTables(client, database.schema, projection.tables);
  try {
    await client.query('SET synchronous_commit = off');
    await shadow.create();
    const fill = (after: Place, upTo: Place, before: number): Promise<number> =>
      replay(copyOut(reader, projectionEvents(projection, after, upTo)), projection, context.publisher, client, (events) =>
        options.progress?.(before + events),
      );
    const first = await safeEnd(databaseOver(reader));
    let events = await fill(LOG_START, first, 0);
    await context.whileHeld(projection, async () => {
      const last = await safeEnd(databaseOver(reader));
      events += await fill(first, last, events);
      await swap(client, shadow, projection, last);
    });
    const check = options.verify ? await compared(context, projection) : undefined;
    return { name: projection.name, events, seconds: Math.round(performance.now() - started) / 1000, ...(check ? { check } : {}) };
  } catch (error) {
    // Without a connection the tables stay, and the next rebuild removes them.
    await client
      .query('ROLLBACK')
      .then(() => shadow.discard())
      .catch(() => undefined);
    throw error;
  } finally {
    await Promise.all([client.end(), reader.end()]);
  }
}

/** The end of what can no longer get company from a transaction still running. */
export async function safeEnd(db: Database): Promise<Place> {
  const [end] = await db.query<Place>(
    `SELECT e.xid::text, e.position::text FROM events e WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY e.xid DESC, e.position DESC LIMIT 1`,
  );
  return end ?? LOG_START;
}

async function swap(client: pg.Client, shadow: ShadowTables, projection: ProjectionDefinition, end: Place): Promise<void> {
  await exclusively(client, async () => {
    // A tail of another process that still holds the cursor is fenced off by the new token.
    await client.query('UPDATE cursors SET xid = $2::xid8, position = $3::bigint, token = token + 1 WHERE name = $1', [
      tailName(projection),
      end.xid,
      end.position,
    ]);
    await shadow.swap();
  });
}

async function compared({ database, publisher }: Context, projection: ProjectionDefinition): Promise<Check> {
  const snapshot = await Snapshot.open(database.pool);
  try {
    return (await checkProjection(projection, publisher, snapshot, database)).done();
  } finally {
    await snapshot.close();
  }
}
