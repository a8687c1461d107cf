import type { Pool } from 'pg';

/**
 * Who may be hiding newer events from the tails, for the message of a wait that gave up: the writing transaction of the server that
 * began first. Of other roles' sessions only superusers see more than that they exist. Never throws.
 */
export async function oldestTransaction(pool: Pool): Promise<string> {
  try {
    const { rows } = await pool.query<{ seen: string }>(
      `SELECT format('xid %s in %s for %s, %s: %s', backend_xid, datname, clock_timestamp() - xact_start, state, left(query, 200)) AS seen
         FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY xact_start LIMIT 1`,
    );
    return rows[0]?.seen ?? 'none seen';
  } catch (error) {
    return `unknown (${(error as Error).message})`;
  }
}
