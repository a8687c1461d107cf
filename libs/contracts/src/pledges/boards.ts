import { Currency, Id, Instant } from '@concord/kernel';
import { z } from 'zod';
import { LINE_STATUSES } from './resources.js';
import { PledgeKind, PledgeUnit, VALUATIONS } from './kinds.js';

const Whole = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const totals = { target: Whole, pledged: Whole, confirmed: Whole, delivered: Whole, gap: Whole };

/** Pledged, confirmed, delivered and gap of a need: per line, and per kind and unit; units are never added together (R4). */
export const NeedFunding = z
  .object({
    needId: Id,
    lines: z.array(
      z.object({
        id: Id,
        kind: PledgeKind,
        title: z.string(),
        unit: PledgeUnit,
        status: z.enum(LINE_STATUSES),
        minimum: Whole.optional(),
        ...totals,
      }),
    ),
    units: z.array(z.object({ kind: PledgeKind, unit: PledgeUnit, ...totals })),
    nonCash: z
      .array(z.object({ currency: Currency, method: z.enum([...VALUATIONS, 'unit_rate']), value: Whole }))
      .meta({ description: 'Value of what was delivered and is not money, by method (R14); beside cash, never added to it' }),
  })
  .meta({ id: 'NeedFunding' });

/** How much of what an organisation offered it confirmed, and how much of what it ever confirmed it delivered (R19). Permille are rounded down. */
export const OrganisationConversion = z
  .object({
    organisationId: Id,
    items: z.array(
      z.object({
        kind: PledgeKind,
        unit: PledgeUnit,
        pledges: Whole,
        pledged: Whole,
        confirmed: Whole,
        delivered: Whole,
        confirmedPermille: z
          .int()
          .min(0)
          .max(1000)
          .optional()
          .meta({ description: 'Ever confirmed of pledged; absent when nothing was pledged' }),
        deliveredPermille: z
          .int()
          .min(0)
          .max(1000)
          .optional()
          .meta({ description: 'Delivered of ever confirmed; absent when nothing was confirmed' }),
      }),
    ),
  })
  .meta({ id: 'OrganisationConversion' });

export const LEDGER_BOOKS = ['promised', 'committed', 'moved'] as const;
export const LEDGER_ACCOUNTS = ['line', 'pledger', 'fund', 'spending'] as const;

const account = { accountKind: z.enum(LEDGER_ACCOUNTS), accountId: Id };

/** One side of a double entry: debits are positive, credits negative. */
export const LedgerEntry = z
  .object({
    at: Instant,
    book: z.enum(LEDGER_BOOKS),
    unit: PledgeUnit,
    ...account,
    amount: z.int(),
    eventKind: z.string(),
    stream: Id,
    streamVersion: z.int(),
    needId: Id,
    projectId: Id.optional(),
  })
  .meta({ id: 'LedgerEntry' });

/** Entries of a fund, newest first. */
export const FundEntries = z.object({ items: z.array(LedgerEntry), next: z.string().optional() }).meta({ id: 'FundEntries' });

/** Balances of the ledger. Each book sums to zero per unit (R18). */
export const LedgerBalances = z
  .object({
    needId: Id.optional(),
    books: z.array(z.object({ book: z.enum(LEDGER_BOOKS), unit: PledgeUnit, debit: Whole, credit: Whole, balanced: z.boolean() })),
    accounts: z
      .array(z.object({ book: z.enum(LEDGER_BOOKS), unit: PledgeUnit, ...account, balance: z.int() }))
      .meta({ description: 'Accounts of the need that was asked for; empty without one' }),
    balanced: z.boolean(),
  })
  .meta({ id: 'LedgerBalances' });
