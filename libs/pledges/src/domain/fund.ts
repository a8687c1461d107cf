import {
  ExpenditureRecorded,
  ExpenditureVoided,
  FundOpened,
  FundReopened,
  FundSettled,
  FundsRefunded,
  type PledgeKind,
} from '@concord/contracts';
import { Refused, add, defineAggregate, requireState, type DomainEvent, type Reason } from '@concord/kernel';
import {
  CommitmentFinished,
  CommitmentOpened,
  CommitmentReopened,
  DisbursementResumed,
  DisbursementSuspended,
  FundsReceiptReversed,
  FundsReceived,
  PlanAdopted,
  ProjectEnded,
  RefundOffered,
  ReleaseRecorded,
} from './fund-events.js';
import type { PlannedShare } from './instalments.js';

/** Commitments one project may have: the fund keeps them in its state, so that a plan or a release reaches all of them in one decision. */
const COMMITMENTS_MAX = 500;

/** Money of one currency, in minor units. Invariant: spent + refunded <= received (R17). */
interface Purse {
  readonly received: number;
  readonly spent: number;
  readonly refunded: number;
}

/** A confirmed pledge of the project. */
export interface FundCommitment {
  readonly organisationId: string;
  readonly kind: PledgeKind;
  readonly open: boolean;
  readonly currency?: string;
  readonly received: number;
  readonly refunded: number;
}

/** A refund that its payer has not acknowledged yet. */
type PendingRefund = ReturnType<(typeof RefundOffered)['parse']> & { readonly at: string };

/** The money of one project (stream = project), what its lead did with it, and which commitments are still open. */
export interface FundState {
  readonly needId: string;
  readonly ownerId: string;
  readonly recipientId: string;
  readonly status: 'open' | 'settled';
  readonly suspended: boolean;
  readonly ended?: Reason;
  readonly plan?: readonly PlannedShare[];
  readonly released: readonly string[];
  readonly commitments: Readonly<Record<string, FundCommitment>>;
  readonly purses: Readonly<Record<string, Purse>>;
  readonly pendingRefund?: PendingRefund;
}

const EMPTY: Purse = { received: 0, spent: 0, refunded: 0 };

function inPurse(state: FundState, currency: string, changes: Partial<Purse>): FundState {
  const purse = state.purses[currency] ?? EMPTY;
  const next = {
    received: add(purse.received, changes.received ?? 0),
    spent: add(purse.spent, changes.spent ?? 0),
    refunded: add(purse.refunded, changes.refunded ?? 0),
  };
  return { ...state, purses: { ...state.purses, [currency]: next } };
}

function inCommitment(
  state: FundState,
  pledgeId: string,
  change: (commitment: FundCommitment) => Partial<FundCommitment>,
): FundState {
  const commitment = state.commitments[pledgeId];
  if (!commitment) throw new Error(`the fund of need ${state.needId} does not know the pledge ${pledgeId}`);
  return { ...state, commitments: { ...state.commitments, [pledgeId]: { ...commitment, ...change(commitment) } } };
}

const EVENTS = [
  FundOpened,
  ExpenditureRecorded,
  ExpenditureVoided,
  FundsRefunded,
  FundSettled,
  FundReopened,
  CommitmentOpened,
  CommitmentFinished,
  CommitmentReopened,
  FundsReceived,
  FundsReceiptReversed,
  RefundOffered,
  PlanAdopted,
  ReleaseRecorded,
  DisbursementSuspended,
  DisbursementResumed,
  ProjectEnded,
] as const;

export const Fund = defineAggregate<FundState, typeof EVENTS>({
  kind: 'Fund',
  initial: {
    needId: '',
    ownerId: '',
    recipientId: '',
    status: 'open',
    suspended: false,
    released: [],
    commitments: {},
    purses: {},
  },
  events: EVENTS,
  evolve: {
    FundOpened: (state, data) => ({ ...state, ...data }),
    ExpenditureRecorded: (state, { currency, quantity }) => inPurse(state, currency, { spent: quantity }),
    ExpenditureVoided: (state, { currency, quantity }) => inPurse(state, currency, { spent: -quantity }),
    FundsRefunded: ({ pendingRefund: _pending, ...state }, { pledgeId, currency, quantity }) =>
      inCommitment(inPurse(state, currency, { refunded: quantity }), pledgeId, ({ refunded }) => ({
        refunded: refunded + quantity,
      })),
    FundSettled: ({ pendingRefund: _pending, ...state }) => ({ ...state, status: 'settled' }),
    FundReopened: (state) => ({ ...state, status: 'open' }),
    CommitmentOpened: (state, { pledgeId, ...data }) => ({
      ...state,
      commitments: { ...state.commitments, [pledgeId]: { ...data, open: true, received: 0, refunded: 0 } },
    }),
    CommitmentFinished: (state, { pledgeId }) => inCommitment(state, pledgeId, () => ({ open: false })),
    CommitmentReopened: (state, { pledgeId }) => inCommitment(state, pledgeId, () => ({ open: true })),
    FundsReceived: (state, { pledgeId, currency, quantity }) =>
      inCommitment(inPurse(state, currency, { received: quantity }), pledgeId, ({ received }) => ({
        received: received + quantity,
      })),
    FundsReceiptReversed: (state, { pledgeId, currency, quantity }) =>
      inCommitment(inPurse(state, currency, { received: -quantity }), pledgeId, ({ received }) => ({
        received: received - quantity,
      })),
    RefundOffered: (state, data, meta) => ({ ...state, pendingRefund: { ...data, at: meta.at } }),
    PlanAdopted: (state, { milestones }) => ({ ...state, plan: milestones }),
    ReleaseRecorded: (state, { milestoneId }) => ({ ...state, released: [...state.released, milestoneId] }),
    DisbursementSuspended: (state) => ({ ...state, suspended: true }),
    DisbursementResumed: (state) => ({ ...state, suspended: false }),
    ProjectEnded: (state, { reason }) => ({ ...state, ended: reason }),
  },
});

/** Money that is there and neither spent nor refunded. */
export function balanceOf(fund: FundState, currency: string): number {
  const { received, spent, refunded } = fund.purses[currency] ?? EMPTY;
  return received - spent - refunded;
}

/** Commitments that are neither delivered nor lapsed. */
export const openCommitments = (fund: FundState): number => Object.values(fund.commitments).filter(({ open }) => open).length;

// A refund that was offered does not count: where the money is spent meanwhile, nobody can acknowledge it any more.
const isSettled = (fund: FundState): boolean =>
  openCommitments(fund) === 0 && Object.keys(fund.purses).every((currency) => balanceOf(fund, currency) === 0);

/** The events, and the settlement or its undoing where they bring it about (balances 0, nothing due or open). */
export function settling(fund: FundState, events: readonly DomainEvent[], at: string): DomainEvent[] {
  const after = events.reduce((state, event) => Fund.evolve(state, event, { at }), fund);
  const { needId } = fund;
  if (after.status === 'open' && isSettled(after)) return [...events, FundSettled({ needId })];
  if (after.status === 'settled' && !isSettled(after)) return [...events, FundReopened({ needId })];
  return [...events];
}

/** A pledge was confirmed for the project. */
export function openCommitment(
  fund: FundState,
  pledgeId: string,
  pledge: { organisationId: string; kind: PledgeKind; unit: string },
): DomainEvent {
  if (fund.ended)
    throw new Refused('wrong_state', 'The project was cancelled; nothing can be committed to it any more.', { state: 'cancelled' });
  if (Object.keys(fund.commitments).length >= COMMITMENTS_MAX) {
    throw new Refused('fund_full', `A project takes at most ${COMMITMENTS_MAX} commitments.`, { max: COMMITMENTS_MAX });
  }
  const { organisationId, kind, unit } = pledge;
  return CommitmentOpened({ pledgeId, organisationId, kind, ...(kind === 'funding' ? { currency: unit } : {}) });
}

/** Brings "is it open" up to date for a commitment; nothing when it is so already. */
export function markCommitment(fund: FundState, pledgeId: string, open: boolean): DomainEvent[] {
  if (fund.commitments[pledgeId]?.open === open) return [];
  return [open ? CommitmentReopened({ pledgeId }) : CommitmentFinished({ pledgeId })];
}

/** No money is passed on while the project is suspended (R40). */
export function requireDisbursement(fund: FundState): void {
  if (fund.suspended)
    throw new Refused('project_suspended', 'The project is suspended: no disbursement until it resumes (R40).', {});
}

/** Refuses `fund_exceeded` beyond what is there (R17). */
export function requireBalance(fund: FundState, currency: string, quantity: number): void {
  const available = balanceOf(fund, currency);
  if (quantity <= available) return;
  throw new Refused('fund_exceeded', `Only ${available} ${currency} (minor units) is in the fund (R17).`, { available, currency });
}

/** Money moves on days that have come. */
export function requirePast(date: string, at: string): void {
  if (date > at.slice(0, 10)) throw new Refused('future_date', `${date} has not come yet. Record what has happened.`, { date });
}

/** Takes a receipt back: what is left has to cover what was spent and refunded (R17). */
export function reverseReceipt(
  fund: FundState,
  receipt: { pledgeId: string; deliveryId: string; currency: string; quantity: number },
): DomainEvent {
  requireBalance(fund, receipt.currency, receipt.quantity);
  return FundsReceiptReversed(receipt);
}

interface Spending {
  readonly expenditureId: string;
  readonly currency: string;
  readonly quantity: number;
  readonly spentOn: string;
  readonly purpose: string;
  readonly at: string;
}

/** The lead spent money of the fund (R17). */
export function recordExpenditure(fund: FundState, { at, ...spending }: Spending): DomainEvent[] {
  requireState('fund', fund.status, 'open');
  requirePast(spending.spentOn, at);
  requireBalance(fund, spending.currency, spending.quantity);
  return settling(fund, [ExpenditureRecorded({ needId: fund.needId, ...spending })], at);
}

/** An expenditure that was entered wrongly is compensated (R2). */
export function voidExpenditure(
  fund: FundState,
  { at, ...voiding }: { expenditureId: string; currency: string; quantity: number; reason: Reason; at: string },
): DomainEvent[] {
  requireState('fund', fund.status, 'open');
  return settling(fund, [ExpenditureVoided({ needId: fund.needId, ...voiding })], at);
}
