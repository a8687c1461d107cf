import { uuidv7 } from './clock.js';
import { startConcord, type TestConcord } from '@concord/testing';
import { library, readers } from '@concord/testing';

let concord: TestConcord;
beforeAll(async () => {
  concord = await startConcord({ services: [library, readers] });
});
afterAll(() => concord.stop());

const organisation = uuidv7();

const shelf = async (room = 100, name = `shelf ${uuidv7()}`) => {
  const actor = await concord.actor({ organisation });
  const { body } = await actor.ok('/shelves', { name, room });
  return { actor, id: body.id as string, name };
};

const count = async (table: string, where = 'true', values: unknown[] = []) =>
  Number(
    (
      await concord.platform
        .context('library')
        .database.query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`, values)
    )[0]!.n,
  );

describe('a command', () => {
  it('answers 201 with the object, its address and its version', async () => {
    const actor = await concord.actor({ organisation });
    const id = uuidv7();
    const answer = await actor.post('/shelves', { id, name: 'oak', room: 2 });
    expect(answer).toMatchObject({ status: 201, etag: '"1"', body: { id, version: 1, name: 'oak', books: 0 } });
    expect(answer.headers.get('location')).toBe(`/api/v1/shelves/${id}`);
    expect(await concord.anonymous().get(`/shelves/${id}`)).toMatchObject({ status: 200, etag: '"1"', body: { name: 'oak' } });
  });

  it('lists every fault with its place and changes nothing', async () => {
    const actor = await concord.actor({ organisation });
    const before = await count('events');
    const answer = await actor.post('/shelves', { name: '', room: 0.5, colour: 'red' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/colour', '/name', '/room']);
    expect(await count('events')).toBe(before);
  });

  it('is refused with the code of the domain, and the refusal is replayed', async () => {
    const { actor, id } = await shelf(1);
    await actor.ok(`/shelves/${id}/put`, { title: 'one' });
    const key = uuidv7();
    const refused = await actor.post(`/shelves/${id}/put`, { title: 'two' }, { key });
    expect(refused).toMatchObject({ status: 409, body: { code: 'shelf_full', details: { room: 1 } } });
    const again = await actor.post(`/shelves/${id}/put`, { title: 'two' }, { key });
    expect(again.body).toEqual(refused.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('looks absent where the object is hidden, and says forbidden where only the step is', async () => {
    const { id } = await shelf(1, 'hidden');
    const { id: seen } = await shelf(1);
    const stranger = await concord.actor({ organisation: uuidv7() });
    const hidden = await stranger.post(`/shelves/${id}/put`, { title: 'x' });
    const absent = await stranger.post(`/shelves/${uuidv7()}/put`, { title: 'x' });
    expect([hidden.status, absent.status]).toEqual([404, 404]);
    expect(hidden.body.detail).toBe(absent.body.detail);
    expect((await stranger.post(`/shelves/${seen}/dust`)).status).toBe(403);
    expect((await concord.anonymous().post(`/shelves/${seen}/dust`)).status).toBe(401);
  });

  it('checks If-Match', async () => {
    const { actor, id } = await shelf();
    expect((await actor.post(`/shelves/${id}/put`, { title: 'a' }, { ifMatch: '"1"' })).status).toBe(200);
    expect(await actor.post(`/shelves/${id}/put`, { title: 'b' }, { ifMatch: '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'precondition_failed' },
    });
  });
});

describe('an idempotency key', () => {
  it('has one effect and one answer for fifty copies at once', async () => {
    const { actor, id } = await shelf();
    const key = uuidv7();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => actor.post(`/shelves/${id}/put`, { title: 'once' }, { key })),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(await count('events', `stream = $1 AND kind = 'BookPut'`, [id])).toBe(1);
  });

  it('answers the same after this process has forgotten it, and refuses another request with 422', async () => {
    const { actor, id } = await shelf();
    const key = uuidv7();
    const first = await actor.post(`/shelves/${id}/put`, { title: 'kept' }, { key });
    concord.platform.context('library').executor.forget();
    expect((await actor.post(`/shelves/${id}/put`, { title: 'kept' }, { key })).body).toEqual(first.body);
    expect(await actor.post(`/shelves/${id}/put`, { title: 'other' }, { key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect((await actor.get(`/shelves/${id}`)).body.books).toBe(1);
  });

  it('is demanded', async () => {
    const { actor, id } = await shelf();
    expect(await actor.send('POST', `/shelves/${id}/put`, { title: 'x' }, {})).toMatchObject({
      status: 400,
      body: { code: 'idempotency_key_missing' },
    });
  });
});

describe('capacity', () => {
  it('is filled exactly by many at once', async () => {
    const { actor, id } = await shelf(37);
    const answers = await Promise.all(Array.from({ length: 120 }, (_, n) => actor.post(`/shelves/${id}/put`, { title: `b${n}` })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(37);
    expect(answers.filter(({ body }) => body.code === 'shelf_full')).toHaveLength(83);
  });

  it('decides again when another writer was first', async () => {
    const { actor, id } = await shelf();
    await actor.ok(`/shelves/${id}/put`, { title: 'a' });
    // What another instance would have done behind this one's back.
    await concord.platform.context('library').database.query(
      `WITH s AS (UPDATE streams SET version = 3, published = 3, state = '{"name":"x","room":2,"books":2,"owner":"o"}' WHERE id = $1)
       INSERT INTO events (stream, version, kind, schema_version, previous, data, meta, hash) VALUES ($1, 3, 'BookPut', 1, 2, '{"title":"b"}', '{"at":"2026-01-01T00:00:00.000Z","correlation":"c"}', 'h')`,
      [id],
    );
    expect(await actor.post(`/shelves/${id}/put`, { title: 'c' })).toMatchObject({ status: 409, body: { code: 'shelf_full' } });
  });
});

describe('reading', () => {
  it('pages a list by cursor without losing or repeating anything', async () => {
    const { actor } = await shelf();
    const names = Array.from({ length: 25 }, (_, n) => `paged ${String(n).padStart(2, '0')}`);
    for (const name of names) await actor.ok('/shelves', { name, room: 1 });
    const seen: string[] = [];
    let path: string | undefined = '/shelves?q=PAGED&limit=7&count=estimate&facets=true';
    while (path) {
      const { body, headers, status } = await actor.get(path);
      expect(status).toBe(200);
      expect(body.count).toEqual({ value: 25, more: false });
      seen.push(...body.items.map(({ name }: { name: string }) => name));
      path = /<\/api\/v1([^>]+)>/u.exec(headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(names);
  });

  it('refuses a foreign cursor and an unknown parameter', async () => {
    expect((await concord.anonymous().get('/shelves?cursor=abc')).status).toBe(400);
    expect((await concord.anonymous().get('/shelves?colour=red')).body.errors[0].pointer).toBe('/colour');
  });

  it('shows history and a stream whose hashes chain', async () => {
    const { actor, id } = await shelf();
    await actor.ok(`/shelves/${id}/put`, { title: 'a' });
    const { body } = await actor.get(`/shelves/${id}/history`);
    expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(['ShelfBuilt', 'BookPut']);
    expect(body.items[0].person).toBe(actor.person);
    expect((await actor.get(`/shelves/${id}/stream`)).body.events).toHaveLength(2);
  });

  it('answers 304 to the version the reader has', async () => {
    const { actor, id } = await shelf();
    expect((await actor.get(`/shelves/${id}`, { 'if-none-match': '"1"' })).status).toBe(304);
  });
});

describe('what follows from a command', () => {
  it('reaches another context once, in order, and a projection', async () => {
    const { actor, id } = await shelf();
    await Promise.all(Array.from({ length: 30 }, (_, n) => actor.ok(`/shelves/${id}/put`, { title: `t${n}` })));
    await concord.settle();
    expect(await count('titles', 'shelf = $1', [id])).toBe(30);
    const [row] = await concord.platform
      .context('readers')
      .database.query<{ state: { welcomes: number } }>('SELECT state FROM streams WHERE id = $1', [id]);
    expect(row?.state.welcomes).toBe(30);
  });

  it('is there when the answer comes, for who asked to wait for it', async () => {
    const { actor, id } = await shelf();
    for (let n = 1; n <= 10; n += 1) {
      await actor.ok(`/shelves/${id}/put`, { title: `t${n}` }, { headers: { prefer: 'wait=5' } });
      const [row] = await concord.platform
        .context('readers')
        .database.query<{ state: { welcomes: number } }>('SELECT state FROM streams WHERE id = $1', [id]);
      expect([row?.state.welcomes, await count('titles', 'shelf = $1', [id])]).toEqual([n, n]);
    }
  });

  it('parks the object whose event cannot be handled, and only that one', async () => {
    const [bad, good] = [await shelf(), await shelf()];
    await bad.actor.ok(`/shelves/${bad.id}/put`, { title: 'poison' });
    await bad.actor.ok(`/shelves/${bad.id}/put`, { title: 'later' });
    await good.actor.ok(`/shelves/${good.id}/put`, { title: 'fine' });
    await concord.settle();
    const db = concord.platform.context('readers').database;
    expect(
      (await db.query<{ sequence: number }>('SELECT sequence FROM parked WHERE stream = $1 ORDER BY sequence', [bad.id])).map(
        ({ sequence }) => sequence,
      ),
    ).toEqual([2, 3]);
    expect(await db.query('SELECT 1 FROM streams WHERE id = $1', [good.id])).toHaveLength(1);
    expect(concord.faults.join()).toContain('on-book-put parked');
  });

  it('fires a deadline when business time passes it', async () => {
    const { actor, id } = await shelf();
    await actor.ok(`/shelves/${id}/put`, { title: 'a' });
    await concord.settle();
    await concord.moveTo('2031-01-01T00:00:00.000Z');
    const [row] = await concord.platform
      .context('readers')
      .database.query<{ state: { expired: boolean } }>('SELECT state FROM streams WHERE id = $1', [id]);
    expect(row?.state.expired).toBe(true);
  });
});

describe('a hostile body', () => {
  it.each([
    ['a key twice', '{"title":"a","title":"b"}'],
    ['__proto__', '{"title":"a","__proto__":{"x":1}}'],
    ['a lone surrogate', '{"title":"\\ud800"}'],
    ['NUL', '{"title":"a\\u0000"}'],
    ['deep JSON', `{"title":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['no JSON', '{"title":'],
    ['an array', '["a"]'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('%s gets a 4xx and changes nothing', async (_name, body) => {
    const { actor, id } = await shelf();
    const answer = await actor.post(`/shelves/${id}/put`, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body.code).toBeDefined();
    expect((await actor.get(`/shelves/${id}`)).body.version).toBe(1);
  });

  it.each([
    ['another media type', { 'content-type': 'text/plain' }, 415],
    ['a forged token', { authorization: 'Bearer a.b.c' }, 401],
    ['no bearer', { authorization: 'Basic abc' }, 401],
    ['a foreign organisation', { 'concord-organisation': '01890000-0000-7000-8000-000000000000' }, 401],
  ])('%s is turned away', async (_name, headers, status) => {
    const { actor, id } = await shelf();
    expect((await actor.post(`/shelves/${id}/put`, { title: 'x' }, { headers: headers as Record<string, string> })).status).toBe(
      status,
    );
  });

  it('an oversized body gets 413, an unknown address 404, both as problems', async () => {
    const { actor, id } = await shelf();
    expect(await actor.post(`/shelves/${id}/put`, { title: 'x'.repeat(300_000) })).toMatchObject({
      status: 413,
      body: { code: 'payload_too_large' },
    });
    expect(await actor.get('/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
