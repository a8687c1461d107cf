import {
  assert,
  canonical,
  GENESIS_HASH,
  hashInputOf,
  Refused,
  sha256Hex,
  type Aggregate,
  type DomainEvent,
} from '@concord/kernel';
import type { Row, Table } from '../database/table.js';
import type { Decision } from '../service/decision.js';
import type { InlineView } from '../service/resource.js';
import type { StoredMeta, Trace } from './work.js';

/** A stream as it is known in memory: its fold, and what the next event needs. */
export interface StreamHead {
  readonly kind: string;
  readonly version: number;
  /** Version of the last event that has a public form; 0 when none has. */
  readonly published: number;
  readonly state: unknown;
  readonly hash: string;
}

/** A row of `events`. */
export interface EventRow {
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly schema_version: number;
  readonly previous: number | null;
  /** Canonical JSON: what is hashed is what is stored. */
  readonly data: string;
  readonly meta: string;
  readonly hash: string;
}

/** What a context knows about its aggregates, by kind. */
export interface LogModel {
  isPublic(event: DomainEvent): boolean;
  readonly views: ReadonlyMap<string, InlineView>;
}

interface Touched {
  readonly aggregate: Aggregate;
  readonly base: StreamHead;
  head: StreamHead;
}

/** The decision needs a stream that is not in memory. */
export class StreamMissing extends Error {
  constructor(
    readonly aggregate: Aggregate,
    readonly id: string,
  ) {
    super(`stream ${id} is not loaded`);
  }
}

/**
 * The statement in the making: what the decisions of one batch read and append, kept in memory until it is written as a
 * whole. Each decision runs against what the ones before it left; one that throws leaves no trace.
 */
export class Draft {
  readonly events: EventRow[] = [];
  readonly rows = new Map<Table, Map<string, Row>>();
  private readonly touched = new Map<string, Touched>();

  constructor(
    private readonly model: LogModel,
    private readonly heads: (aggregate: Aggregate, id: string) => StreamHead | undefined,
  ) {}

  /** Runs one decision. On any throw the draft is as before. */
  run<Result>(at: string, trace: Trace, newId: () => string, decide: (decision: Decision) => Result): Result {
    const before = new Map<string, StreamHead | undefined>();
    const appended: { touched: Touched; id: string; event: DomainEvent }[] = [];
    const written: { table: Table; row: Row }[] = [];
    const meta: StoredMeta = { at, ...trace };
    const decision: Decision = {
      at,
      newId,
      read: (aggregate, id) => {
        const { head } = this.touch(aggregate as never, id);
        return { state: head.state as never, version: head.version };
      },
      append: (aggregate, id, ...events) => {
        const touched = this.touch(aggregate, id);
        if (this.touched.get(id) !== touched) throw new Refused('id_taken', 'Another object has this id. Make a new one.', { id });
        if (!before.has(id)) before.set(id, touched.head);
        for (const event of events) {
          const state = (aggregate as unknown as Aggregate).evolve(touched.head.state, event, meta);
          touched.head = { ...touched.head, version: touched.head.version + 1, state };
          appended.push({ touched, id, event });
        }
      },
      write: (table, row) => void written.push({ table: table as never, row }),
    };
    try {
      const result = decide(decision);
      this.keep(before, appended, written, meta);
      return result;
    } catch (error) {
      for (const [id, head] of before) this.touched.get(id)!.head = head!;
      throw error;
    }
  }

  /** Streams that were read, appended to or not, with the version they had before this draft. */
  *streams(): Iterable<{ id: string; aggregate: Aggregate; base: StreamHead; head: StreamHead }> {
    for (const [id, { aggregate, base, head }] of this.touched) yield { id, aggregate, base, head };
  }

  /** The state of a stream as this draft leaves it. */
  head(id: string): StreamHead | undefined {
    return this.touched.get(id)?.head;
  }

  private touch(aggregate: Aggregate, id: string): Touched {
    const known = this.touched.get(id);
    if (known?.aggregate === (aggregate as never)) return known;
    const head = known?.head ?? this.heads(aggregate, id);
    if (!head) throw new StreamMissing(aggregate, id);
    // An id of another kind of object is an absent object to whoever names it here; nothing can be made under it.
    if (head.version > 0 && head.kind !== aggregate.kind)
      return { aggregate: aggregate as never, base: emptyHead(aggregate), head: emptyHead(aggregate) };
    const touched: Touched = { aggregate: aggregate as never, base: head, head };
    this.touched.set(id, touched);
    return touched;
  }

  /** Chains the events of a decision that went through, and projects the rows of the streams it changed. */
  private keep(
    before: ReadonlyMap<string, StreamHead | undefined>,
    appended: readonly { touched: Touched; id: string; event: DomainEvent }[],
    written: readonly { table: Table; row: Row }[],
    meta: StoredMeta,
  ): void {
    const chain = new Map<string, { version: number; published: number; hash: string }>();
    const metaText = canonical(meta);
    for (const { id, touched, event } of appended) {
      const from = chain.get(id) ?? before.get(id)!;
      const version = from.version + 1;
      const schemaVersion = touched.aggregate.events.get(event.kind)?.version;
      assert(schemaVersion !== undefined, `${touched.aggregate.kind} declares ${event.kind}`);
      const isPublic = this.model.isPublic(event);
      const data = canonical(event.data);
      const hash = sha256Hex(
        hashInputOf(from.hash, { stream: id, version, kind: event.kind, schemaVersion, data, meta: metaText }),
      );
      this.events.push({
        stream: id,
        version,
        kind: event.kind,
        schema_version: schemaVersion,
        previous: isPublic ? from.published : null,
        data,
        meta: metaText,
        hash,
      });
      chain.set(id, { version, published: isPublic ? version : from.published, hash });
    }
    for (const [id, { published, hash }] of chain) {
      const touched = this.touched.get(id)!;
      touched.head = { ...touched.head, published, hash };
      const view = this.model.views.get(touched.aggregate.kind);
      const row = view?.row(id, touched.head.state as never);
      if (view && row) this.put(view.table, { id, ...row });
    }
    for (const { table, row } of written) this.put(table, row);
  }

  private put(table: Table, row: Row): void {
    const rows = this.rows.get(table) ?? new Map<string, Row>();
    rows.set(table.key.map((column) => String(row[column])).join('\n'), row);
    this.rows.set(table, rows);
  }
}

/** The head of a stream that does not exist yet. */
export const emptyHead = (aggregate: Aggregate): StreamHead => ({
  kind: aggregate.kind,
  version: 0,
  published: 0,
  state: aggregate.initial,
  hash: GENESIS_HASH,
});
