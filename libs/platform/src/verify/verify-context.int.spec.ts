import { GENESIS_HASH, hashInput } from '@concord/kernel';
import { startConcord, type Actor, type TestConcord } from '@concord/testing';
import { hash } from 'node:crypto';
import { uuidv7 } from '../clock.js';
import type { Context } from '../context/context.js';
import { defineService } from '../service/definitions.js';
import { library, readers, Shelf } from '@concord/testing';
import { statementHash, type Checkpoint } from './checkpoint.js';
import type { Report } from './report.js';
import { stateHash } from './state-hash.js';
import { verifyContext } from './verify-context.js';

const checked = defineService({
  ...library,
  checks: [
    {
      name: 'no shelf holds more than its room',
      run: async (db) =>
        (await db.query<{ id: string }>(`SELECT id::text FROM streams WHERE (state->>'books')::int > (state->>'room')::int`)).map(
          ({ id }) => `shelf ${id} is too full`,
        ),
    },
  ],
});

let concord: TestConcord;
let actor: Actor;
let books: Context;
let id: string;

beforeAll(async () => {
  concord = await startConcord({ services: [checked, readers] });
  actor = await concord.actor({ organisation: uuidv7() });
  books = concord.platform.context('library');
  for (let n = 0; n < 5; n += 1) id = await filled(n === 0 ? 'hidden' : `shelf ${n}`);
  await concord.settle();
  await books.checkpoints.make();
});
afterAll(() => concord.stop());

/** A shelf with four public events and a private one. */
async function filled(name: string): Promise<string> {
  const { body } = await actor.ok('/shelves', { name, room: 10 });
  for (const title of ['a', 'b\tc\\n"', 'ü\n']) await actor.ok(`/shelves/${body.id}/put`, { title });
  await actor.ok(`/shelves/${body.id}/dust`);
  return body.id as string;
}

const sql = (text: string, values: unknown[] = []) => books.database.query(text, values);

const found = ({ checks }: Report): string[] => checks.filter(({ differences }) => differences > 0).map(({ name }) => name);
const whats = ({ checks }: Report): string =>
  checks.flatMap(({ first }) => first.map(({ where, what }) => `${where}: ${what}`)).join('\n');

const TABLES = ['events', 'streams', 'shelf_board', 'titles', 'cursors', 'checkpoints', 'requests'];

/** Damages the library, verifies, and puts everything back. */
async function damaged(damage: () => Promise<unknown>, options = {}, context = books): Promise<Report> {
  for (const table of TABLES) await sql(`CREATE TABLE saved_${table} AS TABLE ${table}`);
  try {
    await damage();
    const report = await verifyContext(context, options);
    expect(report.ok).toBe(false);
    return report;
  } finally {
    for (const table of TABLES) {
      await sql(`DELETE FROM ${table}`);
      await sql(`INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM saved_${table}`);
      await sql(`DROP TABLE saved_${table}`);
    }
  }
}

interface Row {
  version: number;
  kind: string;
  schema_version: number;
  data: never;
  meta: never;
}

/** Writes a stream anew as someone would who knows how everything is computed: hashes, fold and rows fit. */
async function rewritten(stream: string, change: (rows: Row[]) => Row[]): Promise<void> {
  const rows = change(
    (await sql('SELECT version, kind, schema_version, data, meta FROM events WHERE stream = $1 ORDER BY version', [
      stream,
    ])) as never,
  );
  let [previous, state] = [GENESIS_HASH, Shelf.initial];
  for (const { version, kind, schema_version: schemaVersion, data, meta } of rows) {
    previous = hash('sha256', hashInput(previous, { stream, version, kind, schemaVersion, data, meta }));
    state = Shelf.evolve(state, { kind, data }, meta);
    await sql('UPDATE events SET data = $3, hash = $4 WHERE stream = $1 AND version = $2', [
      stream,
      version,
      JSON.stringify(data),
      previous,
    ]);
  }
  const last = rows.at(-1)!.version;
  await sql('DELETE FROM events WHERE stream = $1 AND version > $2', [stream, last]);
  await sql(
    `UPDATE streams SET version = $2, state = $3, hash = $4, published = (SELECT max(version) FROM events WHERE stream = $1 AND previous IS NOT NULL) WHERE id = $1`,
    [stream, last, JSON.stringify(state), previous],
  );
  await sql('UPDATE shelf_board SET books = $2 WHERE id = $1', [stream, state.books]);
}

describe('a clean log', () => {
  it('has no differences in any context, and every check looked at something', async () => {
    for (const context of concord.platform.contexts.values()) {
      const report = await verifyContext(context);
      expect(whats(report)).toBe('');
      expect(report.ok).toBe(true);
    }
    const { checks } = await verifyContext(books);
    expect(checks.filter(({ checked: n }) => n === 0).map(({ name }) => name)).toEqual([
      'inbox: every published event took effect once or is parked',
    ]);
    const listening = await verifyContext(concord.platform.context('readers'));
    expect(listening.checks.find(({ name }) => name.startsWith('inbox'))?.checked).toBeGreaterThan(10);
  });

  it('has a hash that stays, and another one after the next event', async () => {
    const contexts = [...concord.platform.contexts.values()];
    const before = await stateHash(contexts);
    expect(await stateHash(contexts.reverse())).toBe(before);
    await filled('hash');
    expect(await stateHash(contexts)).not.toBe(before);
    await concord.settle();
    await books.checkpoints.make();
  });

  it('stays clean while commands go on', async () => {
    const shelf = await filled('busy');
    const putting = Promise.all(Array.from({ length: 6 }, () => actor.ok(`/shelves/${shelf}/put`, { title: 'x' })));
    expect(whats(await verifyContext(books))).toBe('');
    await putting;
    await concord.settle();
    expect(whats(await verifyContext(books))).toBe('');
  });
});

describe('an event', () => {
  it('that was edited is found', async () => {
    const report = await damaged(() => sql(`UPDATE events SET data = '{"title":"z"}' WHERE stream = $1 AND version = 2`, [id]));
    expect(whats(report)).toContain(`stream ${id}, version 2: its hash is not that of its content and its predecessor`);
  });

  it('whose person was edited is found', async () => {
    const report = await damaged(() =>
      sql(`UPDATE events SET meta = meta || '{"person":"x"}' WHERE stream = $1 AND version = 3`, [id]),
    );
    expect(whats(report)).toContain(`stream ${id}, version 3: its hash`);
  });

  it('that was deleted is found', async () => {
    const report = await damaged(() => sql('DELETE FROM events WHERE stream = $1 AND version = 3', [id]));
    expect(whats(report)).toContain(`stream ${id}, version 4: it follows version 2`);
    expect(found(report)).toContain('checkpoints: signatures, chain, roots');
  });

  it('that was swapped with another is found', async () => {
    const report = await damaged(() =>
      sql(
        `UPDATE events e SET data = o.data FROM events o WHERE e.stream = $1 AND o.stream = $1 AND e.version + o.version = 5 AND e.version IN (2, 3)`,
        [id],
      ),
    );
    expect(whats(report)).toContain(`version 2: its hash`);
    expect(whats(report)).toContain(`version 3: its hash`);
  });

  it('that says the wrong predecessor for listeners is found', async () => {
    const report = await damaged(() => sql('UPDATE events SET previous = 1 WHERE stream = $1 AND version = 3', [id]));
    expect(whats(report)).toContain('previous is 1, the event published before is 2');
  });

  it('that was hidden from the listeners is found', async () => {
    const report = await damaged(() => sql('UPDATE events SET previous = NULL WHERE stream = $1 AND version = 4', [id]));
    expect(whats(report)).toContain('it is marked private');
  });

  it('that lies in the log before its predecessor is found', async () => {
    const report = await damaged(() => sql(`UPDATE events SET xid = '1' WHERE stream = $1 AND version = 3`, [id]));
    expect(whats(report)).toContain('it lies before its predecessor in the log');
  });
});

describe('a tail', () => {
  it('that was cut off is found', async () => {
    const report = await damaged(() => sql('DELETE FROM events WHERE stream = $1 AND version > 3', [id]));
    expect(whats(report)).toContain(`stream ${id}: version is 5, its last event is 3`);
  });

  it('that was cut off with the stream set back is found by its checkpoint and by who has heard of it', async () => {
    const cut = () => rewritten(id, (rows) => rows.slice(0, 3));
    const report = await damaged(cut);
    expect(found(report)).toEqual(['projection titles', 'checkpoints: signatures, chain, roots']);
    expect(whats(report)).toMatch(/checkpoint 1: it covers \d+ events, the log has \d+ there/u);
    const listening = await damaged(cut, {}, concord.platform.context('readers'));
    expect(whats(listening)).toContain(`inbox of on-book-put: ${id}/4 was never published to it`);
  });

  it('of the whole log that was cut off leaves cursors beyond the log', async () => {
    const report = await damaged(() => sql('DELETE FROM events WHERE position > (SELECT max(position) - 8 FROM events)'));
    expect(found(report)).toContain('cursors: none beyond the log');
  });
});

describe('a history', () => {
  const forge = (rows: Row[]) => rows.map((row) => (row.version === 2 ? { ...row, data: { title: 'forged' } as never } : row));

  it('that was written anew with fresh hashes is found by its checkpoint', async () => {
    const report = await damaged(async () => {
      await rewritten(id, forge);
      await sql(`UPDATE titles SET title = 'forged' WHERE shelf = $1 AND version = 2`, [id]);
    });
    expect(found(report)).toEqual(['checkpoints: signatures, chain, roots']);
    expect(whats(report)).toContain('the events it covers are not those it was made over');
  });

  it('that was written anew with its checkpoints is found by who has kept one', async () => {
    const [kept] = (await sql(
      'SELECT number, events, root, previous, at, kid, signature FROM checkpoints WHERE number = 1',
    )) as unknown as Checkpoint[];
    const witnessed = [{ number: 1, hash: statementHash({ ...kept!, context: 'library' }) }];
    expect((await verifyContext(books, { witnessed })).ok).toBe(true);
    const report = await damaged(
      async () => {
        await rewritten(id, forge);
        await sql(`UPDATE titles SET title = 'forged' WHERE shelf = $1 AND version = 2`, [id]);
        await sql('DELETE FROM checkpoints');
        await books.checkpoints.make();
      },
      { witnessed },
    );
    expect(whats(report)).toBe('checkpoint 1: it is not the one that was witnessed');
    const gone = await damaged(() => sql('DELETE FROM checkpoints'), { witnessed });
    expect(whats(gone)).toBe('checkpoint 1: it was witnessed and is gone');
  });

  it('whose checkpoint was edited is found', async () => {
    const report = await damaged(() => sql(`UPDATE checkpoints SET at = '2000-01-01T00:00:00.000Z' WHERE number = 1`));
    expect(whats(report)).toContain('checkpoint 1: its signature does not hold');
  });
});

describe('a stored copy', () => {
  it.each([
    [
      'state',
      `UPDATE streams SET state = '{"name":"x","room":10,"books":11,"owner":"o"}' WHERE id = $1`,
      'its state is not the fold of its events: name, books, owner',
    ],
    ['version', 'UPDATE streams SET version = 9 WHERE id = $1', 'version is 9, its last event is 5'],
    ['published', 'UPDATE streams SET published = 1 WHERE id = $1', 'published is 1, its last public event is 4'],
    ['hash', `UPDATE streams SET hash = 'x' WHERE id = $1`, 'its hash is not that of its last event'],
    ['stream that is gone', 'DELETE FROM streams WHERE id = $1', 'it has events and no row in streams'],
    [
      'stream without events',
      `INSERT INTO streams SELECT gen_random_uuid(), kind, 1, 1, state, hash FROM streams WHERE id = $1`,
      'it has no events',
    ],
    ['row of a view', 'UPDATE shelf_board SET books = 7 WHERE id = $1', 'differs in books'],
    ['row of a view that is gone', 'DELETE FROM shelf_board WHERE id = $1', 'the row is missing'],
    [
      'row of a view too many',
      `INSERT INTO shelf_board SELECT gen_random_uuid(), name, books, search FROM shelf_board WHERE id = $1`,
      'no stream has this row',
    ],
    ['row of a projection', `UPDATE titles SET title = 'q' WHERE shelf = $1 AND version = 2`, 'a replay does not give the row'],
    ['row of a projection that is gone', 'DELETE FROM titles WHERE shelf = $1', 'it lacks the row'],
    ['answer', `UPDATE requests SET body = '{' WHERE body LIKE '%' || $1::text || '%'`, 'its answer is not JSON'],
  ])('%s that is wrong is found', async (_name, text, what) => {
    expect(whats(await damaged(() => sql(text, [id])))).toContain(what);
  });

  it('that breaks a rule of the context is found by its own check', async () => {
    const report = await damaged(() =>
      sql(`UPDATE streams SET state = '{"name":"x","room":10,"books":11,"owner":"o"}' WHERE id = $1`, [id]),
    );
    expect(whats(report)).toContain(`shelf ${id} is too full`);
  });
});

describe('a listener', () => {
  const listener = () => concord.platform.context('readers');

  it('that lost an inbox row is found, and one that handled what never was', async () => {
    const db = listener().database;
    await db.query('UPDATE inbox SET sequence = 99 WHERE stream = $1 AND sequence = 2', [id]);
    const report = await verifyContext(listener());
    await db.query('UPDATE inbox SET sequence = 2 WHERE sequence = 99');
    expect(whats(report)).toContain(`BookPut ${id}/2 of library has not taken effect and is not parked`);
    expect(whats(report)).toContain(`${id}/99 was never published to it`);
    expect((await verifyContext(listener())).ok).toBe(true);
  });

  it('whose event is parked is whole', async () => {
    const shelf = await filled('poisoned');
    await actor.ok(`/shelves/${shelf}/put`, { title: 'poison' });
    await actor.ok(`/shelves/${shelf}/put`, { title: 'after' });
    await concord.settle();
    expect(whats(await verifyContext(listener()))).toBe('');
  });
});
