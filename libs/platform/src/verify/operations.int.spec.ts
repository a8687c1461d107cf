import { GENESIS_HASH } from '@concord/kernel';
import { library, logAtRest, readers, startConcord, type Actor, type TestConcord } from '@concord/testing';
import { hash } from 'node:crypto';
import { uuidv7 } from '../clock.js';
import type { Context } from '../context/context.js';
import { isSigned, type Statement } from './checkpoint.js';
import { isIncluded } from './merkle.js';
import { rebuildProjection } from './rebuild-projection.js';
import { rebuildView } from './rebuild-view.js';
import { verifyContext } from './verify-context.js';

let concord: TestConcord;
let actor: Actor;
let registrar: Actor;
let books: Context;

beforeAll(async () => {
  concord = await startConcord({ services: [library, readers] });
  actor = await concord.actor({ organisation: uuidv7() });
  registrar = await concord.actor({ platformRoles: ['registrar'] });
  books = concord.platform.context('library');
});
afterAll(() => concord.stop());

async function filled(...titles: string[]): Promise<string> {
  const { body } = await actor.ok('/shelves', { name: `shelf ${uuidv7()}`, room: 1000 });
  for (const title of titles) await actor.ok(`/shelves/${body.id}/put`, { title });
  return body.id as string;
}

const rows = <R = Record<string, unknown>>(text: string, values: unknown[] = []) => books.database.query<R>(text, values);
const clean = async () => (await verifyContext(books)).checks.flatMap(({ first }) => first);

/** Names of all indexes, which migrations and refusals refer to. */
const indexes = async () =>
  (
    await rows<{ name: string }>(
      `SELECT tablename || ' ' || indexname AS name FROM pg_indexes WHERE schemaname = 'library' ORDER BY 1`,
    )
  ).map(({ name }) => name);

/** Makes a checkpoint over everything there is: transactions of other specs on the same server hold the newest events back for a moment. */
async function checkpointed(): Promise<number> {
  await logAtRest(books.database.pool);
  return books.checkpoints.make();
}

describe('checkpoints', () => {
  it('cover each event once, in a chain anyone can check, and prove each', async () => {
    const id = await filled('a', 'b');
    expect(await checkpointed()).toBe(1);
    expect(await checkpointed()).toBe(0);
    await filled('c');
    expect(await checkpointed()).toBe(1);
    const { body } = await concord.anonymous().get('/checkpoints/library?limit=100');
    expect(body.next).toBeUndefined();
    const statements = body.items.map(({ statement }: { statement: string }) => statement).reverse() as string[];
    let previous = GENESIS_HASH;
    for (const [at, text] of statements.entries()) {
      const statement = JSON.parse(text) as Statement;
      expect(statement).toMatchObject({ context: 'library', number: at + 1, previous });
      const { signature } = body.items.find(({ number }: Statement) => number === statement.number);
      const { publicJwk } = body.keys.find(({ kid }: { kid: string }) => kid === statement.kid);
      expect(publicJwk.d).toBeUndefined();
      expect(isSigned({ ...statement, signature }, publicJwk)).toBe(true);
      expect(isSigned({ ...statement, events: statement.events + 1, signature }, publicJwk)).toBe(false);
      previous = hash('sha256', text);
    }
    const stream = (await actor.get(`/shelves/${id}/stream`)).body.events as { version: number; hash: string }[];
    for (const event of stream) {
      const proof = (await concord.anonymous().get(`/checkpoints/library/proof?stream=${id}&version=${event.version}`)).body;
      const { events, root, statement } = proof.checkpoint;
      expect(statements).toContain(statement);
      expect(proof.event).toBe(event.hash);
      expect(isIncluded(event.hash, proof.index, events, proof.path, root)).toBe(true);
    }
    expect(stream).toHaveLength(3);
  });

  it('are paged, newest first', async () => {
    await filled('d');
    await checkpointed();
    const first = (await concord.anonymous().get('/checkpoints/library?limit=1')).body;
    const second = (await concord.anonymous().get(`/checkpoints/library?limit=1&cursor=${first.next}`)).body;
    expect(second.items[0].number).toBe(first.items[0].number - 1);
    expect((await concord.anonymous().get('/checkpoints/library?cursor=x')).status).toBe(400);
  });

  it('prove nothing that they do not cover', async () => {
    const id = await filled();
    const proof = (version: number) => concord.anonymous().get(`/checkpoints/library/proof?stream=${id}&version=${version}`);
    expect(await proof(1)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    await checkpointed();
    expect((await proof(1)).status).toBe(200);
    expect((await proof(2)).status).toBe(404);
  });

  it('wait for a transaction that is still running, so that no event comes in under one', async () => {
    await checkpointed();
    const client = await books.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_current_xact_id()');
      await filled('e');
      expect(await books.checkpoints.make()).toBe(0);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    expect(await checkpointed()).toBe(1);
    expect(await clean()).toEqual([]);
  });

  it('are made by one at a time', async () => {
    await filled('f');
    const client = await books.database.pool.connect();
    try {
      await client.query(`BEGIN`);
      await client.query(`SELECT pg_advisory_xact_lock(hashtextextended('concord checkpoints library', 0))`);
      expect(await books.checkpoints.make()).toBe(0);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    expect(await checkpointed()).toBe(1);
  });
});

describe('a rebuild', () => {
  beforeAll(async () => {
    await Promise.all(Array.from({ length: 20 }, () => filled('x', 'ü"\\\n\t', 'z')));
    await concord.settle();
  });

  it('of a projection mends it, keeps its indexes, and the projection goes on', async () => {
    const before = await indexes();
    const good = await rows('SELECT * FROM titles ORDER BY shelf, version');
    await rows(`UPDATE titles SET title = 'wrong' WHERE version = 2`);
    const seen: number[] = [];
    const rebuilt = await rebuildProjection(books, 'titles', { verify: true, progress: (events) => seen.push(events) });
    expect(rebuilt).toMatchObject({ name: 'titles', events: good.length, check: { differences: 0 } });
    expect(seen.at(-1)).toBe(good.length);
    expect(await rows('SELECT * FROM titles ORDER BY shelf, version')).toEqual(good);
    expect(await indexes()).toEqual(before);
    const id = await filled('after');
    await concord.settle();
    expect(await rows('SELECT title FROM titles WHERE shelf = $1', [id])).toEqual([{ title: 'after' }]);
    expect(await clean()).toEqual([]);
  });

  it('of a projection loses nothing that is put meanwhile', async () => {
    const id = await filled();
    const putting = Promise.all(Array.from({ length: 60 }, (_, n) => actor.ok(`/shelves/${id}/put`, { title: `t${n}` })));
    await rebuildProjection(books, 'titles');
    await putting;
    await concord.settle();
    expect(await rows('SELECT count(*)::int AS n FROM titles WHERE shelf = $1', [id])).toEqual([{ n: 60 }]);
    expect(await clean()).toEqual([]);
  });

  it('of a projection that fails leaves everything as it was', async () => {
    const projection = { ...library.projections[0]!, apply: () => Promise.reject(new Error('no')) };
    const broken = Object.assign(Object.create(books) as Context, { service: { ...library, projections: [projection] } });
    await expect(rebuildProjection(broken, 'titles')).rejects.toThrow('no');
    expect(await rows(`SELECT to_regclass('titles_rebuilt') AS left`)).toEqual([{ left: null }]);
    expect(await clean()).toEqual([]);
  });

  it('does not replace what a verification reads', async () => {
    const client = await books.database.pool.connect();
    try {
      await client.query(`SELECT pg_advisory_lock_shared(hashtextextended('concord operations library', 0))`);
      await expect(rebuildView(books, 'shelf_board')).rejects.toMatchObject({ code: 'busy' });
      await expect(rebuildProjection(books, 'titles')).rejects.toMatchObject({ code: 'busy' });
      expect((await verifyContext(books)).ok).toBe(true);
    } finally {
      await client.query(`SELECT pg_advisory_unlock_shared(hashtextextended('concord operations library', 0))`);
      client.release();
    }
  });

  it('waits for a reader without holding up those who come after it', async () => {
    const client = await books.database.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM shelf_board LIMIT 1');
      const rebuilding = rebuildView(books, 'shelf_board');
      const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'`;
      while ((await rows(waiting)).length === 0);
      await filled('comes after');
      await client.query('COMMIT');
      expect((await rebuilding).name).toBe('shelf_board');
    } finally {
      client.release();
    }
    await concord.settle();
    expect(await clean()).toEqual([]);
  });

  it('of an inline view mends it, keeps its indexes, and commands go on', async () => {
    const before = await indexes();
    await rows(`UPDATE shelf_board SET books = 99`);
    await rows(`DELETE FROM shelf_board WHERE id IN (SELECT id FROM shelf_board LIMIT 3)`);
    const id = await filled();
    const putting = Promise.all(Array.from({ length: 60 }, (_, n) => actor.ok(`/shelves/${id}/put`, { title: `t${n}` })));
    await rebuildView(books, 'shelf_board');
    await putting;
    expect(await indexes()).toEqual(before);
    await concord.settle();
    expect(await clean()).toEqual([]);
    expect((await actor.get(`/shelves?sort=fullest&limit=1`)).status).toBe(200);
  });
});

describe('an operator', () => {
  const operations = (path: string) => `/operations/library/${path}`;

  it('alone may verify, look at what is parked, release it and rebuild', async () => {
    for (const path of ['verification', 'parked/release', 'views/titles/rebuild']) {
      expect((await concord.anonymous().post(operations(path))).status).toBe(401);
      expect((await actor.post(operations(path), path.endsWith('release') ? { consumer: 'x', stream: uuidv7() } : {})).status).toBe(
        403,
      );
    }
    for (const path of ['parked', 'views']) expect((await actor.get(operations(path))).status).toBe(403);
  });

  it('gets the report, also when something differs', async () => {
    const id = await filled('v');
    await concord.settle();
    expect(await registrar.post(operations('verification'))).toMatchObject({ status: 200, body: { context: 'library', ok: true } });
    await rows('UPDATE shelf_board SET books = 5 WHERE id = $1', [id]);
    const { status, body } = await registrar.post(operations('verification'));
    expect(status).toBe(200);
    expect(body.ok).toBe(false);
    expect(body.checks.find(({ name }: { name: string }) => name === 'view shelf_board')).toMatchObject({
      differences: 1,
      first: [{ where: `shelf_board ${id}`, what: 'differs in books' }],
    });
    expect((await registrar.post(operations('views/shelf_board/rebuild'))).body.name).toBe('shelf_board');
    expect((await registrar.post(operations('verification'))).body.ok).toBe(true);
    expect((await registrar.post(operations('views/titles/rebuild'), { verify: true })).body.check.differences).toBe(0);
    expect((await registrar.post(operations('views/nothing/rebuild'))).status).toBe(404);
  });

  it('sees which read models there are, and how far a rebuild is', async () => {
    const views = async () => (await registrar.get(operations('views'))).body.items as unknown[];
    const idle = [
      { name: 'titles', kind: 'projection' },
      { name: 'shelf_board', kind: 'view' },
    ];
    expect(await views()).toEqual(idle);
    const client = await books.database.pool.connect();
    try {
      // Somebody reads the table, so the rebuild cannot end.
      await client.query('BEGIN');
      await client.query('SELECT 1 FROM shelf_board LIMIT 1');
      const rebuilding = registrar.post(operations('views/shelf_board/rebuild'));
      let seen: unknown[];
      do seen = await views();
      while (!/"rebuild":\{"events":[1-9]\d*,"of":\d/u.test(JSON.stringify(seen)));
      const [, { rebuild }] = seen as [unknown, { rebuild: { events: number; of: number } }];
      expect(rebuild.events).toBe(rebuild.of);
      await client.query('COMMIT');
      expect((await rebuilding).status).toBe(200);
    } finally {
      client.release();
    }
    expect(await views()).toEqual(idle);
  });

  it('sees what is parked and releases it once it can be handled', async () => {
    const id = await filled('poison', 'later');
    await concord.settle();
    const parked = () => registrar.get('/operations/readers/parked');
    expect((await parked()).body.items).toMatchObject([
      { consumer: 'on-book-put', stream: id, events: 2, sequence: 2, type: 'concord.library.BookPut' },
    ]);
    const release = (stream: string) => registrar.post('/operations/readers/parked/release', { consumer: 'on-book-put', stream });
    expect(await release(uuidv7())).toMatchObject({ status: 404 });
    expect(await release(id)).toMatchObject({ status: 409, body: { code: 'still_failing' } });
    const db = concord.platform.context('readers').database;
    await db.query(`UPDATE parked SET event = jsonb_set(event, '{data,title}', '"mended"') WHERE stream = $1`, [id]);
    expect((await release(id)).body).toEqual({ released: 2 });
    expect((await parked()).body.items).toEqual([]);
    expect((await verifyContext(concord.platform.context('readers'))).ok).toBe(true);
  });

  it('finds these routes in the API document', async () => {
    const { paths } = (await (await fetch(`${concord.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    expect(Object.keys(paths).filter((path) => /\/(operations|checkpoints|decisions)\/library/u.test(path))).toEqual([
      '/api/v1/checkpoints/library',
      '/api/v1/checkpoints/library/proof',
      '/api/v1/decisions/library',
      '/api/v1/operations/library/parked',
      '/api/v1/operations/library/parked/release',
      '/api/v1/operations/library/verification',
      '/api/v1/operations/library/views',
      '/api/v1/operations/library/views/{name}/rebuild',
    ]);
  });
});
