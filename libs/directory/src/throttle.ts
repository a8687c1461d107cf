import { Refused } from '@concord/kernel';
import type { Database } from '@concord/platform';
import { digestOf } from './secret.js';
import { instant } from './instant.js';

/** Attempts are counted in windows of real time, in the database, so that all instances count together. */
const WINDOW_MS = 15 * 60_000;
const COUNT_MAX = 1_000_000;

/** What is limited: a name, whom it concerns (kept as a digest only) and how many attempts one window takes. */
export interface Limit {
  readonly name: string;
  readonly whom: string;
  readonly max: number;
}

const keyOf = ({ name, whom }: Limit): string => `${name}:${digestOf(whom)}`;

/**
 * Counts an attempt against every limit, before the costly work, so that parallel attempts cannot overtake the count. Refused
 * `throttled` with `retryAfterSeconds` when one is exceeded. Old rows are removed a few at a time.
 */
export async function countAttempt(db: Database, limits: readonly Limit[], realTimeMs: number): Promise<void> {
  const keys = limits.map(keyOf).sort();
  const rows = await db.query<{ key: string; attempts: number; since: Date }>(
    `WITH old AS (SELECT key FROM throttles WHERE since < $3 AND key <> ALL ($1::text[]) LIMIT 20 FOR UPDATE SKIP LOCKED),
          gone AS (DELETE FROM throttles t USING old WHERE t.key = old.key)
     INSERT INTO throttles AS t (key, attempts, since) SELECT key, 1, $2 FROM unnest($1::text[]) AS key
     ON CONFLICT (key) DO UPDATE SET attempts = CASE WHEN t.since < $3 THEN 1 ELSE least(t.attempts + 1, ${COUNT_MAX}) END,
                                     since = CASE WHEN t.since < $3 THEN excluded.since ELSE t.since END
     RETURNING key, attempts, since`,
    [keys, instant(realTimeMs), instant(realTimeMs - WINDOW_MS)],
  );
  for (const limit of limits) {
    const row = rows.find(({ key }) => key === keyOf(limit));
    if (!row || row.attempts <= limit.max) continue;
    const retryAfterSeconds = Math.max(1, Math.ceil((new Date(row.since).getTime() + WINDOW_MS - realTimeMs) / 1000));
    throw new Refused('throttled', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
  }
}

/** Takes back an attempt that turned out well: only failures count. */
export async function forgiveAttempt(db: Database, limits: readonly Limit[]): Promise<void> {
  await db.query('UPDATE throttles SET attempts = greatest(attempts - 1, 0) WHERE key = ANY ($1::text[])', [
    limits.map(keyOf).sort(),
  ]);
}
