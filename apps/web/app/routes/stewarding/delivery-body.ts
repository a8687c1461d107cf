import type { DeliveryResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Sent } from '../../server/act.server.js';
import { LOG_ROWS_MAX } from './log-rows.js';
import { sentQuantity } from './money.js';

/** A delivery as those concerned see it. */
export type Delivery = z.output<typeof DeliveryResource>;

type Log = { pseudonym: string | undefined; day: string | undefined; hours: number | undefined; work: string | undefined };

/** Places of the log that are filled; empty rows are not sent. */
export const filledRows = ({ text }: Pick<Sent, 'text'>): number[] => {
  const rows = Array.from({ length: LOG_ROWS_MAX }, (_, n) => n).filter((n) =>
    ['pseudonym', 'day', 'hours', 'work'].some((part) => text(`log.${n}.${part}`) !== undefined),
  );
  return rows.length > 0 ? rows : [0];
};

/** What was delivered, as the API takes it; the API says what is missing or wrong. */
export function deliveredOf(kind: Delivery['kind'], unit: string, sent: Sent): Record<string, unknown> {
  const { text, whole } = sent;
  switch (kind) {
    case 'funding':
      return {
        kind,
        amount: { amount: sentQuantity(unit, text('amount')), currency: unit },
        paidOn: text('paidOn'),
        reference: text('reference'),
      };
    case 'expertise':
      return {
        kind,
        log: filledRows(sent).map((n): Log => ({
          pseudonym: text(`log.${n}.pseudonym`),
          day: text(`log.${n}.day`),
          hours: whole(`log.${n}.hours`),
          work: text(`log.${n}.work`),
        })),
      };
    case 'in_kind':
      return { kind, items: whole('items'), deliveredOn: text('deliveredOn'), place: text('place') };
    case 'data':
      return { kind, handedOverOn: text('handedOverOn'), records: whole('records'), sha256: text('sha256')?.toLowerCase() };
  }
}

/** Field for a pointer of the API: a log's places are those of the filled rows. */
export function deliveredField(pointer: string, rows: readonly number[]): string {
  const parts = pointer.replace(/^\//u, '').split('/');
  if (parts[0] === 'log') return ['log', rows[Number(parts[1] ?? '0')] ?? 0, parts[2] ?? 'pseudonym'].join('.');
  return parts[0] === 'amount' ? 'amount' : parts.join('.');
}

/** Fields for refusals that belong to one. */
export const DELIVERED_FIELDS: Readonly<Record<string, string>> = {
  exceeds_commitment: 'amount',
  amount_too_large: 'amount',
};
