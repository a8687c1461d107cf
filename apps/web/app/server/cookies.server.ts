/** The cookies of a request, by name. */
export function readCookies(header: string | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0) found.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return found;
}

/** A cookie that scripts cannot read and foreign pages cannot send with a POST; without an age it ends with the browser. */
export function cookie(name: string, value: string, options: { readonly secure: boolean; readonly maxAgeS?: number }): string {
  return [
    `${name}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(options.secure ? ['Secure'] : []),
    ...(options.maxAgeS === undefined ? [] : [`Max-Age=${Math.max(0, Math.floor(options.maxAgeS))}`]),
  ].join('; ');
}
