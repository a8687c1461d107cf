import { canonical, GENESIS_HASH, hashInput, type Aggregate } from '@concord/kernel';
import { createHash, hash as digest } from 'node:crypto';
import type { Publisher } from '../bus/public-event.js';
import { aggregatesOf, lifted } from '../log/lifted.js';
import type { ServiceDefinition } from '../service/definitions.js';
import type { InlineView } from '../service/resource.js';
import { reasonOf, Tally } from './report.js';
import { Lookahead, type Fields, type Snapshot } from './snapshot.js';
import { EVENT_COLUMNS, liesBefore, storedEvent, StreamFold, type StoredEvent } from './stored-event.js';
import { ViewComparison } from './view-comparison.js';

/** A row of `streams`. */
interface StoredStream {
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly published: number;
  readonly state: string;
  readonly hash: string;
}

const storedStream = (fields: Fields): StoredStream => {
  const [id, kind, version, published, state, hash] = fields as readonly string[];
  return { id: id!, kind: kind!, version: Number(version), published: Number(published), state: state!, hash: hash! };
};

/**
 * Walks `events` by stream beside `streams`, both sorted, and keeps one stream in memory: versions without gap, hash chain, place
 * in the log, `previous`, fold against the stored state, and the rows of the inline views.
 */
export class StreamsCheck {
  readonly events = new Tally('events: versions, hash chain, order');
  readonly streams = new Tally('streams: state, version, published, hash');
  private readonly digest = createHash('sha256');
  private readonly aggregates: ReadonlyMap<string, Aggregate>;
  private readonly views = new Map<string, { view: InlineView; comparison: ViewComparison }>();
  private readonly comparisons = new Map<string, ViewComparison>();
  private fold: StreamFold | undefined;
  private stored: StoredStream | undefined;
  private id: string | undefined;
  private last: StoredEvent | undefined;

  constructor(
    service: ServiceDefinition,
    private readonly publisher: Publisher,
    private readonly snapshot: Snapshot,
  ) {
    this.aggregates = aggregatesOf(service);
    const viewed = service.resources.flatMap(({ aggregate, view }) => (view ? [{ kind: aggregate.kind, view }] : []));
    for (const { kind, view } of viewed) {
      const { table } = view;
      const kinds = viewed.filter((other) => other.view.table.name === table.name).map((other) => other.kind);
      const comparison = this.comparisons.get(table.name) ?? new ViewComparison(table, kinds, snapshot);
      this.comparisons.set(table.name, comparison);
      this.views.set(kind, { view, comparison });
    }
  }

  /** Runs the check. Resolves to its parts and the hash over all streams. */
  async run(): Promise<{ tallies: Tally[]; hash: string }> {
    const events = this.snapshot.copy(`SELECT ${EVENT_COLUMNS} FROM events e ORDER BY e.stream, e.version`);
    const streams = new Lookahead(this.storedStreams());
    for await (const rows of events) {
      for (const fields of rows) {
        const row = storedEvent(fields);
        if (row.stream !== this.id) {
          await this.finish();
          await this.begin(row.stream, streams);
        }
        this.look(row);
      }
    }
    await this.finish();
    await this.begin(undefined, streams);
    for (const comparison of this.comparisons.values()) await comparison.end();
    const tallies = [this.streams, this.events, ...[...this.comparisons.values()].map(({ tally }) => tally)];
    return { tallies, hash: this.digest.digest('hex') };
  }

  private async *storedStreams(): AsyncGenerator<readonly StoredStream[]> {
    for await (const rows of this.snapshot.copy('SELECT id, kind, version, published, state, hash FROM streams ORDER BY id')) {
      const streams = rows.map(storedStream);
      for (const stream of streams) this.digest.update(stateLine(stream));
      yield streams;
    }
  }

  /** Goes to the stored stream of this id, past those that have no event; to the end when there is no id. */
  private async begin(id: string | undefined, streams: Lookahead<StoredStream>): Promise<void> {
    for (;;) {
      if (!streams.ready) await streams.fill();
      if (!streams.next || (id !== undefined && streams.next.id >= id)) break;
      this.streams.looked();
      this.streams.differs(`stream ${streams.take()!.id}`, 'it has no events');
    }
    this.id = id;
    this.last = undefined;
    this.stored = streams.next?.id === id ? streams.take() : undefined;
    if (id === undefined) return;
    this.streams.looked();
    if (!this.stored) return this.streams.differs(`stream ${id}`, 'it has events and no row in streams');
    const aggregate = this.aggregates.get(this.stored.kind);
    if (!aggregate) return this.streams.differs(`stream ${id}`, `this build knows no ${this.stored.kind}`);
    this.fold = new StreamFold(id, aggregate);
  }

  private look(row: StoredEvent): void {
    const { last } = this;
    const where = `stream ${row.stream}, version ${row.version}`;
    this.events.looked();
    const follows = row.version === (last?.version ?? 0) + 1;
    if (!follows) this.events.differs(where, last ? `it follows version ${last.version}` : 'it is the first of its stream');
    else if (row.hash !== eventHash(last?.hash, row))
      this.events.differs(where, 'its hash is not that of its content and its predecessor');
    if (last && !liesBefore(last, row)) this.events.differs(where, 'it lies before its predecessor in the log');
    this.checkPublic(row, where);
    this.fold?.add(row);
    this.last = row;
  }

  /** `previous` names the event published before, and is there exactly when the event has a public form. */
  private checkPublic(row: StoredEvent, where: string): void {
    const published = this.fold?.published ?? 0;
    if (!this.fold || this.fold.broken !== undefined) return;
    if (row.previous !== null && row.previous !== published)
      this.events.differs(where, `previous is ${row.previous}, the event published before is ${published}`);
    try {
      const isPublic = this.publisher.isPublic(lifted(this.fold.aggregate.events, row));
      if (isPublic !== (row.previous !== null))
        this.events.differs(where, isPublic ? 'it is marked private' : 'it is marked public');
    } catch (error) {
      this.events.differs(where, reasonOf(error));
    }
  }

  private async finish(): Promise<void> {
    const { fold, stored } = this;
    this.fold = undefined;
    if (!fold || !stored) return;
    const where = `stream ${fold.id}`;
    if (fold.broken !== undefined) return this.streams.differs(where, `its events cannot be folded: ${fold.broken}`);
    if (stored.version !== fold.version)
      this.streams.differs(where, `version is ${stored.version}, its last event is ${fold.version}`);
    if (stored.published !== fold.published)
      this.streams.differs(where, `published is ${stored.published}, its last public event is ${fold.published}`);
    if (stored.hash !== fold.hash) this.streams.differs(where, 'its hash is not that of its last event');
    const differing = differingParts(fold.state, stored.state);
    if (differing !== undefined) this.streams.differs(where, `its state is not the fold of its events: ${differing}`);
    const viewed = this.views.get(fold.aggregate.kind);
    if (!viewed) return;
    viewed.comparison.expect(fold.id, viewed.view.row(fold.id, fold.state));
    if (viewed.comparison.full) await viewed.comparison.flush();
  }
}

/** What a stream adds to the hash over all streams. */
export const stateLine = ({ id, version, hash }: { id: string; version: number; hash: string }): string =>
  `${id} ${version} ${hash}\n`;

function eventHash(previous: string | undefined, row: StoredEvent): string {
  const { stream, version, kind, schema_version: schemaVersion, data, meta } = row;
  return digest('sha256', hashInput(previous ?? GENESIS_HASH, { stream, version, kind, schemaVersion, data, meta }));
}

/** Names of the members in which a fold differs from the stored text; undefined when they are the same. */
function differingParts(folded: unknown, stored: string): string | undefined {
  // States are written as they fold, so the text is nearly always the same and parsing it can be saved.
  if (JSON.stringify(folded) === stored) return undefined;
  const other = JSON.parse(stored) as unknown;
  if (canonical(folded) === canonical(other)) return undefined;
  const [a, b] = [folded, other].map((state) => (state ?? {}) as Record<string, unknown>) as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.filter((name) => canonical(a[name]) !== canonical(b[name])).join(', ');
}
