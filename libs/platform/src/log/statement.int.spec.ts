import { testDatabase, type TestDatabase } from '@concord/testing';
import { defineAggregate, defineEvent, Refused } from '@concord/kernel';
import pg from 'pg';
import { z } from 'zod';
import { uuidv7 } from '../clock.js';
import { defineTable } from '../database/table.js';
import { coreTables } from './core-tables.js';
import { Executor } from './executor.js';
import { PostgresStorage } from './storage.js';

const Said = defineEvent('Said', z.strictObject({ words: z.string() }));
const Note = defineAggregate<{ readonly words: string }, readonly [typeof Said]>({
  kind: 'note',
  initial: { words: '' },
  events: [Said],
  evolve: { Said: (_state, { words }) => ({ words }) },
});
const table = defineTable<{
  id: string;
  words: string;
  tags: readonly string[];
  extra: { readonly [key: string]: unknown } | undefined;
  long: number;
  day: string | undefined;
}>({
  name: 'notes',
  key: ['id'],
  columns: { id: 'uuid', words: 'text', tags: 'text[]', extra: 'jsonb', long: 'bigint', day: 'date' },
});
const row = (words: string, odd: boolean) => ({
  words,
  tags: odd ? [words, 'second'] : [],
  extra: odd ? { [words]: words } : undefined,
  long: Number.MAX_SAFE_INTEGER,
  day: odd ? '2026-02-28' : undefined,
});

/** Whatever an encoding may trip over: its own signs, other separators, words with a meaning, nothing at all. */
const WORDS = [
  '', 'NULL', 'null', '"', '\\', '\\"', "'", '{}', '{"a","b"}', ',', ';--', '\n\t\r', '\\N', '\\u0000', '\u001e', '\u001f', 'a\u001fb\u001ec',
  '$1', '::text', 'صفاء', '联合', '🕊️', '\u2028', ' padded ',
]; // prettier-ignore

let database: TestDatabase;
let pool: pg.Pool;
let executor: Executor;
let statements: string[];

beforeAll(async () => {
  database = await testDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  await pool.query(coreTables.sql);
  await pool.query(
    'CREATE TABLE notes (id uuid PRIMARY KEY, words text NOT NULL, tags text[] NOT NULL, extra jsonb, long bigint, day date)',
  );
  const watched = new Proxy(pool, {
    get: (target, name) => {
      if (name !== 'query') return Reflect.get(target, name) as unknown;
      return (statement: { text: string }) => {
        statements.push(statement.text);
        return target.query(statement as never);
      };
    },
  });
  const views = new Map([
    [Note.kind, { table, row: (_id: string, { words }: { words: string }) => row(words, words.length % 2 === 1) }],
  ]);
  executor = new Executor(
    { isPublic: () => true, views: views as never },
    new PostgresStorage(watched, new Map()),
    { now: () => '2026-01-01T00:00:00.000Z' },
    uuidv7,
    () => undefined,
  );
});
beforeEach(() => {
  statements = [];
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const say = async (words: string, id = uuidv7()): Promise<string> => {
  const answer = { status: 201, headers: { etag: words }, body: words };
  await executor.execute({
    request: { scope: 's', key: id, hash: 'h' },
    trace: { correlation: 'c' },
    reads: [],
    fresh: id,
    decide: ({ append }) => append(Note, id, Said({ words })),
    answer: () => answer,
  });
  return id;
};

async function stored(id: string) {
  const { rows } = await pool.query(
    `SELECT s.state, e.data, r.headers, r.body, n.words, n.tags, n.extra, n.long, n.day::text AS day
       FROM streams s JOIN events e ON e.stream = s.id JOIN requests r ON r.key = s.id::text JOIN notes n USING (id) WHERE s.id = $1`,
    [id],
  );
  return rows;
}

function expected(words: string) {
  const { tags, extra, long, day } = row(words, words.length % 2 === 1);
  return [
    {
      state: { words },
      data: { words },
      headers: { etag: words },
      body: words,
      words,
      tags,
      extra: extra ?? null,
      long: String(long),
      day: day ?? null,
    },
  ];
}

describe('the statement of a batch', () => {
  it.each(WORDS.map((words) => [JSON.stringify(words), words]))('holds %s, written alone', async (_shown, words) => {
    const id = await say(words);
    expect(statements.filter((text) => text.includes('VALUES'))).toHaveLength(1);
    expect(await stored(id)).toEqual(expected(words));
  });

  it('holds all of them, written together', async () => {
    // The first two go at once and alone; what comes meanwhile gathers.
    const ids = await Promise.all([...WORDS, ...WORDS].map((words) => say(words)));
    expect(statements.filter((text) => text.includes('unnest')).length).toBeGreaterThan(0);
    for (const [index, id] of ids.entries()) expect(await stored(id)).toEqual(expected(WORDS[index % WORDS.length]!));
  });

  it('looks nothing up for an id that was made for it, and finds out all the same when the id is taken', async () => {
    const id = await say('first');
    expect(statements.filter((text) => text.startsWith('SELECT'))).toEqual([]);
    executor.forget();
    const again = executor.execute({
      trace: { correlation: 'c' },
      reads: [],
      fresh: id,
      decide: ({ read, append }) => {
        const { version } = read(Note, id);
        if (version > 0) throw new Refused('already_exists', 'There is such a note.');
        append(Note, id, Said({ words: 'second' }));
      },
    });
    await expect(again).rejects.toMatchObject({ code: 'already_exists' });
    expect(await stored(id)).toEqual(expected('first'));
  });
});
