import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/**
 * Resolves when no transaction of the server is older than the newest event of a log. Until then a reader that goes by xmin rightly
 * waits, also for transactions of other specs: what it is handed next, and in which batches, would not be this spec's doing.
 */
export async function logAtRest(pool: pg.Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ rests: boolean }>(
      'SELECT coalesce((SELECT xid FROM events ORDER BY xid DESC LIMIT 1) < pg_snapshot_xmin(pg_current_snapshot()), true) AS rests',
    );
    if (rows[0]!.rests) return;
    await delay(5);
  }
}
