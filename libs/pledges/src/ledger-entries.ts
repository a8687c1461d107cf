import type { LEDGER_ACCOUNTS, LEDGER_BOOKS } from '@concord/contracts';
import type { LoggedEvent } from '@concord/platform';

type Book = (typeof LEDGER_BOOKS)[number];
type Account = readonly [kind: (typeof LEDGER_ACCOUNTS)[number], id: string];

/** One side of a double entry: debits positive, credits negative. */
export interface Posting {
  readonly book: Book;
  readonly unit: string;
  readonly account: Account;
  readonly amount: number;
}

/** What postings read in the payloads; each kind has the part it needs. */
interface Facts {
  readonly needId: string;
  readonly lineId: string;
  readonly organisationId: string;
  readonly projectId?: string;
  readonly unit: string;
  readonly currency: string;
  readonly quantity: number;
  readonly quantityChange: number;
  readonly cause: string;
  readonly lapsed: boolean;
}

/** Dr one account, Cr the other; a negative amount is the reversal. Nothing moves, nothing is posted. */
function entry(book: Book, unit: string, debit: Account, credit: Account, amount: number): Posting[] {
  if (amount === 0) return [];
  return [
    { book, unit, account: debit, amount },
    { book, unit, account: credit, amount: -amount },
  ];
}

const promise = (book: 'promised' | 'committed', { unit, lineId, organisationId }: Facts, amount: number): Posting[] =>
  entry(book, unit, ['line', lineId], ['pledger', organisationId], amount);

const move = ({ unit, projectId = '', organisationId }: Facts, amount: number): Posting[] =>
  entry('moved', unit, ['fund', projectId], ['pledger', organisationId], amount);

/** Spending and refunds are events of the fund: its stream is the project. */
const spend = (fundId: string, { currency }: Facts, amount: number): Posting[] =>
  entry('moved', currency, ['spending', fundId], ['fund', fundId], amount);

type Rule = (facts: Facts, stream: string) => Posting[];

const RULES: Readonly<Record<string, Rule>> = {
  PledgeMade: (facts) => promise('promised', facts, facts.quantity),
  PledgeAmended: (facts) => promise('promised', facts, facts.quantityChange),
  PledgeDeclined: (facts) => promise('promised', facts, -facts.quantity),
  PledgeWithdrawn: (facts) => promise('promised', facts, -facts.quantity),
  PledgeConfirmed: (facts) => [...promise('promised', facts, -facts.quantity), ...promise('committed', facts, facts.quantity)],
  PledgeLapsed: (facts) =>
    promise(facts.cause === 'expired' || facts.cause === 'line_closed' ? 'promised' : 'committed', facts, -facts.quantity),
  CommitmentRevised: (facts) => promise('committed', facts, facts.quantityChange),
  PledgeDelivered: (facts) => [...promise('committed', facts, -facts.quantity), ...move(facts, facts.quantity)],
  // What a lapsed commitment had delivered is owed to nobody any more: it only moves back.
  PledgeDeliveryReversed: (facts) => [
    ...move(facts, -facts.quantity),
    ...promise('committed', facts, facts.lapsed ? 0 : facts.quantity),
  ],
  ExpenditureRecorded: (facts, fund) => spend(fund, facts, facts.quantity),
  ExpenditureVoided: (facts, fund) => spend(fund, facts, -facts.quantity),
  FundsRefunded: (facts, fund) => entry('moved', facts.currency, ['pledger', facts.organisationId], ['fund', fund], facts.quantity),
};

/** Kinds that move something in a book. */
export const POSTED_KINDS: readonly string[] = Object.keys(RULES);

/** Kinds whose stream is the project's fund. */
const OF_FUND: ReadonlySet<string> = new Set(['ExpenditureRecorded', 'ExpenditureVoided', 'FundsRefunded']);

/**
 * The double entries of one event (domain.md section 5, Ledger): three books, `promised` on offer, `committed` on confirm,
 * `moved` on acknowledgement; each Dr line (moved: fund), Cr pledger. Each event's postings sum to zero per unit (R18).
 */
export function postingsOf(event: LoggedEvent): {
  readonly needId: string;
  readonly projectId: string | undefined;
  readonly postings: readonly Posting[];
} {
  const facts = event.data as Facts;
  const rule = RULES[event.kind];
  if (!rule) throw new Error(`the ledger does not post ${event.kind}`);
  const projectId = OF_FUND.has(event.kind) ? event.stream : facts.projectId;
  return { needId: facts.needId, projectId, postings: rule(facts, event.stream) };
}
