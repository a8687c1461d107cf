import { defineSchedule } from '@concord/platform';
import { finaliseAward } from './domain/need-closing.js';
import { Need } from './domain/need.js';

/** The clock makes an award final ten days after it was given. */
export const awardFinalises = defineSchedule({
  name: 'award-finalises',
  aggregate: Need,
  due: async (db, at, limit) => {
    const rows = await db.query<{ id: string }>(
      'SELECT id FROM needs WHERE award_due_at <= $1::timestamptz ORDER BY award_due_at, id LIMIT $2',
      [at, limit],
    );
    return rows.map((row) => row.id);
  },
  decide: ({ state, at }) => finaliseAward(state, at),
});
