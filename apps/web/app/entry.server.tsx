import { createHash, randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { renderToPipeableStream } from 'react-dom/server';
import {
  createRequestHandler,
  RouterContextProvider,
  ServerRouter,
  type EntryContext,
  type HandleErrorFunction,
  type ServerBuild,
} from 'react-router';
import { FactsProvider } from './facts.js';
import type { FormState } from './form-state.js';
import type { RouteHandle } from './handle.js';
import { isLocale, preferredLocale, type Locale } from './locale.js';
import { readCookies } from './server/cookies.server.js';
import { foreignRequest } from './server/origin.server.js';
import { LOCALE_COOKIE, Refreshing, Seal } from './server/session.server.js';
import { textsOf } from './server/texts.server.js';
import { proseHtml, proseWords } from './server/markdown.server.js';
import { Visit, visitContext, visitOf, type Surroundings } from './server/visit.server.js';

const RENDER_MS_MAX = 10_000;

/** What the mounting process configures: see apps/web/src/mount.ts. */
export interface Settings extends Omit<Surroundings, 'seal' | 'refreshing'> {
  /** Encrypts the session cookie; whoever has it can read and make sessions. */
  readonly secret: string;
}

/** Answers page requests; the whole web front end as one function. */
export function createPages(
  build: ServerBuild,
  { secret, ...given }: Settings,
): (request: Request, address: string) => Promise<Response> {
  const surroundings: Surroundings = { ...given, seal: new Seal(secret), refreshing: new Refreshing() };
  const handle = createRequestHandler(build, 'production');
  return async (request, address) => {
    const url = new URL(request.url);
    const [, first = ''] = url.pathname.split('/');
    if (!isLocale(first)) return toLanguage(request, url, first);
    const visit = await Visit.of(request, first, address, surroundings);
    const foreign = foreignRequest(request);
    const context = new RouterContextProvider();
    context.set(visitContext, visit);
    const answer = foreign === undefined ? await handle(request, context) : refused(visit, foreign);
    const response = new Response(answer.body, answer);
    for (const cookie of visit.cookies) response.headers.append('set-cookie', cookie);
    if (!visit.isPublic) response.headers.set('cache-control', 'private, no-store');
    response.headers.set('x-correlation-id', visit.correlationId);
    return response;
  };
}

/** A path without a language goes to the reader's: the one chosen before, or the best of `Accept-Language`. */
function toLanguage(request: Request, url: URL, first: string): Response {
  const chosen = readCookies(request.headers.get('cookie')).get(LOCALE_COOKIE);
  const locale: Locale = isLocale(chosen) ? chosen : preferredLocale(request.headers.get('accept-language'));
  const path = url.pathname === '/' ? '' : url.pathname;
  // A third segment pretending to be a host must not become one.
  const safe = first === '' && path !== '' ? '' : path;
  return new Response(null, {
    status: 307,
    headers: { location: `/${locale}${safe}${url.search}`, vary: 'Cookie, Accept-Language', 'cache-control': 'private, no-cache' },
  });
}

const refused = (visit: Visit, why: string): Response =>
  new Response(visit.t('site:trouble.foreign', { why }), {
    status: 403,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'content-language': visit.locale },
  });

/** Renders a document. Called by the router; the signature is its. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  context: Readonly<RouterContextProvider>,
): Promise<Response> {
  const visit = visitOf({ context });
  const handles = entry.staticHandlerContext.matches.map(
    ({ route }) => entry.routeModules[route.id]?.handle as RouteHandle | undefined,
  );
  const scripts = handles.some((one) => one?.scripts) && !entry.staticHandlerContext.errors;
  const embed = handles.some((one) => one?.embed);
  if (!entry.staticHandlerContext.errors && !embed) await visit.readUnread();
  const namespaces = [...new Set(['site', 'words', ...handles.flatMap((one) => one?.namespaces ?? [])])];
  const facts = visit.facts();
  const nonce = scripts || facts.liveScript !== undefined ? randomBytes(16).toString('base64') : undefined;
  const sent = scripts ? JSON.stringify({ facts, texts: textsOf(facts.locale, namespaces) }).replaceAll('<', '\\u003c') : undefined;
  const fieldNames = new Map<string, readonly string[]>();
  const pageOf = (context: EntryContext) => (
    <FactsProvider
      value={{
        ...facts,
        t: visit.t,
        prose: { html: proseHtml, words: proseWords },
        fieldNames,
        ...(nonce === undefined ? {} : { nonce }),
        ...(sent === undefined ? {} : { sent }),
      }}
    >
      <ServerRouter context={context} url={request.url} {...(nonce === undefined ? {} : { nonce })} />
    </FactsProvider>
  );
  // The summary of faults stands above the fields it names: what they are called is known once they were rendered. The stream for
  // the scripts can be read once only. A hydrated page would not know the names in the browser.
  if (!scripts && hasFaults(entry.staticHandlerContext.actionData))
    await render(pageOf({ ...entry, serverHandoffStream: undefined }), nonce);
  const html = await render(pageOf(entry), nonce);
  headers.set('content-type', 'text/html; charset=utf-8');
  headers.set('content-language', facts.locale);
  headers.append('vary', 'Cookie');
  headers.set('content-security-policy', policy(nonce, embed, facts.realtimeUrl));
  if (embed) visit.cookies.length = 0;
  if (request.method !== 'GET' || status !== 200 || scripts || !visit.isPublic) return new Response(html, { status, headers });
  const etag = `W/"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
  headers.set('etag', etag);
  headers.set('cache-control', 'no-cache');
  const known = request.headers
    .get('if-none-match')
    ?.split(/\s*,\s*/u)
    .includes(etag);
  return known ? new Response(null, { status: 304, headers }) : new Response(html, { status, headers });
}

/** Whether a form is shown again with what is wrong with it. */
const hasFaults = (actions: EntryContext['staticHandlerContext']['actionData']): boolean =>
  Object.values(actions ?? {}).some((one) => ((one as Partial<FormState> | undefined)?.faults?.length ?? 0) > 0);

/** Nothing from elsewhere, no inline script but ours, no form to elsewhere, no frame around a page that is not made for it. */
function policy(nonce: string | undefined, embed: boolean | undefined, realtimeUrl: string | undefined): string {
  const rooms = realtimeUrl === undefined ? '' : ` ${realtimeUrl} ${realtimeUrl.replace(/^http/u, 'ws')}`;
  return [
    "default-src 'none'",
    `script-src ${nonce === undefined ? "'none'" : `'nonce-${nonce}' 'strict-dynamic'`}`,
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    `connect-src 'self'${rooms}`,
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${embed ? '*' : "'none'"}`,
  ].join('; ');
}

/** The whole page at once: its status and its validator are then true. */
function render(page: React.ReactNode, nonce: string | undefined): Promise<string> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    const out = new PassThrough();
    out.on('data', (chunk: Buffer) => chunks.push(chunk));
    out.on('end', () => {
      clearTimeout(timer);
      done(Buffer.concat(chunks).toString('utf8'));
    });
    const { pipe, abort } = renderToPipeableStream(page, {
      ...(nonce === undefined ? {} : { nonce }),
      onAllReady: () => pipe(out),
      onShellError: (error) => {
        clearTimeout(timer);
        fail(error instanceof Error ? error : new Error(String(error)));
      },
    });
    const timer = setTimeout(() => abort(new Error('The page took too long to render.')), RENDER_MS_MAX);
  });
}

/** Faults of pages, told to the operators. Called by the router. */
export const handleError: HandleErrorFunction = (error, { context, request }) => {
  if (!request.signal.aborted) visitOf({ context }).failed('page', error);
};
