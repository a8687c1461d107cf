import type { Aggregate, DomainEvent } from '@concord/kernel';
import type { Row, Table } from '../database/table.js';
import type { PublicEvent } from './public-event.js';

/** One stream to load before a decision: a hint that saves a second query, never a condition. */
export interface StreamRef {
  readonly aggregate: Aggregate;
  readonly id: string;
}

/**
 * What a decision may see and do. It runs in memory, may run again when another writer was first, and so must not keep
 * anything outside. Everything it appends is written in one statement or not at all.
 */
export interface Decision {
  /** Business time of this decision, RFC 3339 UTC. */
  readonly at: string;
  /** State and version of a stream of this context; version 0 and the initial state when it does not exist. */
  read<State>(aggregate: Aggregate<State>, id: string): { readonly state: State; readonly version: number };
  /** Appends events to a stream, which later reads of the same decision see. */
  append(aggregate: Aggregate, id: string, ...events: readonly DomainEvent[]): void;
  /** Writes a row of a declared table in the same statement, replacing the row with the same key. */
  write<R extends Row>(table: Table<R>, row: R): void;
  /** A fresh UUIDv7. */
  newId(): string;
}

/** A decision in answer to a public event, or to an event of the own context. */
export interface EventDecision<Data> extends Decision {
  readonly event: PublicEvent<Data>;
}
