import { connectRooms, createClient, type ApiProblem, type Client, type Membership, type Place, type Rooms } from '@concord/client';
import { SessionTokens, type CloudEvent } from '@concord/contracts';
import type { Story } from '@concord/platform';
import { emailOf, playStory, SHARED_PASSWORD, type ActorKey, type Played } from '@concord/story';
import { kafkaLacking } from '@concord/testing';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { eventually } from '../faults/eventually.js';
import { Collector } from '../infra/collector.js';
import { Cluster, clusterCommand, CONTEXTS, databaseUrlOf, holdingBack, ServiceProcess, storyIn, type Status } from './cluster.js';
import { concord, concordWith } from './command-line.js';
import { cloudEventOf, consoleConsumer } from './console-consumer.js';
import { isAlive, Standalone } from './standalone.js';

// The same story as story.e2e.spec.ts, against real services, a real Kafka and two gateways: it has to end in the same state.

const REGISTRAR = { email: 'registrar@concord.example', password: SHARED_PASSWORD };
/** Neither the test run's own database nor brokers of this machine: each composition starts its own. */
const OWN = { DATABASE_URL: '', KAFKA_BROKERS: '' };
const IDLE_MB_MAX = 120;

const lacking = await kafkaLacking();
const suite = lacking === undefined ? describe : () => it(`cannot run here: ${lacking}`, () => expect(lacking).toBeDefined());

/** Memory of a process that nobody else has, and its share of what it has with others. */
function megabytesOf(pid: number): number {
  const [, kilobytes] = /^Pss:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))!;
  return Number(kilobytes) / 1024;
}

async function standaloneStory(): Promise<Story> {
  const dataDir = await mkdtemp(join(tmpdir(), 'concord-story-'));
  const settings = { CONCORD_DEMO: 'false', CONCORD_ADMIN_EMAIL: REGISTRAR.email, CONCORD_ADMIN_PASSWORD: REGISTRAR.password };
  const app = await Standalone.start(dataDir, { ...settings, ...OWN });
  try {
    await playStory({ baseUrl: app.url, registrar: REGISTRAR });
    return await storyIn(join(dataDir, 'postgres'));
  } finally {
    await app.interrupt();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface InboxCheck {
  readonly name: string;
  readonly checked: number;
  readonly differences: number;
  readonly first: readonly { readonly what: string }[];
  readonly note?: string;
}

interface Seen {
  readonly id: string;
  readonly source: string;
}

interface Watcher {
  readonly membership: Membership;
  readonly seen: readonly Seen[];
}

/** A need in a country that has no focal point. */
const TRACED = {
  title: 'Traced from one end to the other',
  summary: 'A need whose publication is followed through every process.',
  language: 'en',
  needType: 'technical_assistance',
  country: 'FJ',
  sdgTargets: ['4.a'],
  useCase: 'Remote Learning',
  lines: [{ kind: 'funding', title: 'Line', unit: 'USD', target: 1_000, recipient: 'lead' }],
  criteria: [{ title: 'Relevance', weight: 100 }],
  intakeClosesAt: new Date(Date.now() + 1_000 * 86_400_000).toISOString(),
  validUntil: new Date(Date.now() + 1_100 * 86_400_000).toISOString(),
};

suite('the distributed composition', () => {
  let dataDir: string;
  let cluster: Cluster;
  let idle: Record<string, number>;
  let story: Played;
  const open: Rooms[] = [];
  const collector = new Collector();
  let watchers: readonly Watcher[];

  const gateways = (): readonly [string, string] => cluster.status.gateways;

  async function signedIn(key: ActorKey, baseUrl = gateways()[0]): Promise<Client> {
    const anonymous = createClient({ baseUrl, attemptsMax: 20 });
    const { body } = await anonymous.post('/sessions', { body: { email: emailOf(key), password: SHARED_PASSWORD } });
    return anonymous.as({ token: SessionTokens.parse(body).accessToken });
  }

  function roomsOf(baseUrl: string, token?: string): Rooms {
    const rooms = connectRooms({ baseUrl, ...(token === undefined ? {} : { token }) });
    open.push(rooms);
    return rooms;
  }

  /** Reads a room through one of the gateways, from a place or from now on. */
  async function watch(baseUrl: string, room: string, from: Partial<Place> = {}): Promise<Watcher> {
    const seen: Seen[] = [];
    const membership = await roomsOf(baseUrl).join(room, ({ id, source }: CloudEvent) => void seen.push({ id, source }), from);
    return { membership, seen };
  }

  /** The whole history of a room, as a gateway tells it to a newcomer who asks for all of it. */
  async function historyOf(baseUrl: string, room: string): Promise<{ epoch: string; offset: number; seen: readonly Seen[] }> {
    const { epoch, offset } = (await watch(baseUrl, room)).membership.place;
    const { seen } = await watch(baseUrl, room, { epoch, offset: 0 });
    await eventually(`the ${offset} events of ${room}`, () => Promise.resolve(seen.length >= offset));
    return { epoch, offset, seen };
  }

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'concord-cluster-'));
    cluster = await Cluster.start(dataDir, {
      ...OWN,
      CONCORD_ADMIN_EMAIL: REGISTRAR.email,
      CONCORD_ADMIN_PASSWORD: REGISTRAR.password,
      // Only what a caller asks to be traced is.
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.listen(),
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
    });
    const services = cluster.status.parts.filter(({ url, name }) => url !== undefined && !name.startsWith('kafka'));
    idle = Object.fromEntries(services.map(({ name, pid }) => [name, Math.round(megabytesOf(pid!))]));
    watchers = await Promise.all(gateways().map((base) => watch(base, 'public')));
    const contexts = services.filter(({ name }) => !name.startsWith('gateway'));
    story = await holdingBack(contexts, playStory({ baseUrl: gateways()[0], registrar: REGISTRAR }));
  }, 420_000);

  afterAll(async () => {
    for (const rooms of open) rooms.close();
    if (cluster && isAlive(cluster.status.supervisor)) await cluster.stop();
    await collector.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  }, 120_000);

  it(`starts services that idle within ${IDLE_MB_MAX} MB each`, () => {
    expect(Object.keys(idle)).toEqual(expect.arrayContaining([...CONTEXTS.slice(0, -1), 'gateway-1', 'gateway-2']));
    expect(Object.entries(idle).filter(([, megabytes]) => megabytes > IDLE_MB_MAX)).toEqual([]);
  });

  it('plays the story through a gateway to the same end as one process, though every service stood still for a while', async () => {
    expect(story.checks).toBeGreaterThan(150);
    expect(story.notifications.length).toBeGreaterThan(100);
    const [here, standalone] = [await storyIn(join(dataDir, 'postgres')), await standaloneStory()];
    // The lines first: they say which stream differs, the hash only that one does.
    expect(here.streams.filter((line) => !standalone.streams.includes(line))).toEqual([]);
    expect(here).toEqual(standalone);
  }, 300_000);

  it('leaves nothing that differs from what follows from the events', async () => {
    const { code, out } = await concord('verify', '--json', '--api', gateways()[1]);
    const { reports } = JSON.parse(out) as { reports: { context: string; checks: { differences: number }[] }[] };
    expect(reports.map(({ context }) => context)).toEqual([...CONTEXTS]);
    expect({ code, faults: reports.flatMap(({ checks }) => checks.filter(({ differences }) => differences > 0)) }).toEqual({
      code: 0,
      faults: [],
    });
    // While topics are new the bus may have to ask twice, and says so; nothing else has anything to say.
    const said = [...CONTEXTS.slice(0, -1), 'gateway-1', 'gateway-2'].flatMap((name) => cluster.logOf(name).split('\n'));
    expect(said.filter((line) => line.includes('"level":"error"') && !line.includes('"at":"bus'))).toEqual([]);
  }, 60_000);

  it('is compared with itself over the database: what any service published has taken effect at all who follow it', async () => {
    const DATABASE_URL = databaseUrlOf(join(dataDir, 'postgres'));
    const inboxes = async () => {
      const { code, out, faults } = await concordWith({ DATABASE_URL }, 'verify', '--database', '--json');
      if (out === '') throw new Error(`verify ended with ${code}: ${faults}`);
      const { reports } = JSON.parse(out) as { reports: { context: string; checks: InboxCheck[] }[] };
      return reports.map(({ context, checks }) => ({ context, ...checks.find(({ name }) => name.startsWith('inbox: '))! }));
    };
    const clean = await inboxes();
    expect(clean.map(({ context, differences, note }) => ({ context, differences, note }))).toEqual(
      CONTEXTS.map((context) => ({ context, differences: 0, note: undefined })),
    );
    expect(Math.min(...clean.map(({ checked }) => checked))).toBeGreaterThan(30);
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    try {
      const of = `consumer = 'on-need-published'`;
      const { rows } = await client.query<{ stream: string }>(`DELETE FROM pledges.inbox WHERE ${of} RETURNING stream`);
      expect(rows).toHaveLength(1);
      const torn = (await inboxes()).find(({ context }) => context === 'pledges')!;
      expect(torn.first[0]?.what).toMatch(/^NeedPublished .+ of partnerships has not taken effect and is not parked$/u);
      await client.query(
        'INSERT INTO pledges.inbox (consumer, stream, sequence) SELECT $1, stream, version FROM partnerships.events WHERE stream = $2 AND kind = $3',
        ['on-need-published', rows[0]!.stream, 'NeedPublished'],
      );
    } finally {
      await client.end();
    }
  }, 120_000);

  it('shows readers of both gateways the same rooms: every event once, at the same offsets', async () => {
    await eventually('both readers are level', () => {
      const [first, second] = watchers.map(({ membership }) => membership.place.offset);
      return Promise.resolve(first === second);
    });
    const [first, second] = watchers;
    expect(first!.seen.length).toBeGreaterThan(15);
    expect(second!.seen).toEqual(first!.seen);
    expect(second!.membership.place).toEqual(first!.membership.place);
    for (const room of [`need:${story.names['need']}`, `project:${story.names['project']}`]) {
      const [here, there] = await Promise.all(gateways().map((base) => historyOf(base, room)));
      expect(here!.seen).toHaveLength(here!.offset);
      expect(new Set(here!.seen.map(({ id, source }) => `${source} ${id}`)).size).toBe(here!.offset);
      expect(there).toEqual(here);
    }
  }, 60_000);

  it("shows well-formed CloudEvents to Kafka's own console consumer", async () => {
    const lines = await consoleConsumer(cluster.part('kafka-1').url!, 'concord.pledges');
    const events = lines.map(cloudEventOf);
    expect(events.length).toBeGreaterThan(30);
    for (const { type, source, subject, partitionkey } of events)
      expect([/^concord\.pledges\.[A-Z]\w+$/u.test(type), source, subject]).toEqual([true, '/concord/pledges', partitionkey]);
    expect(() => cloudEventOf(lines[0]!.replace('ce_source', 'ce_sauce'))).toThrow('source');
  }, 60_000);

  it('is one trace, from a request through log, relay, Kafka and a reaction to the sockets of both gateways', async () => {
    const organisation = story.names['organisation ministry']!;
    const [author, approver] = (await Promise.all([signedIn('ministry'), signedIn('ministry2')])).map((one) =>
      one.as({ organisation }),
    );
    const { body: need } = await author!.post<{ id: string }>('/needs', { body: TRACED });
    await author!.post(`/needs/${need.id}/submit`, { body: {} });
    const [traceId, callerSpan] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    const headers = { traceparent: `00-${traceId}-${callerSpan}-01` };
    const step = 'POST /needs/:id/publish';
    await approver!.post(`/needs/${need.id}/publish`, { body: {}, headers });
    const wanted = [
      ...[
        'gateway: deliver public',
        'gateway: deliver public',
        `gateway: ${step}`,
        'notifications: react notify-concerned of partnerships',
      ],
      ...[`partnerships: ${step}`, 'partnerships: decide and append', 'partnerships: publish partnerships'],
      ...['pledges: decide and append', 'pledges: publish pledges', 'pledges: react on-need-published'],
    ];
    // A span is sent some seconds after its end. One reaction may follow another: the same names may be there more often.
    await eventually('every span', async () => {
      const left = collector.namesOf(traceId);
      return wanted.every((name) => left.includes(name) && left.splice(left.indexOf(name), 1).length === 1);
    }).catch(() => expect(collector.namesOf(traceId)).toEqual(wanted.sort()));
    const spans = collector.of(traceId);
    const named = (service: string, name: string) => spans.find((span) => span.service === service && span.name === name)!;
    const parentOf = (service: string, name: string) => {
      const { parentSpanId } = named(service, name);
      const parent = spans.find(({ spanId }) => spanId === parentSpanId);
      return parent ? `${parent.service}: ${parent.name}` : parentSpanId;
    };
    expect(parentOf('gateway', step)).toBe(callerSpan);
    expect(parentOf('partnerships', step)).toBe(`gateway: ${step}`);
    for (const [service, name] of [
      ...[
        ['partnerships', 'decide and append'],
        ['partnerships', 'publish partnerships'],
      ],
      ...[
        ['pledges', 'react on-need-published'],
        ['notifications', 'react notify-concerned of partnerships'],
        ['gateway', 'deliver public'],
      ],
    ] as [string, string][])
      expect([name, parentOf(service, name)]).toEqual([name, `partnerships: ${step}`]);
    for (const name of ['decide and append', 'publish pledges'])
      expect([name, parentOf('pledges', name)]).toEqual([name, 'pledges: react on-need-published']);
    // Nobody asked for any other trace.
    expect(new Set(collector.spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  }, 180_000);

  it('has the addresses and documents of one process on every gateway', async () => {
    for (const base of gateways()) {
      const document = async (path: string) => (await fetch(base + path)).json() as Promise<unknown>;
      const kept = async (file: string) =>
        JSON.parse(await readFile(resolve(import.meta.dirname, '../../docs', file), 'utf8')) as unknown;
      expect(await document('/openapi.json')).toEqual(await kept('openapi.json'));
      expect(await document('/asyncapi.json')).toEqual(await kept('asyncapi.json'));
      expect(await document('/.well-known/jwks.json')).toMatchObject({ keys: [{ kty: 'OKP' }] });
      expect(await document('/livez')).toEqual({ status: 'ok' });
      expect(await document('/readyz')).toMatchObject({ status: 'ok', version: '0.1.0' });
      expect(await (await fetch(`${base}/metrics`)).text()).toContain('concord_relay_age_seconds');
      const page = await fetch(`${base}/`);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
      for (const path of ['/api/v1/nothing', '/development/clock', '/api/v1/needs/x/y/z']) {
        const { status, headers } = await fetch(base + path);
        expect([path, status, headers.get('content-type')]).toEqual([
          path,
          404,
          expect.stringContaining('application/problem+json'),
        ]);
      }
    }
  });

  it('tells every gateway that a right was lost: whoever listens on the other one is put out', async () => {
    const [here, there] = gateways();
    const organisation = story.names['organisation ministry']!;
    const admin = (await signedIn('ministry', here)).as({ organisation });
    const anonymous = createClient({ baseUrl: there });
    const { body } = await anonymous.post('/sessions', { body: { email: emailOf('ministry2'), password: SHARED_PASSWORD } });
    const { accessToken: token, personId } = SessionTokens.parse(body);
    const leaver = anonymous.as({ token, organisation });
    expect((await leaver.get('/me')).status).toBe(200);
    const lost: string[] = [];
    const rooms = roomsOf(there, token);
    await rooms.join(`organisation:${organisation}`, () => undefined, { onDenied: (reason) => void lost.push(reason) });
    await admin.post(`/organisations/${organisation}/remove-member`, { body: { personId } });
    await eventually('the reader is put out', () => Promise.resolve(lost.length > 0));
    expect(lost).toEqual(['revoked']);
    await expect(rooms.join(`organisation:${organisation}`, () => undefined)).rejects.toThrow('forbidden');
    const status = (): Promise<number> =>
      leaver.get('/me').then(
        (answer) => answer.status,
        (error: ApiProblem) => error.status,
      );
    await eventually('the API refuses too', async () => (await status()) === 401);
  }, 60_000);

  it('answers 503 while a service is away, the others go on, and what was asked meanwhile is done once', async () => {
    const away = await cluster.run('kill', 'partnerships');
    expect(away.parts.find(({ name }) => name === 'partnerships')).toMatchObject({ alive: false });
    const response = await fetch(`${gateways()[1]}/api/v1/needs`);
    expect({
      status: response.status,
      type: response.headers.get('content-type'),
      again: response.headers.get('retry-after'),
    }).toEqual({
      status: 503,
      type: expect.stringContaining('application/problem+json'),
      again: '1',
    });
    expect(await response.json()).toMatchObject({ code: 'unavailable', correlationId: response.headers.get('x-correlation-id') });
    expect((await fetch(`${gateways()[0]}/api/v1/organisations`)).status).toBe(200);
    expect((await clusterCommand(['status', '--data', dataDir, '--json'])).code).toBe(1);

    const organisation = story.names['organisation ministry']!;
    const ministry = (await signedIn('ministry')).as({ organisation });
    const asked = ministry.post<{ id: string }>('/needs', { body: { title: 'Wells for two schools', language: 'en' } });
    await cluster.run('start', 'partnerships');
    const { body } = await asked;
    expect((await ministry.get(`/needs/${body.id}`)).status).toBe(200);
  }, 120_000);

  it('has no way to move business time in production, and a second instance beside the first', async () => {
    const settings = {
      CONCORD_ENV: 'production',
      DATABASE_URL: databaseUrlOf(join(dataDir, 'postgres')),
      KAFKA_BROKERS: cluster.part('kafka-1').url!,
      KAFKA_REPLICATION: '1',
      CONCORD_SERVICES: CONTEXTS.slice(0, -1)
        .map((name) => `${name}=${cluster.part(name).url}`)
        .join(','),
    };
    const [second, door] = [ServiceProcess.start('notifications', settings), ServiceProcess.start('gateway', settings)];
    const [secondUrl, doorUrl] = await Promise.all([second.url(), door.url()]);
    const statuses = await Promise.all(
      [
        [cluster.part('notifications').url, '/development/clock'],
        [gateways()[0], '/api/v1/clock'],
        [secondUrl, '/development/clock'],
        [secondUrl, '/development/settlement'],
        [doorUrl, '/api/v1/clock'],
        [doorUrl, '/development/clock'],
      ].map(async ([base, path]) => (await fetch(`${base}${path}`)).status),
    );
    expect(statuses).toEqual([200, 200, 404, 404, 404, 404]);
    // Three instances of the gateway share one role; the first two still reach the database after the third has come.
    for (const base of [...gateways(), doorUrl]) expect((await fetch(`${base}/api/v1/checkpoints/gateway`)).status).toBe(200);
    expect(await Promise.all([second.terminate(), door.terminate()])).toEqual([0, 0]);
    await expect(ServiceProcess.start('pledges', { DATABASE_URL: 'mysql://x' }).url()).rejects.toThrow(
      /ended with 2:[^]*DATABASE_URL: [^]*KAFKA_BROKERS: /u,
    );
  }, 60_000);

  it('stops without leaving anything, and its data stays', async () => {
    const before = JSON.parse((await clusterCommand(['status', '--data', dataDir, '--json'])).out) as Status;
    const pids = [before.supervisor, ...before.parts.flatMap(({ pid }) => pid ?? [])];
    expect(pids.length).toBeGreaterThanOrEqual(10);
    await cluster.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(join(dataDir, 'cluster.json'))).toBe(false);
    expect(existsSync(join(dataDir, 'postgres/cluster'))).toBe(true);
    expect((await clusterCommand(['status', '--data', dataDir])).code).toBe(3);
  }, 120_000);
});
