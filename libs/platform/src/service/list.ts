import { Id, Refused, type Policy, type Subject } from '@concord/kernel';
import { z } from 'zod';
import { defineQuery, type Call, type QueryDefinition } from './definitions.js';
import type { Resource } from './resource.js';
import { decodeCursor, encodeCursor } from './cursor.js';

/** Counts stop here and are shown as "1,000+": an exact count of a common filter costs more than the page itself. */
const COUNT_MAX = 1_000;
const PAGE_MAX = 100;
const TERMS_MAX = 8;

/** How one query parameter narrows the list. */
export interface Filter {
  readonly column: string;
  /** `is`: the column equals one of the given values; `has`: the array column contains one of them. */
  readonly match: 'is' | 'has';
  /** Shape of one value. */
  readonly value: z.ZodType<string>;
}

/** An order of the list: a column that is never null; the id breaks ties, so that a cursor names one place. */
export interface Sort {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

/** Adds a value to the parameters and returns its placeholder. */
export type Bind = (value: unknown) => string;

export interface ListDefinition<State, Output extends z.ZodType> {
  readonly name: string;
  readonly summary: string;
  /** Path below /api/v1; `/<plural>` when absent. */
  readonly path?: string;
  /** Its inline view is the table that is filtered; items are presented from the streams. */
  readonly resource: Resource<State, Output>;
  readonly allows: Policy<undefined>;
  /** SQL condition on the view (alias `v`) that leaves what this reader may see. */
  visible(subject: Subject | undefined, bind: Bind, params: Readonly<Record<string, string>>): string;
  readonly filters: Readonly<Record<string, Filter>>;
  /** Text column in the form `searchText` makes; gives the parameter `q`. */
  readonly search?: string;
  /** By name; the first is the default. */
  readonly sorts: Readonly<Record<string, Sort>>;
  /** Filters whose values are counted when the query says `facets=true`. Each facet ignores its own filter, so that one sees the alternatives. */
  readonly facets?: readonly string[];
}

/** Text in the form lists search it: lower case, without accents, so that "Energía" is found by "energia". */
export const searchText = (...parts: readonly (string | undefined)[]): string =>
  parts
    .filter((part) => part !== undefined)
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();

const many = (value: z.ZodType<string>) =>
  z.preprocess((given) => (given === undefined || Array.isArray(given) ? given : [given]), z.array(value).max(50).optional());

/** A list of a resource: filters, search, sorts, keyset pages, facets with capped counts. The whole state is in the query string. */
export function defineList<State, Output extends z.ZodType>(list: ListDefinition<State, Output>): QueryDefinition {
  const sortNames = Object.keys(list.sorts) as [string, ...string[]];
  const query = z.strictObject({
    ...Object.fromEntries(Object.entries(list.filters).map(([name, filter]) => [name, many(filter.value)])),
    ...(list.search
      ? {
          q: z
            .string()
            .max(200)
            .refine((value) => !/\p{Cc}|\p{Cs}/u.test(value), 'must not contain control characters')
            .optional(),
        }
      : {}),
    ...(list.facets ? { facets: z.enum(['true', 'false']).optional() } : {}),
    count: z.enum(['estimate']).optional(),
    sort: z.enum(sortNames).optional(),
    limit: z.coerce.number().int().min(1).max(PAGE_MAX).optional(),
    cursor: z.string().max(500).optional(),
  });
  const output = z.object({
    items: z.array(list.resource.output),
    next: z.string().optional().meta({ description: 'Cursor of the next page; absent on the last' }),
    count: z
      .object({ value: z.int(), more: z.boolean() })
      .optional()
      .meta({ description: `Matches, counted up to ${COUNT_MAX}` }),
    facets: z.record(z.string(), z.array(z.object({ value: z.string(), count: z.int() }))).optional(),
  });
  return defineQuery({
    name: list.name,
    summary: list.summary,
    path: list.path ?? `/${list.resource.plural}`,
    query,
    output,
    allows: list.allows,
    run: async (call) => runList(list, call as Call<Record<string, string>, ListQuery>),
  }) as QueryDefinition;
}

type ListQuery = Record<string, unknown> & {
  q?: string;
  facets?: 'true';
  count?: 'estimate';
  sort?: string;
  limit?: number;
  cursor?: string;
};

/** Conditions of a query, without the filter named `except`. */
function conditions<State, Output extends z.ZodType>(
  list: ListDefinition<State, Output>,
  call: Call<Record<string, string>, ListQuery>,
  bind: Bind,
  except?: string,
): string[] {
  const where = [`(${list.visible(call.subject, bind, call.params)})`];
  for (const [name, filter] of Object.entries(list.filters)) {
    const values = call.query[name] as string[] | undefined;
    if (!values || name === except) continue;
    where.push(
      filter.match === 'is' ? `v.${filter.column} = ANY(${bind(values)}::text[])` : `v.${filter.column} && ${bind(values)}::text[]`,
    );
  }
  if (list.search && call.query.q) {
    const terms = searchText(call.query.q).split(/\s+/u).filter(Boolean).slice(0, TERMS_MAX);
    for (const term of terms) where.push(`v.${list.search} LIKE ${bind(`%${term.replace(/[\\%_]/gu, '\\$&')}%`)}`);
  }
  return where;
}

async function runList<State, Output extends z.ZodType>(
  list: ListDefinition<State, Output>,
  call: Call<Record<string, string>, ListQuery>,
) {
  const table = list.resource.view?.table.name;
  if (!table) throw new Error(`${list.name}: the resource ${list.resource.plural} has no view to list`);
  const sortName = call.query.sort ?? Object.keys(list.sorts)[0]!;
  const sort = list.sorts[sortName]!;
  const limit = call.query.limit ?? 20;
  const parameters: unknown[] = [];
  const bind: Bind = (value) => `$${parameters.push(value)}`;
  const where = conditions(list, call, bind);
  if (call.query.cursor !== undefined) where.push(after(call.query.cursor, sortName, sort, bind));
  const sql = `SELECT s.id, s.version, s.state, v.${sort.column}::text AS sort_key FROM ${table} v JOIN streams s ON s.id = v.id
      WHERE ${where.join(' AND ')} ORDER BY v.${sort.column} ${sort.direction}, v.id ${sort.direction} LIMIT ${limit + 1}`;
  const asked = call.db
    .query<{ id: string; version: number; state: State; sort_key: string }>(sql, parameters)
    .catch((error: unknown) => {
      // Class 22: the cursor names a value that the sort column cannot have.
      if (call.query.cursor !== undefined && String((error as { code?: unknown }).code).startsWith('22')) throw foreignCursor();
      throw error;
    });
  const [rows, counts] = await Promise.all([asked, counted(list, call, table)]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const next = rows.length > limit && last ? encodeCursor([sortName, last.sort_key, last.id]) : undefined;
  const items = page.map(({ id, version, state }) =>
    list.resource.present({ id, version, state, subject: call.subject, at: call.at }),
  );
  const body = { items, next, ...counts };
  const headers: Record<string, string> = next ? { link: linkTo(list, call, next) } : {};
  return { body, headers };
}

const foreignCursor = (): Refused =>
  new Refused('invalid_cursor', 'This cursor does not belong to this list in this order. Start again without a cursor.');

/** Condition for "behind this cursor"; a cursor of another order, or one that was tampered with, is refused. */
function after(cursor: string, sortName: string, sort: Sort, bind: Bind): string {
  const place = decodeCursor(cursor);
  if (place?.length !== 3 || place[0] !== sortName || !Id.safeParse(place[2]).success || String(place[1]).includes('\u0000')) {
    throw foreignCursor();
  }
  const sign = sort.direction === 'asc' ? '>' : '<';
  return `(v.${sort.column}, v.id) ${sign} (${bind(place[1])}, ${bind(place[2])}::uuid)`;
}

type Facets = Record<string, { value: string; count: number }[]>;

/** What the query wants counted, in as few looks as there are sets of matches, all at once. */
async function counted<State, Output extends z.ZodType>(
  list: ListDefinition<State, Output>,
  call: Call<Record<string, string>, ListQuery>,
  table: string,
): Promise<{ count?: { value: number; more: boolean }; facets?: Facets }> {
  const names = call.query.facets === 'true' ? (list.facets ?? []) : [];
  // Facets of filters that are not set count the matches of the list itself; each other one has matches of its own.
  const [own, shared] = [names.filter((name) => call.query[name]), names.filter((name) => !call.query[name])];
  const counts = call.query.count === 'estimate';
  const [listed, ...others] = await Promise.all([
    shared.length > 0 || counts ? countsAmong(list, call, table, shared) : undefined,
    ...own.map((name) => countsAmong(list, call, table, [name], name)),
  ]);
  const found: Facets = Object.assign({}, ...[listed, ...others].map((one) => one?.facets));
  return {
    ...(counts && listed && { count: { value: Math.min(listed.count, COUNT_MAX), more: listed.count > COUNT_MAX } }),
    ...(call.query.facets === 'true' && { facets: Object.fromEntries(names.map((name) => [name, found[name]!])) }),
  };
}

/** How many match, up to one more than COUNT_MAX, and the values of these facets among them; the filter named `except` is left out. */
async function countsAmong<State, Output extends z.ZodType>(
  list: ListDefinition<State, Output>,
  call: Call<Record<string, string>, ListQuery>,
  table: string,
  names: readonly string[],
  except?: string,
): Promise<{ count: number; facets: Facets }> {
  const filters = names.map((name) => list.filters[name]!);
  const parameters: unknown[] = [];
  const where = conditions(list, call, (value) => `$${parameters.push(value)}`, except);
  const parts = filters.map(({ column, match }, facet) => {
    const value = match === 'has' ? `unnest(${column})` : column;
    return `(SELECT ${facet} AS facet, value, count(*)::int AS count FROM (SELECT ${value}::text AS value FROM capped) valued
      WHERE value IS NOT NULL GROUP BY value ORDER BY count DESC, value LIMIT 100)`;
  });
  const columns = [...new Set(filters.map(({ column }) => `v.${column}`))];
  const [all, ...rows] = await call.db.query<{ facet: number; value: string; count: number }>(
    `WITH capped AS MATERIALIZED (SELECT ${columns.join(', ') || '1'} FROM ${table} v WHERE ${where.join(' AND ')} LIMIT ${COUNT_MAX + 1})
     SELECT * FROM (${['SELECT -1 AS facet, NULL AS value, count(*)::int AS count FROM capped', ...parts].join(' UNION ALL ')}) counts
      ORDER BY facet, count DESC, value`,
    parameters,
  );
  const facets: Facets = Object.fromEntries(names.map((name) => [name, []]));
  for (const { facet, value, count } of rows) facets[names[facet]!]!.push({ value, count });
  return { count: all?.count ?? 0, facets };
}

function linkTo<State, Output extends z.ZodType>(
  list: ListDefinition<State, Output>,
  call: Call<Record<string, string>, ListQuery>,
  cursor: string,
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query)) {
    if (name === 'cursor' || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  search.set('cursor', cursor);
  const path = (list.path ?? `/${list.resource.plural}`).replace(/:(\w+)/gu, (_all, name: string) =>
    encodeURIComponent(call.params[name] ?? ''),
  );
  return `</api/v1${path}?${search.toString()}>; rel="next"`;
}
