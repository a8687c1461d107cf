import type { NeedReadiness, NeedResource } from '@concord/contracts';
import { redirect } from 'react-router';
import type { z } from 'zod';
import { absent } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';

/** A need as the API shows it. */
export type Need = z.output<typeof NeedResource>;
/** What stands between a need and its publication. */
export type Readiness = z.output<typeof NeedReadiness>;

/** Address of a need in the API. */
export const needPath = (params: Readonly<Record<string, string | undefined>>): string =>
  `/needs/${encodeURIComponent(params['id'] ?? '')}`;

/** The need of the address, with its ETag. */
export async function needOf(visit: Visit, params: Readonly<Record<string, string | undefined>>) {
  const { body, etag } = await visit.api.get<Need>(needPath(params));
  return { need: body, etag };
}

/**
 * The need of the address for a member of its owner, in one of these states; in another state the reader is sent to its page, and
 * anybody else finds nothing here.
 */
export async function ownNeed(
  visit: Visit,
  params: Readonly<Record<string, string | undefined>>,
  ...states: readonly Need['status'][]
) {
  const found = await needOf(visit, params);
  if (visit.acting?.id !== found.need.organisationId) throw absent(visit);
  if (!states.includes(found.need.status)) throw redirect(visit.href(`/needs/${found.need.id}`));
  return found;
}

/** What is missing, and what looks the same; for members of the owner and for focal points. */
export const readinessOf = async (visit: Visit, params: Readonly<Record<string, string | undefined>>): Promise<Readiness> =>
  (await visit.api.get<Readiness>(`${needPath(params)}/readiness`)).body;
