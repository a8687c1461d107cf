import type { LoaderFunctionArgs } from 'react-router';
import { visitOf } from '../../server/visit.server.js';

/**
 * The access token for the rooms, for scripts of this site only: it lives ten minutes at most and cannot be refreshed with.
 * 204 when nobody is signed in: the rooms then show what everybody sees.
 */
export function loader(args: LoaderFunctionArgs): Response {
  const { session } = visitOf(args);
  const site = args.request.headers.get('sec-fetch-site');
  const headers = { 'cache-control': 'private, no-store', 'cross-origin-resource-policy': 'same-origin' };
  if (site !== 'same-origin') return new Response(null, { status: 403, headers });
  if (!session) return new Response(null, { status: 204, headers });
  return Response.json({ token: session.accessToken, expiresAt: session.accessExpiresAt }, { headers });
}
