import { loadWeb, secretFile } from '@concord/web';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { join } from 'node:path';

/** What the pages need of this process. */
interface PagesOptions {
  readonly dataDir: string;
  readonly version: string;
  failed(where: string, error: unknown): void;
}

/**
 * Loads the pages; returns what adds them to the port of the API. They reach the API without a connection, and as the reader's own
 * address, so that limits and sign-in throttles count readers and not this process.
 */
export async function loadPages({ dataDir, version, failed }: PagesOptions): Promise<(fastify: FastifyInstance) => void> {
  let mounted: FastifyInstance | undefined;
  const web = await loadWeb({
    apiUrl: 'http://localhost',
    apiFetch: (address) => (input, init) => inject(mounted!, address, String(input), init),
    secret: secretFile(join(dataDir, 'web-secret')),
    version,
    failed,
  });
  return (fastify) => {
    mounted = fastify;
    web.mount(fastify);
  };
}

async function inject(fastify: FastifyInstance, address: string, url: string, init: RequestInit = {}): Promise<Response> {
  const { pathname, search } = new URL(url);
  const { body } = init;
  const answer = await fastify.inject({
    method: (init.method ?? 'GET') as NonNullable<InjectOptions['method']>,
    url: `${pathname}${search}`,
    headers: init.headers as Record<string, string>,
    remoteAddress: address,
    ...(body === undefined || body === null ? {} : { payload: typeof body === 'string' ? body : Buffer.from(body as Uint8Array) }),
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) headers.set(name, String(value));
  const empty = answer.statusCode === 204 || answer.statusCode === 304;
  return new Response(empty ? null : new Uint8Array(answer.rawPayload), { status: answer.statusCode, headers });
}
