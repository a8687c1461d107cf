import { defineAggregate, defineEvent, Id, Refused, text, type DomainEvent, type Policy, type Subject } from '@concord/kernel';
import { z } from 'zod';
import { defineTable } from '@concord/platform';
import { defineCommand, defineProjection, defineReaction, defineResource, defineSchedule, defineService } from '@concord/platform';
import { defineList, searchText } from '@concord/platform';

// A context as small as one can be, to test the machinery: shelves with room for so many books.

export const ShelfBuilt = defineEvent('ShelfBuilt', z.strictObject({ name: z.string(), room: z.int() }));
export const BookPut = defineEvent('BookPut', z.strictObject({ title: z.string() }));
export const ShelfDusted = defineEvent('ShelfDusted', z.strictObject({ note: z.string() }));

interface ShelfState {
  readonly name: string;
  readonly room: number;
  readonly books: number;
  readonly owner: string;
}

export const Shelf = defineAggregate<ShelfState, readonly [typeof ShelfBuilt, typeof BookPut, typeof ShelfDusted]>({
  kind: 'shelf',
  initial: { name: '', room: 0, books: 0, owner: '' },
  events: [ShelfBuilt, BookPut, ShelfDusted],
  evolve: {
    ShelfBuilt: (state, { name, room }, { organisation }) => ({ ...state, name, room, owner: organisation ?? '' }),
    BookPut: (state) => ({ ...state, books: state.books + 1 }),
    ShelfDusted: (state) => state,
  },
});

export const shelfRows = defineTable({
  name: 'shelf_board',
  key: ['id'],
  columns: { id: 'uuid', name: 'text', books: 'int', search: 'text' },
});

const member: Policy = { label: 'signed in', permits: (subject: Subject | undefined) => subject !== undefined };
const owner: Policy<ShelfState> = { label: 'the owner', permits: (subject, state) => state.owner === subject?.organisation };
const anyone: Policy = { label: 'everyone', permits: () => true };

export const shelves = defineResource({
  aggregate: Shelf,
  plural: 'shelves',
  output: z.object({ id: Id, version: z.int(), name: z.string(), books: z.int() }).meta({ id: 'Shelf' }),
  present: ({ id, version, state }) => ({ id, version, name: state.name, books: state.books }),
  readable: {
    label: 'everyone, unless hidden',
    permits: (subject, state) => state.name !== 'hidden' || state.owner === subject?.organisation,
  },
  view: { table: shelfRows, row: (id, { name, books }) => ({ id, name, books, search: searchText(name) }) },
});

const buildShelf = defineCommand({
  name: 'buildShelf',
  summary: 'Builds a shelf',
  on: shelves,
  verb: 'create',
  input: z.strictObject({ id: Id.optional(), name: text(50), room: z.int().min(1).max(1e6) }),
  allows: member,
  decide: ({ input }) => ShelfBuilt({ name: input.name, room: input.room }),
});

const putBook = defineCommand({
  name: 'putBook',
  summary: 'Puts a book on a shelf that has room',
  on: shelves,
  verb: 'put',
  input: z.strictObject({ title: text(100) }),
  allows: member,
  decide: ({ state, input }) => {
    if (state.books >= state.room) throw new Refused('shelf_full', 'This shelf is full.', { room: state.room });
    return BookPut({ title: input.title });
  },
});

const dustShelf = defineCommand({
  name: 'dustShelf',
  summary: 'Dusts a shelf; leaves nothing public',
  on: shelves,
  verb: 'dust',
  input: z.strictObject({}),
  allows: owner,
  decide: () => ShelfDusted({ note: 'dusted' }),
});

export const library = defineService({
  name: 'library',
  resources: [shelves],
  commands: [buildShelf, putBook, dustShelf],
  queries: [
    defineList({
      name: 'listShelves',
      summary: 'Shelves',
      resource: shelves,
      allows: anyone,
      visible: (subject, bind) => `v.name <> 'hidden' OR ${bind(subject !== undefined)}::boolean`,
      filters: { name: { column: 'name', match: 'is', value: z.string() } },
      search: 'search',
      sorts: { name: { column: 'name', direction: 'asc' }, fullest: { column: 'books', direction: 'desc' } },
      facets: ['name'],
    }),
  ],
  reactions: [],
  projections: [
    defineProjection({
      name: 'titles',
      tables: ['titles'],
      kinds: ['BookPut'],
      async apply(events, db) {
        const puts = events as unknown as { stream: string; version: number; data: { title: string } }[];
        await db.query('INSERT INTO titles (shelf, version, title) SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[])', [
          puts.map(({ stream }) => stream),
          puts.map(({ version }) => version),
          puts.map(({ data }) => data.title),
        ]);
      },
    }),
  ],
  schedules: [],
  migrations: [
    {
      name: '0001-shelf-board',
      sql: `CREATE TABLE shelf_board (id uuid PRIMARY KEY, name text NOT NULL, books int NOT NULL, search text NOT NULL);
            CREATE TABLE titles (shelf uuid, version int, title text NOT NULL, PRIMARY KEY (shelf, version));`,
    },
  ],
  published: (event: DomainEvent) => (event.kind === 'ShelfDusted' ? undefined : event),
  publishes: [ShelfBuilt, BookPut],
});

export const ReaderWelcomed = defineEvent('ReaderWelcomed', z.strictObject({ shelf: z.string() }));
export const Reader = defineAggregate<{ welcomes: number; expired: boolean }, readonly [typeof ReaderWelcomed, typeof ReaderGone]>({
  kind: 'reader',
  initial: { welcomes: 0, expired: false },
  events: [ReaderWelcomed, defineEvent('ReaderGone', z.strictObject({}))],
  evolve: {
    ReaderWelcomed: (state) => ({ ...state, welcomes: state.welcomes + 1 }),
    ReaderGone: (state) => ({ ...state, expired: true }),
  },
});
const ReaderGone = defineEvent('ReaderGone', z.strictObject({}));

/** Listens to the library: a reader stream per shelf counts its books; the title "poison" cannot be handled. */
export const readers = defineService({
  name: 'readers',
  resources: [],
  aggregates: [Reader],
  commands: [],
  queries: [],
  reactions: [
    defineReaction({
      name: 'on-book-put',
      from: 'library',
      on: BookPut,
      decide: ({ event, append }) => {
        if (event.data.title === 'poison') throw new Error('this title cannot be handled');
        append(Reader, event.subject, ReaderWelcomed({ shelf: event.subject }));
      },
    }),
  ],
  projections: [],
  schedules: [
    defineSchedule({
      name: 'readers-leave',
      aggregate: Reader,
      due: async (db, at) =>
        (await db.query<{ id: string }>(`SELECT id FROM streams WHERE NOT (state->>'expired')::boolean AND $1 > '2030'`, [at])).map(
          ({ id }) => id,
        ),
      decide: ({ state }) => (state.expired ? undefined : ReaderGone({})),
    }),
  ],
  migrations: [],
  published: (event: DomainEvent) => event,
  publishes: [ReaderWelcomed, ReaderGone],
});
