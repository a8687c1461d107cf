import { defineSchedule, type Decision } from '@concord/platform';
import type { DomainEvent } from '@concord/kernel';
import { Line, release } from './domain/line.js';
import { lapseOffer } from './domain/offer.js';
import { Pledge, type PledgeState } from './domain/pledge.js';

function lapse({
  id,
  at,
  state,
  read,
  append,
}: Decision & { readonly id: string; readonly state: PledgeState }): DomainEvent | undefined {
  const line = read(Line, state.lineId).state;
  const lapsed = lapseOffer(state, line, at);
  if (lapsed) append(Line, state.lineId, release(line, id, state.counted));
  return lapsed;
}

/** Offers lapse when their time is up (R11). */
export const lapseExpiredOffers = defineSchedule<PledgeState>({
  name: 'lapse-expired-offers',
  aggregate: Pledge,
  due: async (db, at, limit) => {
    const rows = await db.query<{ id: string }>(
      `SELECT id FROM pledge_board WHERE status = 'offered' AND valid_until <= $1 ORDER BY valid_until, id LIMIT $2`,
      [at, limit],
    );
    return rows.map(({ id }) => id);
  },
  decide: (decision) => lapse(decision),
});

/**
 * Offers on closed lines lapse, a few hundred at a time: a line may hold more of them than one decision should touch. Lines
 * that still reserve something are few, so the look-up stays cheap.
 */
export const lapseOffersOnClosedLines = defineSchedule<PledgeState>({
  name: 'lapse-offers-on-closed-lines',
  aggregate: Pledge,
  due: async (db, _at, limit) => {
    const rows = await db.query<{ id: string }>(
      `SELECT p.id FROM line_board l JOIN pledge_board p ON p.need_id = l.need_id AND p.line_id = l.id::text AND p.status = 'offered'
        WHERE l.status = 'closed' AND l.reserved > 0 LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  },
  decide: (decision) => lapse(decision),
});
