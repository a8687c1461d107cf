import type { FundEntries, FundResource, NeedFunding, PledgeResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Visit } from '../../server/visit.server.js';
import { historyOf } from './activity-rows.js';
import type { Project } from './board.js';

export type Pledge = z.output<typeof PledgeResource>;
export type Fund = z.output<typeof FundResource>;
type Entry = z.output<typeof FundEntries>['items'][number];

/** A movement of money through the fund of a project, as its ledger has it. */
export interface Movement {
  readonly key: string;
  /** Day it happened on, or instant it was booked. */
  readonly on: string;
  readonly kind: 'received' | 'spent' | 'refunded';
  /** It takes back an earlier entry: a receipt that was reversed, a purchase that was voided. */
  readonly reverses: boolean;
  readonly currency: string;
  /** Minor units; a reversing entry is negative. */
  readonly amount: number;
  readonly organisation?: string;
  readonly text?: string;
  readonly expenditureId?: string;
}

/** Everything behind the numbers of a project's budget. */
export interface Budget {
  readonly lines: z.output<typeof NeedFunding>['lines'];
  readonly nonCash: z.output<typeof NeedFunding>['nonCash'];
  readonly pledges: readonly Pledge[];
  readonly fund: Fund;
  readonly movements: readonly Movement[];
}

const ENTRIES_MAX = 2_000;

const KINDS: Readonly<Record<string, Movement['kind']>> = {
  PledgeDelivered: 'received',
  PledgeDeliveryReversed: 'received',
  ExpenditureRecorded: 'spent',
  ExpenditureVoided: 'spent',
  FundsRefunded: 'refunded',
};

async function all<Item>(items: AsyncGenerator<Item>, max: number): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) if (found.push(item) >= max) break;
  return found;
}

/** One row for each entry on the side of the fund; the other side names the giver. */
function movementsOf(entries: readonly Entry[], told: ReadonlyMap<number, Told>, fundId: string): Movement[] {
  return entries.flatMap((entry): Movement[] => {
    const kind = KINDS[entry.eventKind];
    if (entry.accountKind !== 'fund' || kind === undefined) return [];
    const other = entries.find(
      (one) => one.accountKind === 'pledger' && one.stream === entry.stream && one.streamVersion === entry.streamVersion,
    );
    const { on, text, expenditureId } = entry.stream === fundId ? (told.get(entry.streamVersion) ?? {}) : {};
    const amount = kind === 'received' ? entry.amount : -entry.amount;
    return [
      {
        key: `${entry.stream}-${entry.streamVersion}`,
        on: on ?? entry.at,
        kind,
        reverses: amount < 0,
        currency: entry.unit,
        amount,
        ...(other === undefined ? {} : { organisation: other.accountId }),
        ...(text === undefined ? {} : { text }),
        ...(expenditureId === undefined ? {} : { expenditureId }),
      },
    ];
  });
}

interface Told {
  readonly on?: string;
  readonly text?: string;
  readonly expenditureId?: string;
}

/** What the fund's own events say beside the amount: purpose, day, reason. */
async function toldByFund(visit: Visit, fundId: string): Promise<ReadonlyMap<number, Told>> {
  const history = await historyOf(visit, 'funds', fundId);
  return new Map(
    history.map(({ version, data, reason }) => {
      const { spentOn, refundedOn, purpose, expenditureId } = data as Readonly<Record<string, string | undefined>>;
      const on = spentOn ?? refundedOn;
      const text = reason?.text ?? purpose;
      return [
        version,
        {
          ...(on === undefined ? {} : { on }),
          ...(text === undefined ? {} : { text }),
          ...(expenditureId === undefined ? {} : { expenditureId }),
        },
      ];
    }),
  );
}

/** Reads a project's budget with every row behind it. */
export async function budgetOf(visit: Visit, project: Project): Promise<Budget> {
  const { id, needId } = project;
  const [funding, fund, pledges, entries, told] = await Promise.all([
    visit.api.get<z.output<typeof NeedFunding>>(`/needs/${needId}/funding`),
    visit.api.get<Fund>(`/funds/${id}`),
    all(visit.api.list<Pledge>('/pledges', { project: id, sort: 'oldest', limit: '100' }), 500),
    all(visit.api.list<Entry>(`/funds/${id}/entries`, { limit: '100' }), ENTRIES_MAX),
    toldByFund(visit, id),
  ]);
  return {
    lines: funding.body.lines,
    nonCash: funding.body.nonCash,
    pledges,
    fund: fund.body,
    movements: movementsOf(entries, told, id),
  };
}
