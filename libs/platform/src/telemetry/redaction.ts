// What may stand in a log. Logs are kept longer, copied further and read by more people than the database, so personal data and secrets
// stay out by construction: fields are dropped by name, texts are searched for what looks like a secret, and errors are taken apart.

/** What replaces a value. */
export const REDACTED = '[redacted]';

/** Names of fields that hold personal data or secrets, wherever they stand. Compared without case, `-` and `_`. */
const FIELDS = new Set(
  [
    'authorization cookie setcookie proxyauthorization idempotencykey',
    'password passwordhash newpassword currentpassword secret clientsecret apikey privatekey signingkey',
    'token accesstoken refreshtoken idtoken apitoken invitation invitationtoken jwt',
    'email mail emailaddress',
    'name givenname familyname fullname displayname personname contactname legalname',
    'phone telephone mobile address street postaladdress birthdate dateofbirth',
    'body payload data parameters values detail where query internalquery',
  ]
    .join(' ')
    .split(' '),
);

/** Pieces of text that are secrets or personal whatever stands around them. */
const PIECES: readonly (readonly [RegExp, string])[] = [
  // Credentials in the address of a server, then what a caller asked for behind a question mark.
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*:[^\s/@]*@/giu, `$1${REDACTED}@`],
  [/(\/[^\s?"']*)\?[^\s"']+/gu, `$1?${REDACTED}`],
  // The length is bounded, or a long text without any address would be searched from each of its places to its end.
  [/[\p{L}\p{N}._%+'-]{1,128}(?:@|%40)[\p{L}\p{N}.-]+\.\p{L}{2,}/giu, REDACTED],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/giu, `$1 ${REDACTED}`],
  [/\b[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}\b/gu, REDACTED],
  [/\b((?:\w*(?:password|passwd|secret|token|api_?key))["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&]+)/giu, `$1${REDACTED}`],
  // Random material: API tokens, refresh tokens, hashes of keys. Ids of objects are UUIDs, with dashes.
  [/(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]*[A-Za-z0-9_]{32,}[\w-]*/giu, REDACTED],
  [/\+\d[\d ().-]{7,}\d/gu, REDACTED],
];

const TEXT_MAX = 8_192;
const DEPTH_MAX = 5;
const ITEMS_MAX = 50;

/** A text without what looks like a secret or a person's address. */
export function scrubbed(text: string): string {
  let clean = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text;
  for (const [pattern, replacement] of PIECES) clean = clean.replace(pattern, replacement);
  return clean;
}

const plain = (field: string): string => field.toLowerCase().replace(/[-_]/gu, '');

/** Anything that is logged, without personal fields, secrets in texts, and the values that errors carry. */
export function redacted(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubbed(value);
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? String(value) : value;
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (value instanceof Error) return errorShown(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => redacted(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ITEMS_MAX)
      .map(([field, item]) => [field, FIELDS.has(plain(field)) ? REDACTED : redacted(item, depth + 1)]),
  );
}

/** Properties of errors that say where something failed, and never what was in it. */
const SAFE_OF_ERROR = [
  'code',
  'errno',
  'syscall',
  'port',
  'severity',
  'schema',
  'table',
  'column',
  'constraint',
  'routine',
  'status',
];

/** An error as it is logged: kind, message, place in the code and causes; no values of the statement that failed. */
export function errorShown(error: Error, depth = 0): Record<string, unknown> {
  const message = messageOf(error);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /u.test(line));
  const shown: Record<string, unknown> = { type: error.name, message };
  for (const field of SAFE_OF_ERROR) {
    const value = (error as unknown as Record<string, unknown>)[field];
    if (typeof value === 'string') shown[field] = scrubbed(value).slice(0, 200);
    else if (typeof value === 'number') shown[field] = value;
  }
  if (frames.length > 0) shown['stack'] = `${error.name}: ${message}\n${frames.slice(0, 30).join('\n')}`;
  if (depth >= DEPTH_MAX) return shown;
  if (error.cause !== undefined) shown['cause'] = redacted(error.cause, depth + 1);
  if (error instanceof AggregateError) shown['errors'] = error.errors.slice(0, 5).map((one: unknown) => redacted(one, depth + 1));
  return shown;
}

/** PostgreSQL and the JSON parser quote what they were given; other messages are our own or the machinery's. */
function messageOf(error: Error): string {
  const { code } = error as { code?: unknown };
  const ofDatabase = typeof code === 'string' && /^[0-9A-Z]{5}$/u.test(code) && 'severity' in error;
  if (ofDatabase) {
    // Classes 22 and 23 tell of values (`… for type uuid: "…"`); in the others quotes name tables, roles and columns.
    const ofValues = code.startsWith('22') || code.startsWith('23');
    const text = ofValues ? error.message.replace(/: ?".*"/gsu, `: ${REDACTED}`) : error.message;
    return scrubbed(text);
  }
  if (error instanceof SyntaxError || error.name === 'SyntaxError')
    return scrubbed(error.message.replace(/(["'`])[\s\S]*\1/u, REDACTED));
  return scrubbed(error.message);
}
