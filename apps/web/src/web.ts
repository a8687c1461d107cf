import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable, Transform } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { createGzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { Assets } from './assets.js';

/** What the front end needs from the process it is in. */
export interface WebOptions {
  /** Where the API is, without `/api/v1`. */
  readonly apiUrl: string;
  /** How to reach it on behalf of a reader at this address; the global `fetch` when absent. */
  readonly apiFetch?: (address: string) => typeof globalThis.fetch;
  /** Encrypts the session cookie; at least 32 characters. The same for all processes of one site. */
  readonly secret: string;
  /** Where the rooms are, when not at the origin of the pages. */
  readonly realtimeUrl?: string;
  /** Address of the site as browsers see it; `Host` and the scheme of the connection when absent. */
  readonly publicUrl?: string;
  readonly version: string;
  /** What stands below the map instead of our own words. */
  readonly mapDisclaimer?: string;
  failed(where: string, error: unknown): void;
}

/** The built front end, ready to be mounted. */
export interface Web {
  /** Adds the pages (`/*`) and their files (`/assets/*`); routes added before or after keep their own paths. */
  mount(fastify: FastifyInstance): void;
}

type Pages = (request: Request, address: string) => Promise<Response>;

interface Build {
  readonly entry: { readonly module: { createPages(build: unknown, settings: unknown): Pages } };
}

const BUILD = resolve(import.meta.dirname, '../build');
/** Largest form with files. */
const BODY_BYTES_MAX = 27 * 1024 * 1024;
const COMPRESSED_FROM_BYTES = 1024;
const compress = promisify(gzip);

/** Loads the built pages. Throws when they are not built. */
export async function loadWeb(options: WebOptions): Promise<Web> {
  const file = join(BUILD, 'server/index.js');
  if (!existsSync(file)) throw new Error(`The web front end is not built: ${file} is missing. Run \`npm run build\`.`);
  if (options.secret.length < 32) throw new Error('The secret of the session cookies has fewer than 32 characters.');
  const build = (await import(pathToFileURL(file).href)) as Build;
  const assets = Assets.read(join(BUILD, 'client'));
  const pages = build.entry.module.createPages(build, { ...options, liveScript: assets.script('live-script') });
  return {
    mount: (fastify) => {
      fastify.register(async (scope) => {
        // Forms reach the pages as they came; nothing here reads a body.
        scope.removeAllContentTypeParsers();
        scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
        scope.get('/assets/*', (request, reply) => assets.send(request, reply));
        scope.route({
          method: ['GET', 'POST'],
          url: '/*',
          exposeHeadRoute: true,
          handler: (request, reply) => answer(pages, options, request, reply),
        });
      });
    },
  };
}

/** Paths that are the API's even where it has no route: they keep answering with problem documents. */
const isApi = (path: string): boolean => /^\/(api|realtime|metrics|livez|readyz|\.well-known)(\/|$)/u.test(path);

async function answer(pages: Pages, options: WebOptions, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (isApi(new URL(request.url, 'http://path').pathname)) {
    reply.callNotFound();
    return;
  }
  reply.hijack();
  const { raw } = reply;
  try {
    if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) {
      raw.writeHead(413, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end('Too large: 27 MB at most.\n');
      return;
    }
    await send(await pages(requestOf(options, request, raw), request.ip), request, raw);
  } catch (error) {
    options.failed(`${request.method} ${request.url}`, error);
    if (!raw.headersSent) raw.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' });
    raw.end('Something went wrong here. Try again.\n');
  }
}

function requestOf(options: WebOptions, request: FastifyRequest, raw: FastifyReply['raw']): Request {
  const origin = options.publicUrl ?? `${request.protocol}://${request.host}`;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  if (options.publicUrl !== undefined) headers.set('x-forwarded-host', new URL(options.publicUrl).host);
  const aborted = new AbortController();
  raw.on('close', () => void (raw.writableFinished || aborted.abort()));
  const bodied = request.method !== 'GET' && request.method !== 'HEAD';
  return new Request(new URL(request.url, origin), {
    method: request.method,
    headers,
    signal: aborted.signal,
    ...(bodied ? { body: Readable.toWeb(request.raw.pipe(limited())) as never, duplex: 'half' as const } : {}),
  });
}

/** Ends a body that grows beyond the limit, whatever its header said. */
function limited(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > BODY_BYTES_MAX ? new Error('The form is larger than 27 MB.') : null, chunk);
    },
  });
}

async function send(response: Response, request: FastifyRequest, raw: FastifyReply['raw']): Promise<void> {
  const { headers } = response;
  headers.set('x-content-type-options', 'nosniff');
  // Not "no-referrer": browsers would then hide the origin of our own forms from the check of origins.
  headers.set('referrer-policy', 'same-origin');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=()');
  if (!headers.has('content-security-policy')) headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  const text = /^(text|application\/json|image\/svg)/u.test(headers.get('content-type') ?? '');
  // A download may be long: it goes out as it comes.
  const download = headers.get('content-disposition')?.startsWith('attachment') ?? false;
  let body: Buffer | undefined;
  if (text && !download && request.method !== 'HEAD') {
    body = Buffer.from(await response.arrayBuffer());
    headers.append('vary', 'Accept-Encoding');
    if (body.length >= COMPRESSED_FROM_BYTES && /\bgzip\b/u.test(request.headers['accept-encoding'] ?? '')) {
      body = await compress(body, { level: 5 });
      headers.set('content-encoding', 'gzip');
    }
    headers.set('content-length', String(body.length));
  }
  const packed = text && download && /\bgzip\b/u.test(request.headers['accept-encoding'] ?? '');
  if (packed) headers.set('content-encoding', 'gzip');
  const cookies = headers.getSetCookie();
  headers.delete('set-cookie');
  raw.writeHead(response.status, { ...Object.fromEntries(headers), ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) });
  if (body || !response.body || request.method === 'HEAD') raw.end(body);
  else if (packed) await pipeline(Readable.fromWeb(response.body as never), createGzip({ level: 5 }), raw);
  else await pipeline(Readable.fromWeb(response.body as never), raw);
}
