import type { Aggregate } from '@concord/kernel';
import { emptyHead, type StreamHead } from './draft.js';
import { HeadCache } from './head-cache.js';
import type { Pending } from './pending.js';

const HEADS_MAX = 20_000;

/** A stream by its id and what it is. */
export interface StreamName {
  readonly id: string;
  readonly aggregate: Aggregate;
}

/** The decision needs a stream that another batch holds: it waits for that batch. */
export class StreamHeld extends Error {
  constructor(
    readonly aggregate: Aggregate,
    readonly id: string,
  ) {
    super(`stream ${id} is in another batch`);
  }
}

/** What is known of streams in memory: their heads, which of them a batch under way holds, and which cannot be in the table yet. */
export class Heads {
  /** Streams of the batches under way. */
  readonly held = new Set<string>();
  private readonly known = new HeadCache<StreamHead>(HEADS_MAX);
  private readonly fresh = new Set<string>();

  constructor(private readonly read: (streams: readonly StreamName[]) => Promise<Map<string, StreamHead>>) {}

  /** An id was made here: until it is written its stream is empty, without a look into the table. */
  made(id: string): void {
    this.fresh.add(id);
  }

  /** Ids that were made for a work which has ended. */
  ended(ids: readonly string[]): void {
    for (const id of ids) this.fresh.delete(id);
  }

  /** A stream's head if it is in memory and free for the batch, which holds it from now on. Throws `StreamHeld`. */
  take(aggregate: Aggregate, id: string, holds: Set<string>): StreamHead | undefined {
    if (!holds.has(id)) {
      if (this.held.has(id)) throw new StreamHeld(aggregate, id);
      this.held.add(id);
      holds.add(id);
    }
    return this.known.get(id) ?? (this.fresh.has(id) ? emptyHead(aggregate) : undefined);
  }

  /** Reads what a batch is known to touch and what is not in memory. */
  async load(batch: readonly Pending[]): Promise<void> {
    const missing: StreamName[] = [];
    for (const { streams } of batch) {
      for (const [id, aggregate] of streams) if (!this.known.has(id) && !this.fresh.has(id)) missing.push({ id, aggregate });
    }
    if (missing.length === 0) return;
    for (const [id, head] of await this.read(missing)) this.known.set(id, head);
  }

  set(id: string, head: StreamHead): void {
    this.known.set(id, head);
  }

  /** What was known of these streams may be wrong: the next decision reads them from the table. */
  distrust(ids: Iterable<string>): void {
    for (const id of ids) {
      this.known.delete(id);
      this.fresh.delete(id);
    }
  }

  /** Forgets every head. */
  clear(): void {
    this.known.clear();
  }
}
