import type { EventMeta } from '@concord/kernel';
import pg from 'pg';
import { loggedEvent } from '../context/context.js';
import type { Publisher } from '../bus/public-event.js';
import type { Place } from '../log/tail.js';
import type { LoggedEvent, ProjectionDefinition } from '../service/definitions.js';
import { databaseOver, type Fields } from './snapshot.js';

/** Events in one transaction of a replay. */
const BATCH = 1_000;

/** The select for a projection's events behind one place of the log, up to another. */
export function projectionEvents(projection: ProjectionDefinition, after: Place, upTo: Place): string {
  const kinds = projection.kinds.map((kind) => pg.escapeLiteral(kind)).join(', ');
  return `SELECT e.stream, e.version, e.kind, e.schema_version, e.data, e.meta->>'at', e.meta->>'person', e.meta->>'organisation' FROM events e
    WHERE e.kind IN (${kinds}) AND ${behind(after)} AND ${notBehind(upTo)} ORDER BY e.xid, e.position`;
}

/** SQL condition: the event (alias `e`) lies behind this place. */
export const behind = ({ xid, position }: Place): string => `(e.xid, e.position) > ('${xid}'::xid8, ${position}::bigint)`;
/** SQL condition: the event (alias `e`) lies at this place or before it. */
export const notBehind = ({ xid, position }: Place): string => `(e.xid, e.position) <= ('${xid}'::xid8, ${position}::bigint)`;

/**
 * Hands events to a projection in batches, each in a short transaction: a long one would hold back every relay of the server. While
 * one batch is applied the next is read and parsed. Resolves to the number of events.
 */
export async function replay(
  rows: AsyncIterable<readonly Fields[]>,
  projection: ProjectionDefinition,
  publisher: Publisher,
  client: pg.Client,
  progress: (events: number) => void = () => undefined,
): Promise<number> {
  const db = databaseOver(client);
  let [batch, applying, total]: [LoggedEvent[], Promise<void>, number] = [[], Promise.resolve(), 0];
  const apply = async (events: readonly LoggedEvent[]): Promise<void> => {
    await client.query('BEGIN');
    await projection.apply(events, db);
    await client.query('COMMIT');
    total += events.length;
    progress(total);
  };
  for await (const page of rows) {
    for (const fields of page) batch.push(logged(fields, publisher));
    if (batch.length < BATCH) continue;
    await applying;
    applying = apply(batch);
    // The error is thrown where it is awaited: at the next batch or at the end.
    applying.catch(() => undefined);
    batch = [];
  }
  await applying;
  if (batch.length > 0) await apply(batch);
  return total;
}

/** A row of `projectionEvents` as `apply` takes it. */
function logged(fields: Fields, publisher: Publisher): LoggedEvent {
  const [stream, version, kind, schemaVersion, data, at, person, organisation] = fields as readonly string[];
  const row = { kind: kind!, schema_version: Number(schemaVersion), data: JSON.parse(data!) as unknown };
  return loggedEvent({
    stream: stream!,
    version: Number(version),
    ...publisher.lifted(row),
    meta: metaOf(at!, person ?? null, organisation ?? null),
  });
}

/** The part of a stored meta that folds and projections see. */
export const metaOf = (at: string, person: string | null, organisation: string | null): EventMeta => ({
  at,
  ...(person === null ? {} : { person }),
  ...(organisation === null ? {} : { organisation }),
});
