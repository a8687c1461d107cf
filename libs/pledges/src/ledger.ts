import { FundEntries, LEDGER_ACCOUNTS, LEDGER_BOOKS, LedgerBalances } from '@concord/contracts';
import { Id, Refused } from '@concord/kernel';
import { defineQuery, type Database, type LoggedEvent, type ProjectionDefinition } from '@concord/platform';
import { z } from 'zod';
import { POSTED_KINDS, postingsOf } from './ledger-entries.js';
import { anyone } from './policy.js';

/** Accounts one need may show at once: lines, pledgers and its fund, per book and unit. */
const ACCOUNTS_MAX = 2_000;

async function apply(events: readonly LoggedEvent[], db: Database): Promise<void> {
  const rows = events.flatMap((event) => {
    const { needId, projectId, postings } = postingsOf(event);
    return postings.map(({ book, unit, account: [kind, id], amount }, side) => ({
      stream: event.stream,
      version: event.version,
      side,
      kind: event.kind,
      at: event.at,
      book,
      unit,
      account_kind: kind,
      account_id: id,
      amount,
      need_id: needId,
      project_id: projectId,
    }));
  });
  if (rows.length === 0) return;
  // One statement writes the entries and adds those that are new to the books' totals, so that neither can be without the other.
  await db.query(
    `WITH posted AS (
       INSERT INTO ledger_entries (stream, version, side, kind, at, book, unit, account_kind, account_id, amount, need_id, project_id)
       SELECT * FROM json_to_recordset($1::json) AS u(stream uuid, version int, side smallint, kind text, at timestamptz, book text, unit text,
         account_kind text, account_id text, amount bigint, need_id text, project_id text)
       ON CONFLICT DO NOTHING RETURNING book, unit, amount)
     INSERT INTO ledger_books (book, unit, debit, credit)
     SELECT book, unit, coalesce(sum(amount) FILTER (WHERE amount > 0), 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)
       FROM posted GROUP BY book, unit ORDER BY book, unit
     ON CONFLICT (book, unit) DO UPDATE SET debit = ledger_books.debit + excluded.debit, credit = ledger_books.credit + excluded.credit`,
    [JSON.stringify(rows)],
  );
}

/** The double-entry read model: three books per unit, folded from the log. */
export const ledger: ProjectionDefinition = {
  name: 'ledger',
  tables: ['ledger_entries', 'ledger_books'],
  kinds: POSTED_KINDS,
  apply,
};

interface BookRow {
  readonly book: (typeof LEDGER_BOOKS)[number];
  readonly unit: string;
  readonly debit: string;
  readonly credit: string;
}

interface AccountRow {
  readonly book: (typeof LEDGER_BOOKS)[number];
  readonly unit: string;
  readonly account_kind: (typeof LEDGER_ACCOUNTS)[number];
  readonly account_id: string;
  readonly balance: string;
}

/** `GET /ledger`: of one need with its accounts, or the totals of all books. Each book sums to zero per unit (R18). */
export const getLedger = defineQuery({
  name: 'getLedger',
  summary: 'Debits and credits per book and unit, and whether they balance (R18); with `need`, also the balance of each account.',
  path: '/ledger',
  query: z.strictObject({ need: Id.optional() }),
  output: LedgerBalances,
  allows: anyone,
  run: async ({ db, query: { need } }) => {
    const books =
      need === undefined
        ? await db.query<BookRow>('SELECT book, unit, debit::text, credit::text FROM ledger_books ORDER BY book, unit')
        : await db.query<BookRow>(
            `SELECT book, unit, coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::text AS debit,
                coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)::text AS credit
               FROM ledger_entries WHERE need_id = $1 GROUP BY book, unit ORDER BY book, unit`,
            [need],
          );
    const accounts =
      need === undefined
        ? []
        : await db.query<AccountRow>(
            `SELECT book, unit, account_kind, account_id, sum(amount)::text AS balance FROM ledger_entries WHERE need_id = $1
              GROUP BY book, unit, account_kind, account_id ORDER BY book, unit, account_kind, account_id LIMIT ${ACCOUNTS_MAX}`,
            [need],
          );
    const shown = books.map(({ book, unit, debit, credit }) => ({
      book,
      unit,
      debit: Number(debit),
      credit: Number(credit),
      balanced: debit === credit,
    }));
    const body = {
      needId: need,
      books: shown,
      accounts: accounts.map(({ book, unit, account_kind: accountKind, account_id: accountId, balance }) => ({
        book,
        unit,
        accountKind,
        accountId,
        balance: Number(balance),
      })),
      balanced: shown.every(({ balanced }) => balanced),
    };
    return { body };
  },
});

interface EntryRow extends Omit<AccountRow, 'balance'> {
  readonly at: Date | string;
  readonly key: string;
  readonly amount: string;
  readonly kind: string;
  readonly stream: string;
  readonly version: number;
  readonly need_id: string;
  readonly project_id: string | null;
}

/** Place in the list: time, stream, version and side of the last entry shown. */
const CURSOR = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z,[0-9a-f-]{36},\d{1,9},\d{1,2}$/u;

/** The place a cursor names; one that was tampered with is refused here, before the database sees it. */
function placeOf(cursor: string): readonly string[] {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const place = text.split(',');
  const [at = '', stream] = place;
  if (CURSOR.test(text) && !Number.isNaN(Date.parse(at)) && Id.safeParse(stream).success) return place;
  throw new Refused('invalid_cursor', 'This cursor does not belong to this list. Start again without a cursor.');
}

/** `GET /funds/{id}/entries`: what moved through the fund of a project, newest first. */
export const getFundEntries = defineQuery({
  name: 'getFundEntries',
  summary: 'Entries of the book `moved` of one project: received, spent, refunded and their reversals, newest first.',
  path: '/funds/:id/entries',
  query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(50), cursor: z.string().max(300).optional() }),
  output: FundEntries,
  allows: anyone,
  run: async ({ db, params, query: { limit, cursor } }) => {
    const id = Id.safeParse(params['id']);
    if (!id.success) return { body: undefined };
    const [fund] = await db.query('SELECT 1 FROM fund_board WHERE id = $1', [id.data]);
    if (!fund) return { body: undefined };
    const after = cursor === undefined ? [] : placeOf(cursor);
    const behind = after.length === 0 ? '' : 'AND (at, stream, version, side) < ($3::timestamptz, $4::uuid, $5::int, $6::smallint)';
    const rows = await db.query<EntryRow>(
      `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, book, unit, account_kind, account_id, amount::text, kind, stream, version,
          need_id, project_id, concat_ws(',', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), stream, version, side) AS key
         FROM ledger_entries WHERE project_id = $1 AND book = 'moved' ${behind}
        ORDER BY at DESC, stream DESC, version DESC, side DESC LIMIT $2`,
      [id.data, limit + 1, ...after],
    );
    const items = rows.slice(0, limit).map((row) => ({
      at: String(row.at),
      book: row.book,
      unit: row.unit,
      accountKind: row.account_kind,
      accountId: row.account_id,
      amount: Number(row.amount),
      eventKind: row.kind,
      stream: row.stream,
      streamVersion: row.version,
      needId: row.need_id,
      projectId: row.project_id ?? undefined,
    }));
    const next = rows.length > limit ? Buffer.from(rows[limit - 1]!.key, 'utf8').toString('base64url') : undefined;
    const headers: Record<string, string> = next
      ? { link: `</api/v1/funds/${id.data}/entries?limit=${limit}&cursor=${next}>; rel="next"` }
      : {};
    return { body: { items, next }, headers };
  },
});
