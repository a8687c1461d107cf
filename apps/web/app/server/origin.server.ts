const SAFE = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Why a request that changes something is not taken, or undefined: it must come from a page of this very site. Browsers say so
 * in `Sec-Fetch-Site`; older ones at least name the page's origin, which then must be the host the request went to.
 */
export function foreignRequest(request: Request): string | undefined {
  if (SAFE.includes(request.method)) return undefined;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' ? undefined : `Sec-Fetch-Site is ${site}`;
  const origin = request.headers.get('origin');
  const host = request.headers.get('x-forwarded-host') ?? request.headers.get('host') ?? new URL(request.url).host;
  if (origin === null) return 'it names no origin';
  return URL.canParse(origin) && new URL(origin).host === host ? undefined : `its origin is ${origin}`;
}
