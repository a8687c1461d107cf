import type { LineResource, NeedResource } from '@concord/contracts';
import type { z } from 'zod';
import type { HistoryEntry, Listed } from '../../api.js';
import type { Visit } from '../../server/visit.server.js';
import type { Pledge } from './offer.js';

/** Address of a pledge in the API. */
export const pledgePath = (params: Readonly<Record<string, string | undefined>>): string =>
  `/pledges/${encodeURIComponent(params['id'] ?? '')}`;

/** The pledge of the address with its ETag, line and need. */
export async function pledgeOf(visit: Visit, params: Readonly<Record<string, string | undefined>>) {
  const { body: pledge, etag } = await visit.api.get<Pledge>(pledgePath(params));
  const [line, need] = await Promise.all([
    visit.api.get<z.output<typeof LineResource>>(`/lines/${pledge.lineId}`).then(({ body }) => body),
    visit.api.get<z.output<typeof NeedResource>>(`/needs/${pledge.needId}`).then(({ body }) => body),
  ]);
  return {
    pledge,
    etag,
    line: { id: line.id, title: line.title, unit: line.unit, open: line.open },
    need: { id: need.id, title: need.title, award: need.award },
  };
}

/** What the other side of a revision proposed: the approval that waits names the quantity (R10). */
export async function proposedQuantity(
  visit: Visit,
  params: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  const { body } = await visit.api.get<Listed<HistoryEntry>>(`${pledgePath(params)}/history`, { query: { limit: 100 } });
  const given = [...body.items].reverse().find(({ kind }) => kind === 'PledgeApprovalGiven');
  const { of = '' } = (given?.data ?? {}) as { readonly of?: string };
  const quantity = /^revise-commitment:(\d+)$/u.exec(of)?.[1];
  return quantity === undefined ? undefined : Number(quantity);
}
