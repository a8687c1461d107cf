import { defineSchedule } from '@concord/platform';
import { expireNeed } from './domain/need-closing.js';
import { Need } from './domain/need.js';
import { declineAll } from './received-proposals.js';

const EXPIRED = { code: 'need_expired', text: 'The need reached the end of its validity before a proposal was accepted.' };

/** The clock ends drafts that lay idle and needs that reached `validUntil`; undecided proposals are declined with them. */
export const needExpires = defineSchedule({
  name: 'need-expires',
  aggregate: Need,
  due: async (db, at, limit) => {
    const rows = await db.query<{ id: string }>(
      'SELECT id FROM needs WHERE expires_at <= $1::timestamptz ORDER BY expires_at, id LIMIT $2',
      [at, limit],
    );
    return rows.map((row) => row.id);
  },
  decide: (decision) => {
    const events = expireNeed(decision.state, decision.at);
    if (events.length > 0) declineAll(decision, decision.id, EXPIRED);
    return events;
  },
});
