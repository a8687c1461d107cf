import { Refused } from '@concord/kernel';
import pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../context/context.js';
import { connect } from './snapshot.js';

/**
 * Runs work while holding the context's operations lock, in whatever process. Verifications share it and wait for a rebuild; a
 * rebuild has it alone, because it cannot replace a table that a verification is reading, and is refused `busy` instead of waiting.
 */
export async function holding<T>(context: Context, how: 'shared' | 'alone', work: () => Promise<T>): Promise<T> {
  const client = await connect(context.database.pool);
  const key = [`concord operations ${context.service.name}`];
  try {
    if (how === 'shared') await client.query('SELECT pg_advisory_lock_shared(hashtextextended($1, 0))', key);
    else {
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', key);
      if (!rows[0]?.taken)
        throw new Refused('busy', 'A verification or another rebuild of this context is running. Try again when it has ended.');
    }
    return await work();
  } finally {
    await client.end();
  }
}

const TRIES_MAX = 20;

/**
 * Runs a short transaction that needs a table for itself. Whoever comes later waits behind such a lock even before it is granted, so
 * it is asked for half a second at most and then again later. Throws lock_not_available when readers never leave a gap.
 */
export async function exclusively(client: pg.Client, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL lock_timeout = '500ms'`);
      await client.query('SET LOCAL synchronous_commit = on');
      await work();
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      if ((error as { code?: string }).code !== '55P03' || tries >= TRIES_MAX) throw error;
      await delay(250);
    }
  }
}
