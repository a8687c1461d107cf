import type { Row, Table } from '../database/table.js';
import type { Draft } from './draft.js';
import type { Handled, Outcome, RequestKey } from './work.js';

/** The one statement of a batch: name for the prepared plan, text, parameters. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: string[];
}

/** An answer to be stored. */
export interface StoredRequest extends RequestKey {
  readonly outcome: Outcome;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `INSERT … ON CONFLICT (key) DO UPDATE` of a declared table, from parameter `n`. */
function upsert(table: Table, n: number): string {
  const columns = Object.keys(table.columns);
  const types = Object.entries(table.columns).map(([column, type]) => `${column} ${type}`);
  const rest = columns.filter((column) => !table.key.includes(column));
  const update = rest.length === 0 ? 'NOTHING' : `UPDATE SET ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`;
  return `v${n} AS (INSERT INTO ${table.name} (${columns.join(', ')}) SELECT ${columns.map((column) => `u.${column}`).join(', ')}
    FROM k, jsonb_to_recordset($${n}::jsonb) AS u(${types.join(', ')}) WHERE k.ok ON CONFLICT (${table.key.join(', ')}) DO ${update})`;
}

const texts = new Map<string, string>();

/** The text for a set of tables; there are few sets, so each is prepared once per connection. */
function textFor(tables: readonly Table[]): { name: string; text: string } {
  const name = `append ${tables.map((table) => table.name).join(' ')}`;
  let text = texts.get(name);
  if (text === undefined) {
    text = `
WITH k AS MATERIALIZED (SELECT count(*) = (SELECT count(*) FROM json_to_recordset($1::json) AS n(id uuid)) AS ok FROM (
  SELECT 1 FROM streams x JOIN json_to_recordset($1::json) AS q(id uuid, version int) USING (id, version) ORDER BY x.id FOR SHARE OF x) l),
r AS (INSERT INTO requests (scope, key, hash, status, headers, body)
  SELECT u.* FROM k, json_to_recordset($2::json) AS u(scope text, key text, hash text, status smallint, headers json, body text) WHERE k.ok),
i AS (INSERT INTO inbox (consumer, stream, sequence)
  SELECT u.* FROM k, json_to_recordset($3::json) AS u(consumer text, stream uuid, sequence int) WHERE k.ok),
s AS (INSERT INTO streams (id, kind, version, published, state, hash)
  SELECT u.* FROM k, json_to_recordset($4::json) AS u(id uuid, kind text, version int, published int, state json, hash text) WHERE k.ok
  ON CONFLICT (id) DO UPDATE SET version = excluded.version, published = excluded.published, state = excluded.state, hash = excluded.hash),
e AS (INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash)
  SELECT u.* FROM k, json_to_recordset($5::json) AS u(stream uuid, version int, kind text, schema_version smallint, previous int, data jsonb, meta jsonb, hash text) WHERE k.ok)
${tables.map((table, index) => `, ${upsert(table, index + 6)}`).join('\n')}
SELECT ok FROM k`;
    texts.set(name, text);
  }
  return { name, text };
}

/**
 * Builds the statement that writes a draft with its answers and inbox rows. Every array is sorted by key, so that instances
 * lock in one order and cannot deadlock; the sort is stable, so that a stream's events keep their order.
 */
export function appendStatement(draft: Draft, requests: readonly StoredRequest[], handled: readonly Handled[]): Statement {
  const checks: { id: string; version: number }[] = [];
  const streams: ({ id: string } & Record<string, unknown>)[] = [];
  for (const { id, aggregate, base, head } of draft.streams()) {
    if (head.version > base.version) {
      streams.push({
        id,
        kind: aggregate.kind,
        version: head.version,
        published: head.published,
        state: head.state,
        hash: head.hash,
      });
    } else if (base.version > 0) checks.push({ id, version: base.version });
  }
  const sortedById = <T extends { id: string }>(rows: T[]): T[] => rows.sort((a, b) => byText(a.id, b.id));
  const tables = [...draft.rows.keys()].sort((a, b) => byText(a.name, b.name));
  const answers = requests
    .map(({ scope, key, hash, outcome }) => ({
      scope,
      key,
      hash,
      status: outcome.status,
      headers: outcome.headers,
      body: outcome.body,
    }))
    .sort((a, b) => byText(a.scope, b.scope) || byText(a.key, b.key));
  const marks = [...handled].sort(
    (a, b) => byText(a.consumer, b.consumer) || byText(a.stream, b.stream) || a.sequence - b.sequence,
  );
  const events = [...draft.events].sort((a, b) => byText(a.stream, b.stream));
  const { name, text } = textFor(tables);
  const values = [
    sortedById(checks),
    answers,
    marks,
    sortedById(streams),
    events,
    ...tables.map((table) => sortedRows(draft, table)),
  ];
  return { name, text, values: values.map((value) => JSON.stringify(value)) };
}

function sortedRows(draft: Draft, table: Table): Row[] {
  return [...draft.rows.get(table)!].sort(([a], [b]) => byText(a, b)).map(([, row]) => row);
}
