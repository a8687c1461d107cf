import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database/table.js';
import type { PublicEvent } from '../service/public-event.js';

/** How long an event in other hands is waited for. */
const WAIT_MS_MAX = 5_000;
const PAUSE_MS = 20;

/**
 * Waits until an event that was heard has had its effect, in whoever's hands it is; false when it is parked instead. Throws when
 * neither comes about for a while.
 */
export async function hadEffect(mark: string, { type, subject, sequence }: PublicEvent, db: Database): Promise<boolean> {
  for (const end = performance.now() + WAIT_MS_MAX; ; await delay(PAUSE_MS)) {
    const rows = await db.query<{ taken: boolean }>(
      `SELECT true AS taken FROM inbox WHERE consumer = $1 AND stream = $2 AND sequence = $3
       UNION ALL SELECT false FROM parked WHERE consumer = $1 AND stream = $2 AND sequence = $3`,
      [mark, subject, sequence],
    );
    if (rows.length > 0) return rows.some(({ taken }) => taken);
    if (performance.now() > end) throw new Error(`${mark} has heard ${type} ${subject}/${sequence} and has not handled it yet`);
  }
}
