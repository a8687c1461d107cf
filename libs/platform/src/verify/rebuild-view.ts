import { assert, type Aggregate } from '@concord/kernel';
import { once } from 'node:events';
import pg from 'pg';
import copy from 'pg-copy-streams';
import type { Context } from '../context/context.js';
import type { Row, Table, Value } from '../database/table.js';
import { lifted } from '../log/lifted.js';
import type { InlineView } from '../service/resource.js';
import type { RebuildOptions, Rebuilt } from './rebuild-projection.js';
import { exclusively, holding } from './operation-lock.js';
import { metaOf } from './replay.js';
import { ShadowTables } from './shadow-table.js';
import { connect, copyOut, copyText, Snapshot, type Fields } from './snapshot.js';

/** Rows in one COPY: each is a transaction, and a long one would hold back every relay of the server. */
const ROWS = 20_000;

interface Folding {
  readonly aggregate: Aggregate;
  readonly view: InlineView;
}

/**
 * Fills the table of an inline view anew: folds every stream from its events in memory, copies the rows into a table beside the
 * live one, then locks the live one, folds what has changed meanwhile once more, and swaps. Throws when no resource has this view, or
 * when events cannot be folded: then everything stays as it was.
 */
export async function rebuildView(context: Context, table: string, options: RebuildOptions = {}): Promise<Rebuilt> {
  const foldings = new Map<string, Folding>();
  for (const { aggregate, view } of context.service.resources)
    if (view?.table.name === table) foldings.set(aggregate.kind, { aggregate, view });
  const declared = [...foldings.values()][0]?.view.table;
  if (!declared) throw new Error(`${context.service.name} has no inline view ${table}`);
  return holding(context, 'alone', () => rebuild(context, declared, foldings, options));
}

async function rebuild(
  { database }: Context,
  table: Table,
  foldings: ReadonlyMap<string, Folding>,
  options: RebuildOptions,
): Promise<Rebuilt> {
  const started = performance.now();
  const { name } = table;
  const client = await connect(database.pool);
  const snapshot = await Snapshot.open(database.pool);
  const shadow = new ShadowTables(client, database.schema, [name]);
  try {
    await client.query('SET synchronous_commit = off');
    await shadow.createPlain();
    const writer = () => new RowWriter(client, table, shadow.nameOf(name));
    const [since] = await snapshot.query<{ xmin: string }>('SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xmin');
    const events = await foldAll(snapshot.copy(eventsOf(foldings, 'true')), foldings, writer(), options);
    await shadow.buildIndexes();
    await exclusively(client, async () => {
      // Whoever writes the view holds a lock on it until the commit: from here on all of them are done or have not begun.
      await client.query(`LOCK TABLE ${name} IN ACCESS EXCLUSIVE MODE`);
      const changed = `e.stream IN (SELECT n.stream FROM events n WHERE n.xid >= '${since!.xmin}'::xid8)`;
      await client.query(`DELETE FROM ${shadow.nameOf(name)} WHERE id IN (SELECT e.stream FROM events e WHERE ${changed})`);
      await foldAll(await collected(copyOut(client, eventsOf(foldings, changed))), foldings, writer(), {});
      await shadow.swap();
    });
    return { name, events, seconds: Math.round(performance.now() - started) / 1000 };
  } catch (error) {
    // Without a connection the table stays, and the next rebuild removes it.
    await client
      .query('ROLLBACK')
      .then(() => shadow.discard())
      .catch(() => undefined);
    throw error;
  } finally {
    await Promise.all([client.end(), snapshot.close()]);
  }
}

function eventsOf(foldings: ReadonlyMap<string, Folding>, where: string): string {
  const kinds = [...foldings.keys()].map((kind) => pg.escapeLiteral(kind)).join(', ');
  return `SELECT e.stream, s.kind, e.kind, e.schema_version, e.data, e.meta->>'at', e.meta->>'person', e.meta->>'organisation'
    FROM events e JOIN streams s ON s.id = e.stream WHERE s.kind IN (${kinds}) AND ${where} ORDER BY e.stream, e.version`;
}

/** The rows that are read and written on one connection cannot be read while they are written. */
async function collected<T>(pages: AsyncIterable<T>): Promise<AsyncIterable<T>> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return (async function* () {
    yield* all;
  })();
}

async function foldAll(
  pages: AsyncIterable<readonly Fields[]>,
  foldings: ReadonlyMap<string, Folding>,
  writer: RowWriter,
  { progress }: RebuildOptions,
): Promise<number> {
  let events = 0;
  let [id, state]: [string | undefined, unknown] = [undefined, undefined];
  let folding: Folding | undefined;
  const finish = (): void => {
    const row = folding?.view.row(id!, state);
    if (row) writer.add({ id: id!, ...row });
  };
  for await (const page of pages) {
    for (const fields of page) {
      const [stream, streamKind, kind, version, data, at, person, organisation] = fields as readonly string[];
      if (stream !== id) {
        finish();
        folding = foldings.get(streamKind!);
        assert(folding, `the view is made from ${streamKind}`);
        [id, state] = [stream, folding.aggregate.initial];
      }
      const { aggregate } = folding!;
      const event = lifted(aggregate.events, { kind: kind!, schema_version: Number(version), data: JSON.parse(data!) as unknown });
      state = aggregate.evolve(state, event, metaOf(at!, person ?? null, organisation ?? null));
      events += 1;
    }
    await writer.writeFull();
    progress?.(events);
  }
  finish();
  await writer.write();
  return events;
}

/** Copies rows of a declared table into its shadow. */
class RowWriter {
  private lines: string[] = [];
  private writing: Promise<void> = Promise.resolve();
  private readonly columns: readonly [string, string][];

  constructor(
    private readonly client: pg.Client,
    table: Table,
    private readonly shadow: string,
  ) {
    this.columns = Object.entries(table.columns);
  }

  add(row: Row): void {
    this.lines.push(this.columns.map(([column, type]) => literal(row[column], type)).join('\t'));
  }

  /** Writes in the background when enough has come together; waits for the write before. */
  async writeFull(): Promise<void> {
    if (this.lines.length < ROWS) return;
    await this.writing;
    this.writing = this.copy(this.lines);
    // The error is thrown where it is awaited: at the next write.
    this.writing.catch(() => undefined);
    this.lines = [];
  }

  /** Writes what is left. */
  async write(): Promise<void> {
    await this.writing;
    if (this.lines.length > 0) await this.copy(this.lines);
    this.lines = [];
  }

  private async copy(lines: readonly string[]): Promise<void> {
    const stream = this.client.query(
      copy.from(`COPY ${this.shadow} (${this.columns.map(([column]) => column).join(', ')}) FROM STDIN`),
    );
    const finished = once(stream, 'finish');
    stream.end(`${lines.join('\n')}\n`);
    await finished;
  }
}

/** A value as COPY reads it. */
function literal(value: Value | undefined, type: string): string {
  if (value === undefined || value === null) return '\\N';
  if (Array.isArray(value) && type.endsWith('[]'))
    return copyText(`{${value.map((item) => `"${String(item).replace(/["\\]/gu, '\\$&')}"`).join(',')}}`);
  return copyText(typeof value === 'object' || type.startsWith('json') ? JSON.stringify(value) : String(value));
}
