import { standingChanges } from '@concord/access';
import { AdjustableClock, Platform, provision, type HttpServer } from '@concord/platform';
import { Actor, testDatabase } from '@concord/testing';
import { createLocalJWKSet, decodeProtectedHeader, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from 'jose';
import { directory, directoryWith } from './index.js';

const PASSWORD = 'harbour lantern meadow';
const ADMINISTRATOR = { name: 'First Registrar', email: 'Registrar@Concord.example', password: PASSWORD };

let platform: Platform;
let http: HttpServer;
let url: string;
let drop: () => Promise<void>;
const faults: string[] = [];

beforeAll(async () => {
  const database = await testDatabase();
  drop = database.drop;
  platform = await Platform.start({
    services: [directoryWith({ administrator: ADMINISTRATOR })],
    accesses: await provision(database.url, ['directory']),
    clock: new AdjustableClock(),
    standingChanges,
    version: 'spec',
    rateLimit: { perSecond: 1e6, burst: 1e6 },
    failed: (where, error) => void faults.push(`${where}: ${String(error)}`),
  });
  http = await platform.http();
  url = `http://127.0.0.1:${await http.listen(0, '127.0.0.1')}`;
}, 30_000);

afterAll(async () => {
  await http.close();
  await platform.stop();
  await drop();
  expect(faults).toEqual([]);
});

const anonymous = () => new Actor(url, '', undefined, undefined);
const bearer = (token: string, organisation?: string) => new Actor(url, '', organisation, token);
const db = () => platform.context('directory').database;
const signIn = (email: string, password = PASSWORD) => anonymous().post('/sessions', { email, password });
const refresh = (refreshToken: string) => anonymous().post('/sessions/refresh', { refreshToken });
const me = (token: string) => bearer(token).get('/me');

let people = 0;

/** A new person's address and first session. */
async function newPerson() {
  people += 1;
  const email = `person-${people}@concord.example`;
  await anonymous().ok('/people', { name: 'Amina Phiri', email, password: PASSWORD });
  const { body } = await anonymous().ok('/sessions', { email, password: PASSWORD });
  return { email, session: body as Record<'sessionId' | 'personId' | 'accessToken' | 'refreshToken', string> };
}

describe('registration', () => {
  it('refuses weak passwords, taken addresses and other fields', async () => {
    const register = (body: unknown) => anonymous().post('/people', body);
    const { email } = await newPerson();
    expect((await register({ name: 'A', email: 'a@concord.example', password: 'password123' })).body.code).toBe('weak_password');
    expect((await register({ name: 'A', email: email.toUpperCase(), password: PASSWORD })).body.code).toBe('email_taken');
    expect((await register({ name: 'A', email: 'a b@concord.example', password: PASSWORD })).status).toBe(400);
    expect(
      (await register({ name: 'A', email: 'a@concord.example', password: PASSWORD, platformRoles: ['registrar'] })).status,
    ).toBe(400);
  });

  it('keeps names, addresses, passwords and tokens out of events, states and answers that are kept', async () => {
    const { email, session } = await newPerson();
    const rows = await db().query<{ text: string }>(
      `SELECT string_agg(t, ' ') AS text FROM (SELECT data::text || meta::text AS t FROM events UNION ALL SELECT state::text FROM streams UNION ALL SELECT body FROM requests) all_of_it`,
    );
    const [credentials] = await db().query<{ password_hash: string }>('SELECT password_hash FROM credentials WHERE email = $1', [
      email,
    ]);
    expect(credentials?.password_hash).toMatch(/^\$argon2id\$/u);
    for (const secret of ['Amina', email, PASSWORD, session.refreshToken, session.accessToken])
      expect(rows[0]?.text).not.toContain(secret);
    const [kept] = await db().query<{ text: string }>("SELECT string_agg(r::text, ' ') AS text FROM refresh_tokens r");
    expect(kept?.text).not.toContain(session.refreshToken);
  });
});

describe('signing in', () => {
  it('gives an access token that the published key verifies, for ten minutes', async () => {
    const { session } = await newPerson();
    const { body: jwks, headers } = await anonymous().get('/jwks');
    expect(headers.get('cache-control')).toContain('max-age');
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    const { payload, protectedHeader } = await jwtVerify(session.accessToken, createLocalJWKSet(jwks), {
      issuer: 'concord',
      audience: 'concord-api',
      algorithms: ['EdDSA'],
    });
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: jwks.keys[0].kid });
    expect(payload).toMatchObject({ sub: session.personId, sid: session.sessionId });
    expect(payload.exp! - payload.iat!).toBe(600);
    expect((await me(session.accessToken)).body.name).toBe('Amina Phiri');
  });

  it('answers a wrong password and an unknown account alike', async () => {
    const { email } = await newPerson();
    const [wrong, unknown] = await Promise.all([signIn(email, 'not the password'), signIn('nobody@concord.example')]);
    const seen = ({ status, body }: typeof wrong) => ({ status, ...body, correlationId: '' });
    expect(seen(wrong)).toEqual(seen(unknown));
    expect(wrong).toMatchObject({ status: 401, body: { code: 'invalid_credentials' } });
  });

  it('throttles guessing one account, also in parallel and when the right password comes last', async () => {
    const { email } = await newPerson();
    const guesses = await Promise.all(Array.from({ length: 26 }, () => signIn(email, 'not the password')));
    const statuses = guesses.map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(6);
    const { status, body, headers } = await signIn(email);
    expect({ status, code: body.code }).toEqual({ status: 429, code: 'throttled' });
    expect(body.details.retryAfterSeconds).toBeGreaterThan(0);
    expect(headers.get('retry-after')).not.toBeNull();
  });

  it('does not count what turned out well', async () => {
    const { email } = await newPerson();
    for (let n = 0; n < 22; n += 1) expect((await signIn(email)).status).toBe(201);
  }, 20_000);

  it('takes no forged token', async () => {
    const { session } = await newPerson();
    const { kid } = decodeProtectedHeader(session.accessToken);
    const claims = { sub: session.personId, sid: session.sessionId, iss: 'concord', aud: 'concord-api' };
    const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
    const sign = (header: Record<string, unknown>) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', ...header })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey);
    const [head, , signature] = session.accessToken.split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody', exp: 4e9 })).toString('base64url');
    const forged = [
      await sign({ kid }),
      await sign({ kid: '../../etc/passwd' }),
      await sign({}),
      new UnsecuredJWT(claims).setExpirationTime('5m').encode(),
      `${head}.${other}.${signature}`,
      'concord_nothing',
    ];
    for (const token of forged) expect((await me(token)).status).toBe(401);
  });
});

describe('a session', () => {
  it('goes on with a refresh token, once', async () => {
    const { session } = await newPerson();
    const next = await refresh(session.refreshToken);
    expect(next).toMatchObject({ status: 200, body: { sessionId: session.sessionId, personId: session.personId } });
    expect(next.body.refreshToken).not.toBe(session.refreshToken);
    expect((await me(next.body.accessToken)).status).toBe(200);
  });

  it('ends as a whole when a used refresh token comes again', async () => {
    const { session } = await newPerson();
    const next = await refresh(session.refreshToken);
    expect(await refresh(session.refreshToken)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    await platform.settled();
    expect((await refresh(next.body.refreshToken)).status).toBe(401);
    expect((await me(session.accessToken)).status).toBe(401);
    expect((await me(next.body.accessToken)).status).toBe(401);
    const events = await db().query<{ kind: string; data: unknown }>(
      'SELECT kind, data FROM events WHERE stream = $1 ORDER BY version',
      [session.personId],
    );
    expect(events.at(-1)).toEqual({ kind: 'SessionsEnded', data: { sessionIds: [session.sessionId] } });
  });

  it('gives one successor to a token used twice at the same time', async () => {
    const { session } = await newPerson();
    const both = await Promise.all([refresh(session.refreshToken), refresh(session.refreshToken)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it('ends on signing out, and only by its person', async () => {
    const [mine, other] = [await newPerson(), await newPerson()];
    const end = (token: string) => bearer(token).post(`/sessions/${mine.session.sessionId}/end`);
    expect((await end(other.session.accessToken)).status).toBe(404);
    expect((await bearer(mine.session.accessToken).get('/sessions')).body.items).toMatchObject([{ id: mine.session.sessionId }]);
    expect((await end(mine.session.accessToken)).status).toBe(200);
    await platform.settled();
    expect((await me(mine.session.accessToken)).status).toBe(401);
    expect((await refresh(mine.session.refreshToken)).status).toBe(401);
    expect((await me(other.session.accessToken)).status).toBe(200);
  });

  it('ends with every other one when the password changes', async () => {
    const { email, session } = await newPerson();
    const second = (await signIn(email)).body;
    const change = (current: string, next: string) => bearer(session.accessToken).post('/me/change-password', { current, next });
    expect((await change('not the password', 'seven quiet rivers')).body.code).toBe('invalid_credentials');
    expect((await change(PASSWORD, 'password123')).body.code).toBe('weak_password');
    expect((await change(PASSWORD, 'seven quiet rivers')).status).toBe(200);
    await platform.settled();
    expect((await me(second.accessToken)).status).toBe(401);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email, 'seven quiet rivers')).status).toBe(201);
  });
});

describe('an API token', () => {
  it('acts for one organisation within its scopes until it is revoked', async () => {
    const { session } = await newPerson();
    const person = bearer(session.accessToken);
    const ours = (await person.ok('/organisations', { name: 'Ours', type: '22' })).body.id;
    const theirs = (await person.ok('/organisations', { name: 'Theirs', type: '22' })).body.id;
    await platform.settled();
    const issued = await person.ok('/tokens', { name: 'Nightly import', organisationId: ours, scopes: ['read', 'write'] });
    const readOnly = await person.ok('/tokens', { name: 'Report', organisationId: ours, scopes: ['read'], expiresInDays: 1 });
    await platform.settled();
    const { token, id, lastFour } = issued.body;
    const organisation = await anonymous().get(`/organisations/${ours}`);
    const revised = await bearer(token).patch(`/organisations/${ours}`, { acronym: 'OU' }, organisation.etag!);
    expect(revised).toMatchObject({ status: 200, body: { acronym: 'OU' } });
    expect((await bearer(token).patch(`/organisations/${theirs}`, { acronym: 'TH' }, '"2"')).status).toBe(403);
    expect((await bearer(token, theirs).get(`/organisations/${ours}`)).status).toBe(401);
    expect((await bearer(readOnly.body.token).patch(`/organisations/${ours}`, { acronym: 'X' }, revised.etag!)).body.code).toBe(
      'scope_missing',
    );
    const stronger: [string, object][] = [
      ['/tokens', { name: 'More', organisationId: ours, scopes: ['read'] }],
      [`/organisations/${ours}/invite`, { email: 'x@concord.example', roles: ['admin'] }],
      [`/sessions/${session.sessionId}/end`, {}],
    ];
    for (const [path, body] of stronger) expect((await bearer(token).post(path, body)).status).toBe(403);

    const listed = (await person.get('/tokens')).body.items;
    expect(listed).toMatchObject([{ name: 'Report' }, { id, name: 'Nightly import', lastFour: token.slice(-4), revoked: false }]);
    expect(lastFour).toBe(token.slice(-4));
    expect(JSON.stringify(listed)).not.toContain(token);
    await person.ok(`/tokens/${id}/revoke`);
    await platform.settled();
    expect((await bearer(token).get(`/organisations/${ours}`)).status).toBe(401);
    expect((await person.get('/tokens')).body.items[1]).toMatchObject({ id, revoked: true });
  });
});

describe('platform roles', () => {
  it('come from a registrar, never from oneself', async () => {
    const first = (await signIn('registrar@concord.example')).body;
    const { session } = await newPerson();
    const set = (token: string, id: string, roles: string[]) => bearer(token).post(`/people/${id}/set-platform-roles`, { roles });
    expect((await set(session.accessToken, session.personId, ['registrar'])).status).toBe(403);
    expect((await set(first.accessToken, first.personId, [])).body.code).toBe('same_person');
    expect((await set(first.accessToken, session.personId, ['trust_officer'])).body).toEqual({
      id: session.personId,
      platformRoles: ['trust_officer'],
    });
    expect((await set(first.accessToken, session.sessionId, ['trust_officer'])).status).toBe(404);
    expect((await me(session.accessToken)).body.platformRoles).toEqual(['trust_officer']);
  });
});

describe('a start', () => {
  it('makes the key and the administrator once', async () => {
    const context = platform.context('directory');
    const tools = { db: context.database, realTimeMs: Date.now(), execute: context.execute.bind(context) };
    const count = async () =>
      (
        await db().query(
          'SELECT (SELECT count(*)::int FROM signing_keys) AS keys, (SELECT count(*)::int FROM credentials) AS people',
        )
      )[0];
    const before = await count();
    await directoryWith({ administrator: ADMINISTRATOR }).start?.(tools);
    expect(await count()).toEqual(before);
  });

  it('replaces an old key and retires it when the new one is known', async () => {
    const { session } = await newPerson();
    const context = platform.context('directory');
    const start = (days: number) =>
      directory.start?.({
        db: context.database,
        realTimeMs: Date.now() + days * 86_400_000,
        execute: context.execute.bind(context),
      });
    const kids = async () => (await anonymous().get('/jwks')).body.keys.map(({ kid }: { kid: string }) => kid);
    const [old] = await kids();
    await start(91);
    expect(await kids()).toHaveLength(2);
    expect((await me(session.accessToken)).status).toBe(200);
    await start(92);
    await platform.settled();
    expect(await kids()).not.toContain(old);
    expect((await me(session.accessToken)).status).toBe(401);
    expect(await db().query('SELECT private_jwk FROM signing_keys WHERE kid = $1', [old])).toEqual([{ private_jwk: {} }]);
  });
});
