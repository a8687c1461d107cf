import { InboxPage, type InboxItem } from '@concord/contracts';
import { defineQuery, type Database } from '@concord/platform';
import { z } from 'zod';
import { Inbox, unreadOf, type InboxState } from './domain/inbox.js';
import { forOneself } from './policy.js';

const InboxQuery = z.strictObject({
  unread: z.enum(['true']).optional().meta({ description: 'Only unread items' }),
  done: z.enum(['true']).optional().meta({ description: 'Those taken out of the inbox instead' }),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  cursor: z
    .string()
    .regex(/^i[1-9]\d{0,14}$/u, 'this cursor does not belong to this list')
    .optional(),
});

interface ItemRow {
  readonly body: InboxItem;
  readonly unread: boolean;
  readonly done: boolean;
}

/** GET /inbox: the reader's items, newest first, with the absolute unread count and its sequence (UX-12). */
export const listInbox = defineQuery({
  name: 'listInbox',
  summary: 'The own inbox, newest first; the unread count is absolute and ordered by its sequence.',
  path: '/inbox',
  query: InboxQuery,
  output: InboxPage,
  allows: forOneself,
  async run({ db, subject, query, at }) {
    const person = subject!.person;
    const limit = query.limit ?? 20;
    const { state, sequence } = await counters(db, person);
    const rows = await page(db, person, query, limit + 1);
    const items = rows.slice(0, limit).map(({ body, unread, done }) => ({ ...body, unread, done }));
    const next = rows.length > limit ? `i${items.at(-1)!.item}` : undefined;
    return {
      body: { person, unread: unreadOf(state), sequence, readAt: at, items, ...(next !== undefined && { next }) },
      ...(next !== undefined && { headers: { link: linkTo(query, next) } }),
    };
  },
});

function linkTo(query: Readonly<Record<string, unknown>>, cursor: string): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (name !== 'cursor' && value !== undefined) search.set(name, String(value));
  search.set('cursor', cursor);
  return `</api/v1/inbox?${search.toString()}>; rel="next"`;
}

async function counters(db: Database, person: string): Promise<{ state: InboxState; sequence: number }> {
  const [row] = await db.query<{ version: number; state: InboxState }>(
    'SELECT version, state FROM streams WHERE id = $1 AND kind = $2',
    [person, Inbox.kind],
  );
  return { state: row?.state ?? Inbox.initial, sequence: row?.version ?? 0 };
}

const page = (db: Database, person: string, query: z.output<typeof InboxQuery>, limit: number): Promise<ItemRow[]> =>
  db.query<ItemRow>(
    `SELECT body, unread, done FROM inbox_items
      WHERE person = $1 AND item < $2::bigint ${query.unread ? 'AND unread' : ''} AND ${query.done ? 'done' : 'NOT done'}
      ORDER BY item DESC LIMIT $3`,
    [person, query.cursor === undefined ? String(Number.MAX_SAFE_INTEGER) : query.cursor.slice(1), limit],
  );
