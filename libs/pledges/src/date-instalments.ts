import { defineSchedule } from '@concord/platform';
import { fallDue } from './domain/instalments.js';
import { Pledge, type PledgeState } from './domain/pledge.js';

/** Instalments by date fall due when their day comes. */
export const dateInstalments = defineSchedule<PledgeState>({
  name: 'date-instalments',
  aggregate: Pledge,
  due: async (db, at, limit) => {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM pledge_board WHERE next_due_on <= ($1::timestamptz AT TIME ZONE 'UTC')::date ORDER BY next_due_on, id LIMIT $2`,
      [at, limit],
    );
    return rows.map(({ id }) => id);
  },
  decide: ({ at, state }) => fallDue(state, [], at.slice(0, 10)),
});
