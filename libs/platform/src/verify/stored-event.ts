import { GENESIS_HASH, type Aggregate } from '@concord/kernel';
import { lifted } from '../log/lifted.js';
import type { Place, TailedEvent } from '../log/tail.js';
import type { Fields } from './snapshot.js';

/** A row of `events`, whole. */
export interface StoredEvent extends TailedEvent {
  readonly hash: string;
}

/** Columns of `events` (alias `e`) in the order `storedEvent` reads them. */
export const EVENT_COLUMNS = 'e.stream, e.version, e.kind, e.schema_version, e.previous, e.data, e.meta, e.hash, e.xid, e.position';

/** Reads a row that was copied out with `EVENT_COLUMNS`. */
export function storedEvent(fields: Fields): StoredEvent {
  const [stream, version, kind, schemaVersion, previous, data, meta, hash, xid, position] = fields as readonly string[];
  return {
    stream: stream!,
    version: Number(version),
    kind: kind!,
    schema_version: Number(schemaVersion),
    previous: previous === null ? null : Number(previous),
    data: JSON.parse(data!) as unknown,
    meta: JSON.parse(meta!) as StoredEvent['meta'],
    hash: hash!,
    xid: xid!,
    position: position!,
  };
}

/** The fold of one stream, event by event. */
export class StreamFold {
  version = 0;
  /** Version of the last event that has a public form. */
  published = 0;
  hash: string = GENESIS_HASH;
  state: unknown;
  /** Why the events cannot be folded; the state is then of no use. */
  broken: string | undefined;

  constructor(
    readonly id: string,
    readonly aggregate: Aggregate,
  ) {
    this.state = aggregate.initial;
  }

  add(row: StoredEvent): void {
    this.version = row.version;
    this.hash = row.hash;
    if (row.previous !== null) this.published = row.version;
    if (this.broken !== undefined) return;
    try {
      this.state = this.aggregate.evolve(this.state, lifted(this.aggregate.events, row), row.meta);
    } catch (error) {
      this.broken = error instanceof Error ? error.message : String(error);
    }
  }
}

/** Whether place `a` of the log lies before place `b`. Both parts are whole numbers as text, without leading zeros. */
export function liesBefore(a: Place, b: Place): boolean {
  return a.xid === b.xid ? isLess(a.position, b.position) : isLess(a.xid, b.xid);
}

const isLess = (a: string, b: string): boolean => (a.length === b.length ? a < b : a.length < b.length);
