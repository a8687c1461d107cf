import { ApiProblem, NoAnswer, type Client } from '@concord/client';
import { createHash } from 'node:crypto';
import type { LoaderFunctionArgs } from 'react-router';
import type { Listed } from '../../api.js';
import { visitOf, type Visit } from '../../server/visit.server.js';
import { calendarText } from './calendar.js';
import { BOM, csvRecord } from './csv.js';
import { atomText, jsonFeedText, type Feed } from './feeds.js';
import { CALENDAR_ROWS_MAX, FEED_ENTRIES_MAX, FILE_ROWS_MAX, FILES, FORMATS, isFeed, type Format } from './formats.js';
import { LIST_KINDS, type ListKind, type ListName, type Pen } from './kinds.server.js';

const PAGE = 100;
/** Names asked for at once: an export must not use up its reader's allowance. */
const NAMES_AT_ONCE = 20;
type Row = { readonly id: string };
type Query = Record<string, string | readonly string[]>;
type AnyKind = ListKind<Row>;

/** What one address asks for. */
interface Asked {
  readonly visit: Visit;
  /** Path of the page that shows the list. */
  readonly page: string;
  readonly list: ListName;
  readonly kind: AnyKind;
  readonly format: Format;
  readonly query: Query;
  readonly client: Client;
}

/** A list as a file: CSV or JSON of what this reader sees, streamed; feed and calendar of what everybody sees. */
export async function loader(args: LoaderFunctionArgs): Promise<Response> {
  const visit = visitOf(args);
  try {
    const id = args.params['id'];
    // `.feed.json` ends in `.json` too: the longest name wins.
    const format = [...FORMATS].sort((a, b) => b.length - a.length).find((one) => visit.path.endsWith(`.${one}`)) ?? 'json';
    const page = visit.path.slice(0, -format.length - 1);
    const plain = id === undefined ? page : page.replace(`/${encodeURIComponent(id)}/`, '/:id/');
    const file = FILES.find(({ path }) => `/${path}` === plain);
    if (!file) throw new Error(`No list stands at ${visit.path}: see FILES in routes/lists/formats.ts.`);
    const list = file.list as ListName;
    const kind = LIST_KINDS[list] as unknown as AnyKind;
    const client = isFeed(format) ? visit.publicApi : visit.api;
    const asked: Asked = { visit, page, list, kind, format, query: queryOf(kind, visit, id), client };
    return isFeed(format) ? await feedOf(asked, args.request) : await fileOf(asked);
  } catch (error) {
    return refusal(visit, error);
  }
}

function queryOf(kind: AnyKind, visit: Visit, need: string | undefined): Query {
  const query: Query = need === undefined ? {} : { need };
  for (const name of kind.query) {
    const given = visit.url.searchParams.getAll(name).filter((value) => value !== '');
    if (given.length > 0) query[name] = name === 'q' || name === 'sort' ? (given[0] ?? '') : given;
  }
  return query;
}

/** Plain words for programs and people; absent and forbidden are the same. */
function refusal(visit: Visit, error: unknown): Response {
  const told = error instanceof ApiProblem ? error : undefined;
  const lost = error instanceof NoAnswer || told?.status === 429 || told?.status === 503;
  if (!lost && (told?.status ?? 500) >= 500) visit.failed(`GET ${visit.path}`, error);
  const status = lost ? 503 : (told?.status ?? 500);
  const code = lost ? 'unavailable' : status === 400 ? 'invalid' : status < 500 ? 'not_found' : 'internal';
  return new Response(`${visit.t(`problems:${code}`)}\n${visit.t('lists:correlation', { id: visit.correlationId })}\n`, {
    status: status === 400 || status >= 500 ? status : 404,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...(lost ? { 'retry-after': '5' } : {}) },
  });
}

const firstPage = ({ client, query, list, visit }: Asked, limit: number) =>
  client.get<Listed<Row>>(`/${list}`, {
    query: { ...query, limit, cursor: visit.url.searchParams.get('cursor') || undefined },
  });

async function penFor({ visit, kind }: Asked, rows: readonly Row[]): Promise<Pen> {
  const ids = [...new Set(rows.flatMap((row) => kind.organisations(row)))];
  const names = new Map<string, string>();
  for (let at = 0; at < ids.length; at += NAMES_AT_ONCE)
    for (const [id, name] of await visit.namesOf(ids.slice(at, at + NAMES_AT_ONCE))) names.set(id, name);
  return { t: visit.t, locale: visit.locale, names, url: (path) => `${visit.url.origin}${visit.href(path)}` };
}

/** Address of the same list from a cursor on. */
function restOf({ visit }: Asked, cursor: string): string {
  const url = new URL(visit.url);
  url.searchParams.set('cursor', cursor);
  return url.href;
}

async function fileOf(asked: Asked): Promise<Response> {
  const { visit, list, format } = asked;
  // The first page before the answer begins: a refusal then has its status.
  const { body: first } = await firstPage(asked, PAGE);
  const chunks = format === 'csv' ? csvOf(asked, first) : jsonOf(asked, first);
  const encoder = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        // The file then ends without its end: the reader's program sees that it is cut off.
        visit.failed(`GET ${visit.path}`, error);
        controller.error(error);
      }
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
  return new Response(stream, {
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/json',
      'content-disposition': `attachment; filename="concord-${list}.${format}"`,
      'content-language': visit.locale,
      link: `<${visit.href('/data')}>; rel="describedby"`,
      vary: 'Cookie',
    },
  });
}

/** Pages by keyset, `FILE_ROWS_MAX` rows at most; `next` of the last one names the rest. */
async function* pagesFrom(asked: Asked, first: Listed<Row>): AsyncGenerator<Listed<Row> & { readonly last: boolean }> {
  let page = first;
  for (let rows = 0; ;) {
    rows += page.items.length;
    const last = page.next === undefined || rows >= FILE_ROWS_MAX;
    yield { ...page, last };
    if (last) return;
    page = (await asked.client.get<Listed<Row>>(`/${asked.list}`, { query: { ...asked.query, limit: PAGE, cursor: page.next } }))
      .body;
  }
}

async function* csvOf(asked: Asked, first: Listed<Row>): AsyncGenerator<string, void, undefined> {
  const { visit, kind } = asked;
  const columns = Object.entries(kind.columns);
  yield (visit.url.searchParams.get('bom') === '1' ? BOM : '') + csvRecord(columns.map(([name]) => name));
  for await (const { items, next, last } of pagesFrom(asked, first)) {
    const pen = await penFor(asked, items);
    yield items.map((row) => csvRecord(columns.map(([, cell]) => cell(row, pen)))).join('');
    if (!last || next === undefined) continue;
    const said = visit.t('lists:more', { shown: String(FILE_ROWS_MAX), url: restOf(asked, next) });
    yield csvRecord([said, ...columns.slice(1).map(() => undefined)]);
  }
}

async function* jsonOf(asked: Asked, first: Listed<Row>): AsyncGenerator<string, void, undefined> {
  const { visit, list, page } = asked;
  const head = { list, language: visit.locale, page: `${visit.url.origin}${visit.href(page)}` };
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`;
  let begun = false;
  for await (const { items, next, last } of pagesFrom(asked, first)) {
    const rows = items.map((row) => JSON.stringify(row)).join(',\n');
    yield `${begun && rows !== '' ? ',' : ''}\n${rows}`;
    begun ||= rows !== '';
    if (last) yield `\n]${next === undefined ? '' : `,"next":${JSON.stringify(restOf(asked, next))}`}}\n`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  atom: 'application/atom+xml; charset=utf-8',
  'feed.json': 'application/feed+json',
  ics: 'text/calendar; charset=utf-8',
};

async function feedOf(asked: Asked, request: Request): Promise<Response> {
  const { visit, kind, list, page, format } = asked;
  if (format === 'ics') return told(await calendarOf(asked), format, request);
  const { body } = await firstPage(asked, FEED_ENTRIES_MAX);
  const pen = await penFor(asked, body.items);
  const entry = kind.entry;
  if (!entry) throw new Error(`The list ${list} has no entries for a feed.`);
  const shown = new URL(visit.url);
  shown.pathname = visit.href(asked.list === 'pledges' ? page.replace(/\/pledges$/u, '') : page);
  const feed: Feed = {
    title: `Concord – ${visit.t(`lists:name.${list}`)}`,
    language: visit.locale,
    url: visit.url.href,
    page: shown.href,
    entries: body.items.map((row) => entry(row, pen)),
  };
  return told(format === 'atom' ? atomText(feed) : jsonFeedText(feed), format, request);
}

async function calendarOf(asked: Asked): Promise<string> {
  const { visit, kind, list, client, query } = asked;
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await client.get<Listed<Row>>(`/${list}`, { query: { ...query, limit: PAGE, cursor } });
    rows.push(...body.items);
    cursor = body.next;
  } while (cursor !== undefined && rows.length < CALENDAR_ROWS_MAX);
  const pen = await penFor(asked, []);
  return calendarText(
    `Concord – ${visit.t(`lists:name.${list}`)}`,
    rows.flatMap((row) => kind.dates?.(row, pen) ?? []),
  );
}

function told(text: string, format: Format, request: Request): Response {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  const headers = {
    'content-type': TYPES[format] ?? 'text/plain',
    'cache-control': 'public, max-age=300',
    etag,
    // Anybody's program may read what everybody may see.
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
  };
  const known = request.headers
    .get('if-none-match')
    ?.split(/\s*,\s*/u)
    .includes(etag);
  return known ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
}
