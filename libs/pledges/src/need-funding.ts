import { NeedFunding, OrganisationConversion, type LINE_STATUSES, type PledgeKind, type VALUATIONS } from '@concord/contracts';
import { Id } from '@concord/kernel';
import { defineQuery, type Database } from '@concord/platform';
import { z } from 'zod';
import { anyone } from './policy.js';

interface LineTotals {
  readonly id: string;
  readonly kind: PledgeKind;
  readonly title: string;
  readonly unit: string;
  readonly status: (typeof LINE_STATUSES)[number];
  readonly target: string;
  readonly minimum: string | null;
  readonly pledged: string;
  readonly confirmed: string;
  readonly delivered: string;
}

const totalsOf = ({
  target,
  pledged,
  confirmed,
  delivered,
}: Pick<LineTotals, 'target' | 'pledged' | 'confirmed' | 'delivered'>) => ({
  target: Number(target),
  pledged: Number(pledged),
  confirmed: Number(confirmed),
  delivered: Number(delivered),
  gap: Number(target) - Number(confirmed),
});

type Totals = ReturnType<typeof totalsOf>;

/** Totals per kind and unit; units are never added to each other (R4). */
function perUnit(lines: readonly (Totals & { kind: PledgeKind; unit: string })[]) {
  const units = new Map<string, Totals & { kind: PledgeKind; unit: string }>();
  for (const { kind, unit, target, pledged, confirmed, delivered, gap } of lines) {
    const sum = units.get(`${kind} ${unit}`) ?? { kind, unit, target: 0, pledged: 0, confirmed: 0, delivered: 0, gap: 0 };
    units.set(`${kind} ${unit}`, {
      kind,
      unit,
      target: sum.target + target,
      pledged: sum.pledged + pledged,
      confirmed: sum.confirmed + confirmed,
      delivered: sum.delivered + delivered,
      gap: sum.gap + gap,
    });
  }
  return [...units.values()];
}

type Method = (typeof VALUATIONS)[number] | 'unit_rate';

/** Value of what was delivered and is not money, per currency and method (R14). Hours count at the rate their pledge states. */
async function nonCash(db: Database, need: string): Promise<{ currency: string; method: Method; value: number }[]> {
  const rows = await db.query<{ currency: string; method: Method; value: string }>(
    `SELECT s.state::jsonb #>> '{terms,unitValue,currency}' AS currency, coalesce(s.state::jsonb #>> '{terms,valuation}', 'unit_rate') AS method,
        sum(p.delivered * (s.state::jsonb #>> '{terms,unitValue,amount}')::numeric)::text AS value
       FROM pledge_board p JOIN streams s ON s.id = p.id
      WHERE p.need_id = $1 AND p.kind IN ('expertise', 'in_kind') AND p.delivered > 0 AND s.state::jsonb #> '{terms,unitValue}' IS NOT NULL
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [need],
  );
  return rows.map(({ currency, method, value }) => ({ currency, method, value: Number(value) }));
}

/** `GET /needs/{id}/funding` */
export const getNeedFunding = defineQuery({
  name: 'getNeedFunding',
  summary:
    'Pledged, confirmed, delivered and gap of a need, per line and per unit; the value of what is not money stands apart (R4, R14).',
  path: '/needs/:id/funding',
  query: z.strictObject({}),
  output: NeedFunding,
  allows: anyone,
  run: async ({ db, params }) => {
    const id = Id.safeParse(params['id']);
    if (!id.success) return { body: undefined };
    const rows = await db.query<LineTotals>(
      `SELECT id, kind, title, unit, status, target::text, minimum::text, (reserved + confirmed)::text AS pledged, confirmed::text, delivered::text
         FROM line_board WHERE need_id = $1 ORDER BY array_position(ARRAY['funding', 'expertise', 'in_kind', 'data'], kind), title, id`,
      [id.data],
    );
    if (rows.length === 0) return { body: undefined };
    const lines = rows.map((row) => ({
      id: row.id,
      kind: row.kind,
      title: row.title,
      unit: row.unit,
      status: row.status,
      minimum: row.minimum === null ? undefined : Number(row.minimum),
      ...totalsOf(row),
    }));
    return { body: { needId: id.data, lines, units: perUnit(lines), nonCash: await nonCash(db, id.data) } };
  },
});

const permille = (part: number, whole: number): number | undefined =>
  whole === 0 ? undefined : Number((BigInt(part) * 1000n) / BigInt(whole));

/** `GET /organisations/{id}/conversion` */
export const getConversion = defineQuery({
  name: 'getOrganisationConversion',
  summary:
    'What an organisation offered, ever confirmed and delivered, per kind and unit (R19). Declined offers do not count against it.',
  path: '/organisations/:id/conversion',
  query: z.strictObject({}),
  output: OrganisationConversion,
  allows: anyone,
  run: async ({ db, params }) => {
    const id = Id.safeParse(params['id']);
    if (!id.success) return { body: undefined };
    const rows = await db.query<{
      kind: PledgeKind;
      unit: string;
      pledges: number;
      pledged: string;
      confirmed: string;
      delivered: string;
    }>(
      `SELECT kind, unit, count(*)::int AS pledges, sum(greatest(quantity, ever_confirmed))::text AS pledged, sum(ever_confirmed)::text AS confirmed,
          sum(delivered)::text AS delivered
         FROM pledge_board WHERE organisation_id = $1 AND status <> 'declined'
        GROUP BY kind, unit ORDER BY array_position(ARRAY['funding', 'expertise', 'in_kind', 'data'], kind), unit`,
      [id.data],
    );
    const items = rows.map(({ kind, unit, pledges, ...sums }) => {
      const [pledged, confirmed, delivered] = [Number(sums.pledged), Number(sums.confirmed), Number(sums.delivered)];
      const ratios = { confirmedPermille: permille(confirmed, pledged), deliveredPermille: permille(delivered, confirmed) };
      return { kind, unit, pledges, pledged, confirmed, delivered, ...ratios };
    });
    return { body: { organisationId: id.data, items } };
  },
});
