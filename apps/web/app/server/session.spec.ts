import { ApiProblem, type Client } from '@concord/client';
import { cookie, readCookies } from './cookies.server.js';
import { foreignRequest } from './origin.server.js';
import { Refreshing, Seal, type Session } from './session.server.js';

const SESSION: Session = {
  id: 's',
  personId: 'p',
  name: 'Amina',
  platformRoles: [],
  accessToken: 'access-1',
  accessExpiresAt: '2030-01-01T00:10:00.000Z',
  refreshToken: 'refresh-1',
  refreshExpiresAt: '2030-02-01T00:00:00.000Z',
};
const at = (time: string) => Date.parse(`2030-01-01T${time}Z`);

/** An API whose refresh token works once, as the real one's. */
function api() {
  const used = new Set<string>();
  let calls = 0;
  const client = {
    post: async (_path: string, { body }: { body: { refreshToken: string } }) => {
      calls += 1;
      if (used.has(body.refreshToken))
        throw new ApiProblem(401, 'invalid_token', 'ended', { type: '', title: '', errors: [], details: {} });
      used.add(body.refreshToken);
      const tokens = { accessToken: `access-${calls + 1}`, refreshToken: `refresh-${calls + 1}` };
      return { body: { ...tokens, accessExpiresAt: '2030-01-01T00:20:00.000Z', refreshExpiresAt: '2030-02-01T00:10:00.000Z' } };
    },
  } as unknown as Client;
  return { client, calls: () => calls };
}

describe('the seal', () => {
  const seal = new Seal('a secret of at least 32 characters');

  it('gives back what it closed, and hides it', async () => {
    const closed = await seal.close('concord_session', SESSION);
    expect(closed).not.toContain('access');
    expect(Buffer.from(closed.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain('refresh-1');
    expect(await seal.open('concord_session', closed)).toEqual(SESSION);
  });

  it('opens nothing that is changed, of another name, of another secret, or nonsense', async () => {
    const closed = await seal.close('concord_session', SESSION);
    const changed = `${closed.slice(0, -3)}${closed.endsWith('AAA') ? 'BBB' : 'AAA'}`;
    const found = await Promise.all([
      seal.open('concord_session', changed),
      seal.open('concord_acting', closed),
      new Seal('another secret of at least 32 chars').open('concord_session', closed),
      seal.open('concord_session', 'nonsense'),
      seal.open('concord_session', undefined),
    ]);
    expect(found).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('stays below what a browser keeps', async () => {
    const long = { ...SESSION, accessToken: 'x'.repeat(600), name: 'م'.repeat(100) };
    expect((await seal.close('concord_session', long)).length).toBeLessThan(4000);
  });
});

describe('a session', () => {
  it('goes on as it is while its token is good', async () => {
    const { client, calls } = api();
    expect(await new Refreshing().fresh(SESSION, client, at('00:08:00'))).toBe(SESSION);
    expect(calls()).toBe(0);
  });

  it('is refreshed once for requests at the same time, and for one that still comes with the old cookie', async () => {
    const { client, calls } = api();
    const refreshing = new Refreshing();
    const [one, two] = await Promise.all([1, 2].map(() => refreshing.fresh(SESSION, client, at('00:09:30'))));
    const late = await refreshing.fresh(SESSION, client, at('00:12:00'));
    expect(calls()).toBe(1);
    expect(one).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2', name: 'Amina' });
    expect([two, late]).toEqual([one, one]);
  });

  it('is over when the API says so', async () => {
    const { client } = api();
    await new Refreshing().fresh(SESSION, client, at('00:09:30'));
    expect(await new Refreshing().fresh(SESSION, client, at('00:09:40'))).toBeUndefined();
  });

  it('tries again after an answer that never came', async () => {
    const { client } = api();
    const refreshing = new Refreshing();
    const lost = { post: () => Promise.reject(new Error('lost')) } as unknown as Client;
    await expect(refreshing.fresh(SESSION, lost, at('00:09:30'))).rejects.toThrow('lost');
    expect(await refreshing.fresh(SESSION, client, at('00:09:31'))).toMatchObject({ accessToken: 'access-2' });
  });
});

describe('a request that changes something', () => {
  const sent = (headers: Record<string, string>, method = 'POST') =>
    foreignRequest({
      method,
      url: 'https://concord.example/en',
      headers: new Headers({ host: 'concord.example', ...headers }),
    } as Request);

  it.each([
    [{ 'sec-fetch-site': 'same-origin' }],
    [{ origin: 'https://concord.example' }],
    [{ origin: 'https://site.example', 'x-forwarded-host': 'site.example' }],
  ])('is taken with %j', (headers) => {
    expect(sent(headers)).toBeUndefined();
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://concord.example' }],
    [{ 'sec-fetch-site': 'same-site' }],
    [{ 'sec-fetch-site': 'none' }],
    [{ origin: 'https://elsewhere.example' }],
    [{ origin: 'null' }],
    [{}],
  ])('is refused with %j', (headers) => {
    expect(sent(headers as Record<string, string>)).toEqual(expect.any(String));
  });

  it('may come from anywhere when it only reads', () => {
    expect(sent({ 'sec-fetch-site': 'cross-site' }, 'GET')).toBeUndefined();
  });
});

describe('cookies', () => {
  it('are read by name', () => {
    expect([...readCookies('a=1; b=x=y;c')]).toEqual([
      ['a', '1'],
      ['b', 'x=y'],
    ]);
    expect(readCookies(null).size).toBe(0);
  });

  it('are hidden from scripts and from foreign forms', () => {
    expect(cookie('a', '1', { secure: true, maxAgeS: 5.9 })).toBe('a=1; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=5');
    expect(cookie('a', '1', { secure: false })).toBe('a=1; Path=/; HttpOnly; SameSite=Lax');
  });
});
