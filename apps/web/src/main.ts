import Fastify from 'fastify';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { loadWeb } from './web.js';

const Environment = z.object({
  /** Address of the gateway. */
  CONCORD_API: z.url({ protocol: /^https?$/u }),
  CONCORD_WEB_SECRET: z.string().min(32),
  CONCORD_WEB_HOST: z.string().min(1).default('127.0.0.1'),
  CONCORD_WEB_PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  /** Address of the site as browsers see it, behind a proxy. */
  CONCORD_PUBLIC_URL: z.url().optional(),
  /** Address of the rooms, when not at the origin of the pages. */
  CONCORD_REALTIME_URL: z.url().optional(),
  /** What stands below the map instead of our own words. */
  CONCORD_MAP_DISCLAIMER: z.string().min(1).max(1000).optional(),
  /** `true` behind a proxy of our own: its X-Forwarded headers are believed. */
  CONCORD_TRUST_PROXY: z.enum(['true', 'false']).default('false'),
});

/** Serves the pages in a process of their own, before a gateway; resolves when it listens. Throws with every fault of the environment. */
export async function serve(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ url: string; close(): Promise<void> }> {
  const given: Record<string, string | undefined> = {};
  for (const name of Object.keys(Environment.shape)) {
    const file = environment[`${name}_FILE`];
    given[name] = file === undefined ? environment[name] || undefined : readFileSync(file, 'utf8').trim();
  }
  const read = Environment.safeParse(given);
  if (!read.success) {
    const faults = read.error.issues.map(({ path, message }) => `  - ${path.join('.')}: ${message}`);
    throw new Error(`The configuration has faults:\n${faults.join('\n')}`);
  }
  const config = read.data;
  const fastify = Fastify({ trustProxy: config.CONCORD_TRUST_PROXY === 'true', forceCloseConnections: true });
  const web = await loadWeb({
    apiUrl: config.CONCORD_API,
    apiFetch: (address) => (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), 'x-forwarded-for': address } }),
    secret: config.CONCORD_WEB_SECRET,
    version: '0.1.0',
    ...(config.CONCORD_PUBLIC_URL === undefined ? {} : { publicUrl: config.CONCORD_PUBLIC_URL }),
    ...(config.CONCORD_REALTIME_URL === undefined ? {} : { realtimeUrl: config.CONCORD_REALTIME_URL }),
    ...(config.CONCORD_MAP_DISCLAIMER === undefined ? {} : { mapDisclaimer: config.CONCORD_MAP_DISCLAIMER }),
    failed: (where, error) =>
      console.error(JSON.stringify({ level: 'error', where, error: String((error as Error).stack ?? error) })),
  });
  fastify.get('/livez', async () => ({ status: 'ok' }));
  fastify.get('/readyz', async () => ({ status: 'ok' }));
  web.mount(fastify);
  const url = await fastify.listen({ port: config.CONCORD_WEB_PORT, host: config.CONCORD_WEB_HOST });
  return { url, close: () => fastify.close() };
}
