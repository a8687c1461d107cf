import type { PledgeResource } from '@concord/contracts';
import type { z } from 'zod';
import type { HistoryEntry } from '../../api.js';

type Pledge = Pick<z.output<typeof PledgeResource>, 'hash' | 'offerVersion' | 'status'>;

/** What a hash is to a pledge: its offer as it stands, an offer that was replaced, or none of its. */
export type Verdict =
  | { readonly is: 'current'; readonly ended: boolean }
  | { readonly is: 'replaced'; readonly at: string; readonly by: number }
  | { readonly is: 'foreign' };

const ENDED: readonly string[] = ['withdrawn', 'declined', 'lapsed'];

const hashIn = (data: unknown): unknown =>
  typeof data === 'object' && data !== null ? (data as { hash?: unknown }).hash : undefined;

/** Compares a hash with the offers of a pledge; `history` holds the events that made and amended it. */
export function verdictOf(hash: string, pledge: Pledge, history: readonly HistoryEntry[]): Verdict {
  if (pledge.hash === hash) return { is: 'current', ended: ENDED.includes(pledge.status) };
  const made = history.find(({ kind, data }) => (kind === 'PledgeMade' || kind === 'PledgeAmended') && hashIn(data) === hash);
  return made ? { is: 'replaced', at: made.at, by: pledge.offerVersion } : { is: 'foreign' };
}
