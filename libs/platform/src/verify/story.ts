import { hash } from 'node:crypto';
import type { Context } from '../context/context.js';

/** One stream on its way to a name that does not depend on its id. */
interface Told {
  readonly context: string;
  readonly id: string;
  readonly kind: string;
  readonly version: number;
  readonly state: unknown;
}

/** Each round lets a stream's name say more about the streams it refers to, and about those that they refer to. */
const ROUNDS = 3;
const DAY_MS = 86_400_000;

/** What was decided in an installation, without what differs between two of them after the same story. */
export interface Story {
  /** One hash over all of it, references between streams included. */
  readonly hash: string;
  /** One line a stream, sorted, with references left blank: two stories that differ are told apart by their lines. */
  readonly streams: readonly string[];
}

/**
 * What two installations share after the same story, though their ids, secrets and times of day differ: ids become what the
 * objects they name say of themselves, instants and dates become days since the first event, hashes and keys become marks.
 * For telling two compositions apart by their result; it holds all states in memory.
 */
export async function storyOf(contexts: Iterable<Context>): Promise<Story> {
  const streams: Told[] = [];
  let first: string | undefined;
  for (const { service, database } of contexts) {
    const rows = await database.query<Omit<Told, 'context'>>('SELECT id::text, kind, version, state FROM streams');
    for (const row of rows) streams.push({ ...row, context: service.name });
    const [start] = await database.query<{ at: string | null }>(`SELECT min(meta->>'at') AS at FROM events`);
    if (start?.at && (first === undefined || start.at < first)) first = start.at;
  }
  const start = Date.parse(first ?? '1970-01-01T00:00:00.000Z');
  const tell = (names: ReadonlyMap<string, string>): string[] =>
    streams.map(({ context, kind, version, state }) => `${context} ${kind} ${version} ${form(state, names, start)}`);
  const blank = tell(new Map());
  let told = blank;
  for (let round = 0; round < ROUNDS; round += 1) {
    told = tell(new Map(streams.map(({ id }, at) => [id, hash('sha256', told[at]!)])));
  }
  const all = told.map((line) => hash('sha256', line)).sort();
  return { hash: hash('sha256', all.join('\n')), streams: blank.sort() };
}

const ID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gu;
const DATE = /\b\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?/gu;
/** Hashes and pseudonyms. */
const HEX = /\b[0-9a-f]{16,}\b/gu;
/** Keys and tokens: one long word. */
const SECRET = /^[\w+/=$,.-]{22,}$/u;

/** A value as text in which nothing depends on ids or on the time of day. Members are sorted by that text, because they may be ids. */
function form(value: unknown, names: ReadonlyMap<string, string>, start: number): string {
  if (typeof value === 'string') return JSON.stringify(words(value, names, start));
  if (Array.isArray(value)) return `[${value.map((item) => form(item, names, start)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(words(key, names, start))}:${form(item, names, start)}`,
  );
  return `{${members.sort().join(',')}}`;
}

function words(text: string, names: ReadonlyMap<string, string>, start: number): string {
  const told = text
    .replace(HEX, '<secret>')
    .replace(ID, (id) => `<${names.get(id) ?? 'id'}>`)
    .replace(DATE, (instant) => `<day ${Math.floor((Date.parse(instant) - startOf(instant, start)) / DAY_MS)}>`);
  return told === text && SECRET.test(text) ? '<secret>' : told;
}

/** Dates are counted from the first date, instants from the first instant. */
const startOf = (instant: string, start: number): number => (instant.includes('T') ? start : start - (start % DAY_MS));
