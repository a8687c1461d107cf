import { defineSchedule } from '@concord/platform';
import { Milestone, type MilestoneState } from './domain/milestone.js';
import { remind } from './domain/reminder.js';

/** A week before a milestone's day, whoever has to hand it in hears of it, once. */
export const remindMilestones = defineSchedule<MilestoneState>({
  name: 'milestones-due-soon',
  aggregate: Milestone,
  due: async (db, at, limit) => {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM milestones WHERE remind_on <= $1::timestamptz AT TIME ZONE 'UTC' ORDER BY remind_on, id LIMIT $2`,
      [at, limit],
    );
    return rows.map(({ id }) => id);
  },
  decide: ({ state, at }) => remind(state, at),
});
