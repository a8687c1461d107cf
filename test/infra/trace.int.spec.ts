import { connectRooms, type Rooms } from '@concord/client';
import { gateway, Realtime } from '@concord/gateway';
import { defineEvent } from '@concord/kernel';
import { defineReaction, defineService, startTracing, uuidv7, type Tracing } from '@concord/platform';
import { library, Reader, readers, ReaderWelcomed, startConcord, type TestConcord } from '@concord/testing';
import { z } from 'zod';
import { Collector } from './collector.js';

// One trace from a request through the log, the bus and a reaction to the socket, as a collector receives it.

/** The library under a name that the gateway follows, and its books under a kind that goes into the public room. */
const NeedPublished = defineEvent('NeedPublished', z.strictObject({ title: z.string() }));
const partnerships = defineService({
  ...library,
  name: 'partnerships',
  published: (event) => (event.kind === 'BookPut' ? NeedPublished(event.data as { title: string }) : undefined),
  publishes: [NeedPublished],
});
const pledges = defineService({
  ...readers,
  name: 'pledges',
  reactions: [
    defineReaction({
      name: 'on-need-published',
      from: 'partnerships',
      on: NeedPublished,
      decide: ({ event, append }) => append(Reader, event.subject, ReaderWelcomed({ shelf: event.subject })),
    }),
  ],
});

const collector = new Collector();
let concord: TestConcord;
let realtime: Realtime;
let rooms: Rooms;
let tracing: Tracing;

beforeAll(async () => {
  tracing = await startTracing({ service: 'spec', version: '1', endpoint: await collector.listen() });
  concord = await startConcord({ services: [partnerships, pledges, gateway], sources: { stewardship: [], notifications: [] } });
  const { database: db, authenticator } = concord.platform.context('gateway');
  realtime = new Realtime({
    server: concord.http.server,
    db,
    authenticate: async (token) => authenticator.authenticate(token, undefined).catch(() => undefined),
    isMember: async (person, organisation) => (await authenticator.roles(person, organisation)).length > 0,
    origins: [],
  });
  rooms = connectRooms({ baseUrl: concord.url });
});
afterAll(async () => {
  rooms.close();
  await realtime.close();
  await concord.stop();
  await tracing.stop();
  await collector.close();
});

it('is one trace of the caller, from the request to the socket', async () => {
  const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const actor = await concord.actor({ organisation: uuidv7() });
  const { body } = await actor.ok('/shelves', { name: `shelf ${uuidv7()}`, room: 10 });
  let arrived!: () => void;
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  await rooms.join('public', ({ data }) => (data as { title?: string }).title === 'traced' && arrived());
  await actor.ok(`/shelves/${body.id}/put`, { title: 'traced' }, { headers: { traceparent: `00-${traceId}-${spanId}-01` } });
  await concord.settle();
  await realtime.settled();
  await arrival;
  await tracing.flush();
  expect(collector.namesOf(traceId)).toEqual([
    'spec: POST /shelves/:id/put',
    'spec: decide and append',
    'spec: decide and append',
    'spec: deliver public',
    'spec: publish partnerships',
    'spec: publish partnerships',
    'spec: publish pledges',
    'spec: react on-need-published',
  ]);
  const named = (name: string) => collector.spans.find((span) => span.traceId === traceId && span.name === name)!;
  expect(named('POST /shelves/:id/put').parentSpanId).toBe(spanId);
  expect(named('react on-need-published').parentSpanId).toBe(named('POST /shelves/:id/put').spanId);
  expect(named('deliver public').parentSpanId).toBe(named('POST /shelves/:id/put').spanId);
  const [stored] = await concord.platform
    .context('pledges')
    .database.query<{ traceparent: string }>(`SELECT meta->>'traceparent' AS traceparent FROM events WHERE stream = $1`, [body.id]);
  expect(stored!.traceparent).toContain(`${traceId}-${named('react on-need-published').spanId}`);
});

it('begins a trace of its own where the caller has none, and marks a refusal without calling it a fault', async () => {
  const actor = await concord.actor({ organisation: uuidv7() });
  const { body } = await actor.ok('/shelves', { name: `shelf ${uuidv7()}`, room: 1 });
  await actor.ok(`/shelves/${body.id}/put`, { title: 'one' });
  await actor.post(`/shelves/${body.id}/put`, { title: 'two' });
  await concord.settle();
  await tracing.flush();
  const requests = collector.spans.filter(({ name }) => name === 'POST /shelves/:id/put');
  const statuses = requests.map(
    ({ attributes }) => attributes.find(({ key }) => key === 'http.response.status_code')!.value['intValue'],
  );
  expect(statuses.slice(-2)).toEqual([200, 409]);
  expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(requests.length);
});
