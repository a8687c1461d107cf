import { roomsOf } from '@concord/contracts';
import { pledges } from '@concord/pledges';
import type { DomainEvent } from '@concord/kernel';

/** An event of the pledges log, in the order (xid, position). */
export interface StoredEvent {
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly schemaVersion: number;
  readonly previous: number | null;
  readonly data: { readonly [name: string]: unknown };
  readonly meta: { readonly at: string; readonly correlation: string; readonly [name: string]: unknown };
  readonly hash: string;
  /** Rooms its public form goes to. */
  readonly rooms: readonly string[];
}

export interface StoredStream {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly state: { readonly [name: string]: unknown };
  readonly hash: string;
}

export interface StoredAnswer {
  readonly scope: string;
  readonly key: string;
  readonly status: number;
  readonly body: string;
}

/** What one transaction saw in the database. */
export interface StoredRows {
  readonly events: readonly StoredEvent[];
  readonly streams: readonly StoredStream[];
  readonly answers: readonly StoredAnswer[];
  readonly books: readonly { readonly book: string; readonly unit: string; readonly debit: string; readonly credit: string }[];
  /** Inbox rows of the gateway's feed for events of pledges; undefined where no gateway runs. */
  readonly marks: readonly { readonly stream: string; readonly sequence: number }[] | undefined;
  /** Rooms that events of pledges went to, whole; `event` is its id, the context before it. */
  readonly feed: readonly { readonly room: string; readonly offset: number; readonly event: string }[];
  readonly rooms: readonly { readonly room: string; readonly epoch: string; readonly last: number }[];
  readonly parked: readonly {
    readonly context: string;
    readonly consumer: string;
    readonly stream: string;
    readonly sequence: number;
  }[];
}

/** Runs a query on a database in which every context has its schema. */
export type Query = <Row>(sql: string) => Promise<Row[]>;

/** The feed's own mark for what comes from pledges. */
const FEED_MARK = 'feed of pledges';

function roomsFor({ stream, kind, data, meta }: Omit<StoredEvent, 'rooms'>): string[] {
  const form = pledges.published({ kind, data } as DomainEvent);
  if (!form) return [];
  const organisation = meta['organisation'] as string | undefined;
  return roomsOf({ type: `concord.pledges.${form.kind}`, subject: stream, organisation, data: form.data });
}

/** Reads what the checks look at. `query` must keep one snapshot, or nothing may be written meanwhile. */
export async function readRows(query: Query): Promise<StoredRows> {
  const schemas = (
    await query<{ name: string }>(`SELECT nspname AS name FROM pg_namespace WHERE to_regclass(nspname || '.parked') IS NOT NULL`)
  ).map(({ name }) => name);
  const gateway = schemas.includes('gateway');
  const events = await query<Omit<StoredEvent, 'rooms'>>(
    `SELECT stream::text, version, kind, schema_version AS "schemaVersion", previous, data, meta, hash FROM pledges.events ORDER BY xid, position`,
  );
  return {
    events: events.map((event) => ({ ...event, rooms: event.previous === null ? [] : roomsFor(event) })),
    streams: await query('SELECT id::text, kind, version, state, hash FROM pledges.streams'),
    answers: await query('SELECT scope, key, status, body FROM pledges.requests'),
    books: await query(
      'SELECT book, unit, sum(debit)::text AS debit, sum(credit)::text AS credit FROM pledges.ledger_books GROUP BY book, unit',
    ),
    marks: gateway ? await query(`SELECT stream::text, sequence FROM gateway.inbox WHERE consumer = '${FEED_MARK}'`) : undefined,
    feed: gateway
      ? await query(
          `SELECT room, room_offset::int AS offset, concat(body::json->>'source', ' ', body::json->>'id') AS event FROM gateway.feed
            WHERE room IN (SELECT room FROM gateway.feed WHERE body::json->>'source' = '/concord/pledges') ORDER BY room, room_offset`,
        )
      : [],
    rooms: gateway ? await query('SELECT room, epoch, last_offset::int AS last FROM gateway.rooms') : [],
    parked: await query(
      schemas
        .map((schema) => `SELECT '${schema}' AS context, consumer, stream::text, sequence FROM ${schema}.parked`)
        .join(' UNION ALL '),
    ),
  };
}
