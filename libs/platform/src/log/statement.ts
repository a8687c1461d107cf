import type { Row, Table } from '../database/table.js';
import type { Draft } from './draft.js';
import type { Handled, Outcome, RequestKey } from './work.js';

/** The one statement of a batch: name for the prepared plan, text, parameters. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: (string | null)[];
}

/** An answer to be stored. */
export interface StoredRequest extends RequestKey {
  readonly outcome: Outcome;
}

/** PostgreSQL types by column. */
type Columns = Readonly<Record<string, string>>;

const READ: Columns = { id: 'uuid', version: 'int' };
const REQUESTS: Columns = { scope: 'text', key: 'text', hash: 'text', status: 'smallint', headers: 'json', body: 'text' };
const INBOX: Columns = { consumer: 'text', stream: 'uuid', sequence: 'int' };
const STREAMS: Columns = { id: 'uuid', kind: 'text', version: 'int', published: 'int', state: 'json', hash: 'text' };
const EVENTS: Columns = {
  stream: 'uuid',
  version: 'int',
  kind: 'text',
  schema_version: 'smallint',
  previous: 'int',
  data: 'jsonb',
  meta: 'jsonb',
  hash: 'text',
};

/** Rows of one table, in the order of its key. */
interface Part {
  readonly table: string;
  readonly columns: Columns;
  readonly rows: readonly object[];
  /** What to do with a row whose key is there: without it, the statement fails. */
  readonly conflict?: string;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sortedById = <T extends { id: string }>(rows: T[]): T[] => rows.sort((a, b) => byText(a.id, b.id));

/**
 * Builds the statement that writes a draft with its answers and inbox rows. Every part is sorted by key, so that instances
 * lock in one order and cannot deadlock; the sort is stable, so that a stream's events keep their order.
 */
export function appendStatement(draft: Draft, requests: readonly StoredRequest[], handled: readonly Handled[]): Statement {
  const read: { id: string; version: number }[] = [];
  const streams: ({ id: string } & Record<string, unknown>)[] = [];
  for (const { id, aggregate, base, head } of draft.streams()) {
    if (head.version > base.version) {
      const { version, published, state, hash } = head;
      streams.push({ id, kind: aggregate.kind, version, published, state: JSON.stringify(state), hash });
    } else if (base.version > 0) read.push({ id, version: base.version });
  }
  const answers = requests
    .map(({ scope, key, hash, outcome: { status, headers, body } }) => ({ scope, key, hash, status, headers, body }))
    .sort((a, b) => byText(a.scope, b.scope) || byText(a.key, b.key));
  const marks = [...handled].sort(
    (a, b) => byText(a.consumer, b.consumer) || byText(a.stream, b.stream) || a.sequence - b.sequence,
  );
  const events = [...draft.events].sort((a, b) => byText(a.stream, b.stream));
  const tables = [...draft.rows.keys()].sort((a, b) => byText(a.name, b.name));
  const parts: Part[] = [
    { table: 'requests', columns: REQUESTS, rows: answers },
    { table: 'inbox', columns: INBOX, rows: marks },
    { table: 'streams', columns: STREAMS, rows: sortedById(streams), conflict: replacing(STREAMS, ['id']) },
    { table: 'events', columns: EVENTS, rows: events },
    ...tables.map((table) => ({
      table: table.name,
      columns: table.columns,
      rows: sortedRows(draft, table),
      conflict: replacing(table.columns, table.key),
    })),
  ];
  return statementOf(
    { table: 'read', columns: READ, rows: sortedById(read) },
    parts.filter(({ rows }) => rows.length > 0),
  );
}

function sortedRows(draft: Draft, table: Table): Row[] {
  return [...draft.rows.get(table)!].sort(([a], [b]) => byText(a, b)).map(([, row]) => row);
}

/** The given row replaces the one with its key. */
function replacing(columns: Columns, key: readonly string[]): string {
  const rest = Object.keys(columns).filter((column) => !key.includes(column));
  const update = rest.length === 0 ? 'NOTHING' : `UPDATE SET ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  return ` ON CONFLICT (${key.join(', ')}) DO ${update}`;
}

/** Up to so many rows are written as `VALUES`, a parameter each: half the work for the server, but a plan for every shape. */
const VALUES_ROWS_MAX = 12;
/** Plans of that kind a process makes; beyond them the general form serves. A plan takes memory on every connection. */
const SHAPES_MAX = 60;

const plans = new Map<string, { name: string; text: string }>();

/** The same shape has the same name and text, so that it is prepared once per connection. */
function statementOf(read: Part, parts: readonly Part[]): Statement {
  const all = read.rows.length > 0 ? [read, ...parts] : parts;
  const count = all.reduce((sum, { rows }) => sum + rows.length, 0);
  const shape = all.map(({ table, rows }) => `${table} ${rows.length}`).join(' ');
  const single = count <= VALUES_ROWS_MAX && (plans.has(shape) || plans.size < SHAPES_MAX);
  const key = single ? shape : all.map(({ table }) => table).join(' ');
  let plan = plans.get(key);
  if (plan === undefined) {
    // A number, because PostgreSQL cuts names off after 63 bytes.
    plan = {
      name: `append ${plans.size}`,
      text: textOf(read.rows.length > 0 ? read : undefined, parts, single ? valuesOf : arraysOf),
    };
    plans.set(key, plan);
  }
  return { ...plan, values: all.flatMap(single ? values : arrays) };
}

/** The rows of a part as something to select from, its parameters counted from `first`. */
type Source = (part: Part, first: number) => { from: string; next: number };

/** One statement: the check of what was only read, then an insert for each part unless that check fails. */
function textOf(read: Part | undefined, parts: readonly Part[], source: Source): string {
  const steps: string[] = [];
  let next = 1;
  if (read) {
    const rows = source(read, next);
    ({ next } = rows);
    steps.push(
      `q AS MATERIALIZED (SELECT ${selected(read.columns)} FROM ${rows.from})`,
      `k AS MATERIALIZED (SELECT count(*) = (SELECT count(*) FROM q) AS ok FROM (
         SELECT 1 FROM streams x JOIN q USING (id, version) ORDER BY x.id FOR SHARE OF x) l)`,
    );
  }
  for (const [index, part] of parts.entries()) {
    const rows = source(part, next);
    ({ next } = rows);
    const from = read ? `k, ${rows.from} WHERE k.ok` : `${rows.from}${part.conflict ? ' WHERE true' : ''}`;
    steps.push(
      `w${index} AS (INSERT INTO ${part.table} (${Object.keys(part.columns).join(', ')}) SELECT ${selected(part.columns)} FROM ${from}${part.conflict ?? ''})`,
    );
  }
  return `WITH ${steps.join(',\n')}\nSELECT ${read ? 'ok FROM k' : 'true AS ok'}`;
}

const selected = (columns: Columns): string =>
  Object.entries(columns)
    .map(([column, type]) => (type === 'text' ? `u.${column}` : `u.${column}::${type}`))
    .join(', ');

const isJson = (type: string): boolean => type.startsWith('json');

/** One parameter a column: JSON as one text to be split, everything else as an array literal. Cheaper to read than records of JSON. */
const arraysOf: Source = ({ columns }, first) => {
  const arrays = Object.values(columns).map((type, index) =>
    isJson(type) ? `string_to_array($${first + index}, E'\\x1f', E'\\x1e')` : `$${first + index}::text[]`,
  );
  return { from: `unnest(${arrays.join(', ')}) AS u(${Object.keys(columns).join(', ')})`, next: first + arrays.length };
};

/** One parameter a value. */
const valuesOf: Source = ({ columns, rows }, first) => {
  const width = Object.keys(columns).length;
  const lines = rows.map(
    (_row, line) =>
      `(${Object.keys(columns)
        .map((_column, index) => `$${first + line * width + index}::text`)
        .join(', ')})`,
  );
  return { from: `(VALUES ${lines.join(', ')}) AS u(${Object.keys(columns).join(', ')})`, next: first + rows.length * width };
};

/** Between the JSON texts of a column, and in place of an absent one: JSON text never holds these characters as they are. */
const BETWEEN = '\u001f';
const ABSENT = '\u001e';

/** A value as text; null for an absent one. JSON columns take values, or text that is JSON already. */
function asText(value: unknown, type: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return isJson(type) ? JSON.stringify(value) : literal(value as readonly string[]);
  return String(value);
}

/** An array literal. */
const literal = (items: readonly (string | null)[]): string => `{${items.map(element).join(',')}}`;

function element(text: string | null): string {
  if (text === null) return 'NULL';
  return `"${/["\\]/u.test(text) ? text.replace(/["\\]/gu, '\\$&') : text}"`;
}

const column = (rows: readonly object[], name: string, type: string): (string | null)[] =>
  rows.map((row) => asText((row as Readonly<Record<string, unknown>>)[name], type));

const arrays = ({ columns, rows }: Part): string[] =>
  Object.entries(columns).map(([name, type]) => {
    const texts = column(rows, name, type);
    return isJson(type) ? texts.map((text) => text ?? ABSENT).join(BETWEEN) : literal(texts);
  });

const values = ({ columns, rows }: Part): (string | null)[] =>
  rows.flatMap((row) =>
    Object.entries(columns).map(([name, type]) => asText((row as Readonly<Record<string, unknown>>)[name], type)),
  );
