import { createClient, type Client } from '@concord/client';
import { InboxPage, NeedResource, SessionTokens } from '@concord/contracts';
import { emailOf, MEMBERS, playStory, SHARED_PASSWORD, type ActorKey, type Played } from '@concord/story';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { concord } from './command-line.js';
import { isAlive, Standalone } from './standalone.js';

// The acceptance story (domain.md section 6) against the product as it is started: one process, its own database, HTTP and sockets.

const CONTEXTS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'];
const REGISTRAR = { email: 'registrar@concord.example', password: SHARED_PASSWORD };
const SETTINGS = { CONCORD_DEMO: 'false', CONCORD_ADMIN_EMAIL: REGISTRAR.email, CONCORD_ADMIN_PASSWORD: REGISTRAR.password };

let dataDir: string;
let app: Standalone;
let story: Played;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'concord-story-'));
  app = await Standalone.start(dataDir, SETTINGS);
  story = await playStory({ baseUrl: app.url, registrar: REGISTRAR });
}, 120_000);

afterAll(async () => {
  await app?.interrupt();
  await rm(dataDir, { recursive: true, force: true });
});

async function signedIn(key: ActorKey): Promise<Client> {
  const anonymous = createClient({ baseUrl: app.url });
  const { body } = await anonymous.post('/sessions', { body: { email: emailOf(key), password: SHARED_PASSWORD } });
  return anonymous.as({ token: SessionTokens.parse(body).accessToken });
}

async function inboxOf(key: ActorKey) {
  const client = await signedIn(key);
  const first = InboxPage.parse((await client.get('/inbox', { query: { limit: 100 } })).body);
  const items = [...first.items];
  for (let { next } = first; next !== undefined;) {
    const page = InboxPage.parse((await client.get('/inbox', { query: { limit: 100, cursor: next } })).body);
    items.push(...page.items);
    ({ next } = page);
  }
  return { unread: first.unread, items };
}

interface Report {
  readonly ok: boolean;
  readonly hash: string;
  readonly checks: readonly { readonly name: string; readonly differences: number; readonly first: unknown }[];
}

/** Verifies every context: what differs, and the state hash of each. */
async function verified(): Promise<{ faults: unknown[]; hashes: Record<string, string> }> {
  const client = await signedIn('registrar');
  const faults: unknown[] = [];
  const hashes: Record<string, string> = {};
  for (const context of CONTEXTS) {
    const { body } = await client.post<Report>(`/operations/${context}/verification`, { body: {} });
    faults.push(...body.checks.filter(({ differences }) => differences > 0).map((check) => ({ context, ...check })));
    hashes[context] = body.hash;
  }
  return { faults, hashes };
}

const businessTime = async (): Promise<string> =>
  (await createClient({ baseUrl: app.url }).get<{ businessTime: string }>('/clock')).body.businessTime;

describe('the story', () => {
  it('ends with the table of the domain guide', () => {
    expect(Object.fromEntries(story.table.map(({ what, value }) => [what, value]))).toEqual({
      'L1 pledged = confirmed = delivered': 'USD 600,000',
      'L2; L3; L4 delivered': '1,540 of 1,600 h (96.25 %, gap 60); 240; 1',
      'Non-cash value': '49,500 + 30,000 + 7,000 + 43,200 = USD 129,700',
      'Received = spent + refunded': 'USD 450,000 = 438,000 + 12,000; EUR 125,000',
      Ledger: expect.stringContaining('balanced'),
      Conversion: 'Open Meadow 70 %, others 100 %; Cobalt 0 % confirmed',
      'Hash chains': expect.stringContaining('21 exported streams whole'),
      Notifications: expect.stringContaining('level with every inbox'),
    });
    expect(story.checks).toBeGreaterThan(150);
  });

  it('reached everyone concerned, each notice with its reason, over the socket and in the inbox alike', async () => {
    for (const { key, name } of MEMBERS) {
      const { unread, items } = await inboxOf(key);
      const heard = story.notifications.filter(({ person }) => person === name).map(({ item }) => item);
      const numbers = heard.map(({ item }) => item);
      expect({ name, heard: new Set(numbers).size }).toEqual({ name, heard: numbers.length });
      const since = Math.min(...numbers);
      const kept = items.filter(({ item }) => item >= since).map(({ item, event, reason }) => ({ item, event, reason }));
      expect(kept.reverse()).toEqual(heard.map(({ item, event, reason }) => ({ item, event, reason })));
      expect(unread).toBe(items.length);
    }
  }, 60_000);

  it.each([
    ['ministry', ['owner', 'decision', 'steward', 'assigned', 'signer', 'recipient']],
    ['ministry2', ['owner', 'reviewer', 'steward', 'assigned']],
    ['office', ['assigned', 'reviewer']],
    ['harbourlight', ['decision', 'signer', 'assigned', 'pledger']],
    ['lantern', ['lead', 'decision', 'recipient', 'assigned']],
    ['openMeadow', ['partner', 'pledger', 'assigned']],
    ['fieldmark', ['signer', 'reviewer']],
    ['forum', ['signer']],
    ['bluefin', ['decision', 'lead']],
  ] as const)('tells %s why: %j', async (key, reasons) => {
    const { items } = await inboxOf(key);
    expect([...new Set(items.map(({ reason }) => reason))]).toEqual(expect.arrayContaining([...reasons]));
  });

  it('leaves nothing that differs from what follows from the events', async () => {
    expect((await verified()).faults).toEqual([]);
  }, 60_000);
});

describe('concord, the command line', () => {
  it('verifies the server: 0, and every check in JSON', async () => {
    const { code, out } = await concord('verify', '--json', '--api', app.url);
    const { ok, reports } = JSON.parse(out) as { ok: boolean; reports: Report[] };
    expect({ code, ok, contexts: reports.length }).toEqual({ code: 0, ok: true, contexts: CONTEXTS.length });
  }, 30_000);

  it('exports an object and verifies it without a server; an edited copy is found: 1', async () => {
    const [whole, edited] = [join(dataDir, 'whole.json'), join(dataDir, 'edited.json')];
    expect((await concord('export', 'pledges', story.names['P1']!, '--out', whole, '--api', app.url)).code).toBe(0);
    expect(await concord('verify', '--stream', whole)).toMatchObject({ code: 0, out: expect.stringMatching(/^intact/u) });
    const text = await readFile(whole, 'utf8');
    await writeFile(edited, text.replace('budget_approved', 'budget_invented'));
    expect(await concord('verify', '--stream', edited)).toMatchObject({ code: 1, out: expect.stringContaining('NOT INTACT') });
  }, 30_000);

  it('operates: rebuilds a read model, lists what is parked, looks at the server', async () => {
    expect(await concord('rebuild', 'pledges', 'ledger', '--api', app.url)).toMatchObject({
      code: 0,
      out: expect.stringContaining('0 differences'),
    });
    expect(await concord('parked', 'list', '--api', app.url)).toMatchObject({ code: 0, out: 'Nothing is parked.\n' });
    expect((await concord('doctor', '--api', app.url)).code).toBe(0);
  }, 30_000);

  it.each([
    [1, ['verify', '--password', 'not the password']],
    [1, ['rebuild', 'pledges', 'nothing']],
    [2, ['verify', '--stream', '/nowhere/at-all.json']],
    [2, ['rebuild', 'nowhere', 'ledger']],
    [2, ['verify', '--nonsense']],
    [2, ['nonsense']],
    [3, ['doctor', '--api', 'http://127.0.0.1:9']],
    [0, ['demo', '--help']],
  ])(
    'ends with %d for %j',
    async (code, args) => {
      const api = args.includes('--api') || args.includes('nonsense') ? [] : ['--api', app.url];
      expect((await concord(...args, ...api)).code).toBe(code);
    },
    30_000,
  );
});

describe('after Ctrl-C', () => {
  let before: { time: string; hashes: Record<string, string> };
  let pids: number[];

  beforeAll(async () => {
    before = { time: await businessTime(), hashes: (await verified()).hashes };
    pids = [app.databasePid()];
    expect(await app.interrupt()).toBe(0);
  }, 60_000);

  it('no process is left', () => {
    expect(pids.map(isAlive)).toEqual([false]);
  });

  it('a second start keeps the data, and business time goes on from there', async () => {
    app = await Standalone.start(dataDir, SETTINGS);
    const need = NeedResource.parse((await createClient({ baseUrl: app.url }).get(`/needs/${story.names['need']}`)).body);
    expect(need).toMatchObject({ status: 'closed', outcome: 'partners' });
    // To the second: a log without a newer event starts again at its last one.
    expect(Date.parse(await businessTime())).toBeGreaterThan(Date.parse(before.time) - 60_000);
    const after = await verified();
    expect(after.faults).toEqual([]);
    expect(after.hashes).toEqual(before.hashes);
  }, 60_000);

  it('`concord demo` plays the story again on the same server, by other people', async () => {
    const { code, out, faults } = await concord('demo', '--half', '--json', '--api', app.url);
    expect({ code, faults }).toEqual({ code: 0, faults: '' });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const last = lines.at(-1) as { steps: number; notifications: number; names: Record<string, string> };
    expect(lines.filter((line) => 'step' in line)).toHaveLength(last.steps);
    expect(lines.filter((line) => 'notification' in line)).toHaveLength(last.notifications);
    expect(last.names['need']).not.toBe(story.names['need']);
  }, 90_000);
});
