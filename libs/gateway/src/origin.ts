import type { IncomingMessage } from 'node:http';

/**
 * Whether a handshake may come from where it comes from: browsers say so in Origin, and a page of a foreign site must not open a
 * socket in its visitor's name. Without the header it is no browser. The own host is always allowed.
 */
export function originAllowed(request: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && /^https?:$/u.test(new URL(origin).protocol) && new URL(origin).host === host;
}
