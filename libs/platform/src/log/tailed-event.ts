import type { Pool, PoolClient } from 'pg';
import type { StoredMeta } from './work.js';

/** An event as the log holds it. */
export interface TailedEvent {
  readonly position: string;
  readonly xid: string;
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly schema_version: number;
  /** Version of the event published before it; null for a private event. */
  readonly previous: number | null;
  readonly data: unknown;
  readonly meta: StoredMeta;
}

/** A place in the log: the order of commit, then of insertion. */
export interface Place {
  readonly xid: string;
  readonly position: string;
}

export interface TailOptions {
  readonly pool: Pool;
  /** Row of `cursors`. */
  readonly name: string;
  /** Kinds to deliver; all when absent. */
  readonly kinds?: readonly string[];
  readonly batch: number;
  /** Safety net between wake-ups, milliseconds. */
  readonly pollMs: number;
  /** People watch what comes of it: events hardly gather between two batches, though each batch costs as much as ten events do. */
  readonly watched?: boolean;
  /** The least rest between two batches, milliseconds, where a batch costs others more than it costs the tail. Nobody who waits for the tail waits for it. */
  readonly gatherMs?: number;
  /** Handles events in order. Resolves only when their effects are durable; the cursor moves after that. */
  deliver(events: readonly TailedEvent[], save: SaveCursor): Promise<void>;
  failed(error: unknown): void;
  /** Whether many requests wait: then the tail works an eleventh of the time at most, a fifth where people watch. */
  busy?(): boolean;
}

/** Moves the cursor behind the batch inside the deliverer's own transaction; without it the tail moves it afterwards. */
export type SaveCursor = (client: PoolClient) => Promise<void>;
