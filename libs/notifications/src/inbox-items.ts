import type { Database, LoggedEvent, ProjectionDefinition } from '@concord/platform';
import { ItemAdded, ItemsDone, ItemsRead, ItemsUnread } from './domain/inbox.js';
import type { Range } from './domain/ranges.js';

interface Added {
  readonly person: string;
  readonly item: { readonly item: number };
}

// What each later step does to the rows of its items.
const CHANGES: Readonly<Record<string, string>> = {
  [ItemsRead.kind]: 'unread = false',
  [ItemsUnread.kind]: 'unread = true, done = false',
  [ItemsDone.kind]: 'unread = false, done = true',
};

/** The items of every inbox as rows, folded from the inboxes' events; the list reads them. */
export const inboxItems: ProjectionDefinition = {
  name: 'inbox-items',
  tables: ['inbox_items'],
  kinds: [ItemAdded.kind, ...Object.keys(CHANGES)],
  async apply(events, db) {
    let added: Added[] = [];
    for (const event of events) {
      if (event.kind === ItemAdded.kind) {
        added.push(event.data);
        continue;
      }
      // A step changes rows that an earlier event of the same batch may have added.
      await insert(added, db);
      added = [];
      await change(event, db);
    }
    await insert(added, db);
  },
};

async function insert(added: readonly Added[], db: Database): Promise<void> {
  if (added.length === 0) return;
  await db.query(
    `INSERT INTO inbox_items (person, item, unread, done, body)
     SELECT person, item, true, false, body FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[]) AS n(person, item, body) ON CONFLICT DO NOTHING`,
    [added.map(({ person }) => person), added.map(({ item }) => item.item), added.map(({ item }) => JSON.stringify(item))],
  );
}

async function change(event: LoggedEvent, db: Database): Promise<void> {
  const { ranges } = event.data as { ranges: readonly Range[] };
  await db.query(
    `UPDATE inbox_items i SET ${CHANGES[event.kind]} FROM unnest($2::bigint[], $3::bigint[]) AS r(first, last)
      WHERE i.person = $1 AND i.item BETWEEN r.first AND r.last`,
    [event.stream, ranges.map(([first]) => first), ranges.map(([, last]) => last)],
  );
}
