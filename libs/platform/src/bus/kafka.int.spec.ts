import { defineAggregate, defineEvent } from '@concord/kernel';
import {
  BusTrial,
  busSuite,
  Hearing,
  JarFilled,
  JarOpened,
  JarShaken,
  kafkaLacking,
  signal,
  startTestKafka,
  testDatabase,
  type BusSurroundings,
  type TestDatabase,
  type TestKafka,
} from '@concord/testing';
import { CloudEvent, Kafka as CloudEventsKafka, type KafkaMessage as CloudEventsMessage } from 'cloudevents';
import { Kafka, logLevel, Partitioners, type Message, type Producer } from 'kafkajs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { z } from 'zod';
import { AdjustableClock, uuidv7 } from '../clock.js';
import { Context } from '../context/context.js';
import { provision } from '../database/provision.js';
import { until } from '../postgres/until.js';
import { defineService } from '../service/definitions.js';
import { defineReaction } from '../service/listening.js';
import type { PublicEvent } from '../service/public-event.js';
import type { Step } from './bus.js';
import { toMessage } from './kafka-message.js';
import { KafkaBus, type KafkaBusOptions } from './kafka.js';

/** The class behind a kafkajs consumer: specs make it behave as it is known to in the wild. */
const ConsumerGroup = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup.js') as {
  readonly prototype: { fetch(nodeId: string): Promise<unknown[]> };
};

const WAIT_MS_MAX = 60_000;
/** The shortest session a broker allows, so that one that died is missed soon. */
const SHORT = { sessionMs: 6_000 };
const TOPICS = { partitions: 3, replication: 1, retentionMs: 3_600_000 };

let kafka: TestKafka;
let client: Kafka;

/** Waits for a condition; the status at the end is in the error. */
async function eventually(what: string, check: () => unknown, status: () => unknown = () => ''): Promise<void> {
  if (await until(WAIT_MS_MAX, async () => Boolean(await check()))) return;
  throw new Error(`${what} did not come true in ${WAIT_MS_MAX / 1_000} s; last status: ${JSON.stringify(await status())}`);
}

const busOf = ({ sources, namespace, failed }: BusSurroundings, more: Partial<KafkaBusOptions> = {}): KafkaBus =>
  new KafkaBus({ brokers: kafka.addresses, clientId: 'spec', sources, namespace, topics: TOPICS, times: SHORT, failed, ...more });

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);

function specs(): void {
  beforeAll(async () => {
    kafka = await startTestKafka();
    client = new Kafka({ brokers: [...kafka.addresses], clientId: 'spec', logLevel: logLevel.NOTHING });
  });
  afterAll(() => kafka.stop());

  busSuite('kafka', (surroundings) => busOf(surroundings));

  describe('the bus kafka, in trouble', () => {
    let trial: BusTrial;
    let surroundings: BusSurroundings;
    let options: Partial<KafkaBusOptions>;
    const others: KafkaBus[] = [];
    const topic = (): string => `${surroundings.namespace}.larder`;
    /** A second process that listens in the same group; it has no log of its own. */
    const another = async (hearing: Hearing): Promise<KafkaBus> => {
      const bus = busOf({ ...surroundings, sources: new Map() });
      bus.subscribe(hearing);
      others.push(bus);
      await bus.start();
      return bus;
    };

    beforeEach(async () => {
      options = {};
      trial = await BusTrial.open((given) => busOf((surroundings = given), options));
    });
    afterEach(async () => {
      await Promise.all(others.splice(0).map((bus) => bus.stop()));
      await trial.close();
    });

    it('loses nothing and keeps the order when the broker is killed and comes back while events are published', async () => {
      const hearing = new Hearing('first');
      const bus = await trial.start(hearing);
      const subjects = await trial.fill(5, 3);
      await eventually('the first event', () => hearing.handled.length > 0);
      kafka.brokers[0]!.kill('SIGKILL');
      await kafka.brokers[0]!.exited;
      for (let n = 4; n <= 12; n += 1) for (const subject of subjects) await trial.append(subject, [JarFilled({ n, notes: [] })]);
      await eventually('the relay to fall behind', () => bus.ageMs() > 0);
      await kafka.brokers[0]!.start();
      await eventually(
        'every event',
        () => subjects.every((subject) => hearing.sequences(subject).length === 12),
        () => subjects.map((subject) => hearing.sequences(subject).length),
      );
      for (const subject of subjects) expect(hearing.sequences(subject)).toEqual(upTo(12));
      await bus.settled();
    });

    it('tells a listener that minds the order of every event, also of those it does not want', async () => {
      const steps: Step[] = [];
      const asked = {
        group: 'minding',
        from: 'larder',
        kinds: ['JarTasted'],
        handle: () => Promise.reject(new Error('not asked')),
      };
      const follow = async (given: readonly Step[]): Promise<void> => void steps.push(...given);
      const bus = await trial.start({ ...asked, follow });
      const subject = uuidv7();
      await trial.append(subject, [JarFilled({ n: 1, notes: [] }), JarShaken({}), JarOpened({ n: 2, by: 'b' })]);
      await bus.settled();
      const tasted = expect.objectContaining({ sequence: 3, data: { n: 2 } }) as PublicEvent;
      expect(steps).toEqual([
        { type: 'concord.larder.JarFilled', subject, sequence: 1, previous: 0 },
        { type: 'concord.larder.JarTasted', subject, sequence: 3, previous: 1, event: tasted },
      ]);
      expect(trial.faults).toEqual([]);
    });

    it('starts without its broker, says which it misses, and recovers alone', async () => {
      kafka.brokers[0]!.kill('SIGKILL');
      await kafka.brokers[0]!.exited;
      const hearing = new Hearing('first');
      const starting = trial.start(hearing);
      const [subject = ''] = await trial.fill(1, 3);
      await eventually('a report', () => trial.faults.length > 0);
      expect(String(trial.faults[0])).toMatch(new RegExp(`failed on Kafka at ${kafka.addresses[0]}.+KAFKA_BROKERS`, 'u'));
      await kafka.brokers[0]!.start();
      const bus = await starting;
      await eventually('every event', () => hearing.sequences(subject).length === 3);
      do await bus.settled();
      while (bus.ageMs() > 0);
    });

    it('says so when something else answers at the address of its broker', async () => {
      const server = createServer((socket) =>
        socket
          .on('error', () => undefined)
          .resume()
          .end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      );
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const faults: string[] = [];
      const given = { sources: new Map(), namespace: 'elsewhere', failed: (error: unknown) => void faults.push(String(error)) };
      const bus = busOf(given, { brokers: [address] });
      bus.subscribe(new Hearing('first'));
      const starting = bus.start();
      try {
        await eventually('a report', () => faults.some((fault) => fault.includes(`failed on Kafka at ${address}`)));
        expect(bus.ageMs()).toBeGreaterThan(0);
      } finally {
        await bus.stop();
        await starting;
        await new Promise((closed) => server.close(closed));
      }
    });

    it('builds a consumer anew that has crashed for good', async () => {
      const hearing = new Hearing('first');
      const bus = await trial.start(hearing);
      const [subject = ''] = await trial.fill(1, 2);
      await bus.settled();
      const fetch = ConsumerGroup.prototype.fetch;
      try {
        ConsumerGroup.prototype.fetch = () =>
          Promise.reject(Object.assign(new Error('no way on'), { name: 'KafkaJSNotImplemented' }));
        await eventually('the crash', () => trial.faults.some((fault) => String(fault).includes('no way on')));
      } finally {
        ConsumerGroup.prototype.fetch = fetch;
      }
      await trial.append(subject, [JarFilled({ n: 3, notes: [] })]);
      await eventually('the event after the crash', () => hearing.sequences(subject).length === 3);
      expect(hearing.sequences(subject)).toEqual([1, 2, 3]);
    });

    it('builds a consumer anew that keeps its membership and fetches nothing', async () => {
      options = { times: { ...SHORT, lookMs: 200, stuckMs: 1_000 } };
      const hearing = new Hearing('first');
      const bus = await trial.start(hearing);
      const [subject = ''] = await trial.fill(1, 2);
      await bus.settled();
      const fetch = ConsumerGroup.prototype.fetch;
      // As kafkajs is known to: the loop turns, the heart beats, nothing is asked for.
      let turns = 0;
      ConsumerGroup.prototype.fetch = async () => {
        turns += 1;
        await until(50, () => false);
        return [];
      };
      try {
        await eventually('the hazard', () => turns > 1);
        await trial.append(subject, [JarFilled({ n: 3, notes: [] })]);
        await eventually('the complaint', () =>
          trial.faults.some((fault) => String(fault).includes('does not fetch what there is')),
        );
        expect(bus.ageMs()).toBeGreaterThan(0);
      } finally {
        ConsumerGroup.prototype.fetch = fetch;
      }
      await eventually('the event', () => hearing.sequences(subject).length === 3);
      expect(hearing.sequences(subject)).toEqual([1, 2, 3]);
    });

    it('moves the place of a group only after the effect', async () => {
      const hearing = new Hearing('first');
      const [begun, finish] = [signal(), signal()];
      hearing.meanwhile = () => {
        begun.give();
        return finish.given;
      };
      const bus = (await trial.start(hearing)) as KafkaBus;
      await trial.fill(1, 3);
      await begun.given;
      const open = async () => (await bus.lags()).get('first')!.reduce((sum, { at, end }) => sum + Number(end - at), 0);
      await eventually('all three on the topic', async () => (await open()) === 3, open);
      finish.give();
      await bus.settled();
      expect(await open()).toBe(0);
      expect(bus.listenerAgeMs()).toBe(0);
    });

    it('goes on with other partitions while one listener hangs over an event', async () => {
      const hearing = new Hearing('first');
      const finish = signal();
      const stuck = uuidv7();
      hearing.meanwhile = (events) => (events.some(({ subject }) => subject === stuck) ? finish.given : undefined);
      const bus = await trial.start(hearing);
      await trial.append(stuck, [JarFilled({ n: 1, notes: [] })]);
      await eventually('the hanging event', () => bus.ageMs() > 0);
      const subjects = await trial.fill(30, 2);
      const partitionOf = Partitioners.DefaultPartitioner();
      const partitionMetadata = [0, 1, 2].map((partitionId) => ({
        partitionId,
        partitionErrorCode: 0,
        leader: 1,
        replicas: [],
        isr: [],
      }));
      const place = (key: string) => partitionOf({ topic: topic(), partitionMetadata, message: { key, value: '' } });
      const free = subjects.filter((subject) => place(subject) !== place(stuck));
      expect(free.length).toBeGreaterThan(0);
      await eventually('the others', () => free.every((subject) => hearing.sequences(subject).length === 2));
      expect(hearing.sequences(stuck)).toEqual([]);
      finish.give();
      await bus.settled();
      for (const subject of [...subjects, stuck]) expect(hearing.sequences(subject)[0]).toBe(1);
    });

    it('shares the partitions with a second process of the group, and takes them back when that leaves', async () => {
      const [one, two] = [new Hearing('first'), new Hearing('first')];
      const bus = await trial.start(one);
      const second = await another(two);
      const subjects: string[] = [];
      await eventually('work for both', async () => {
        subjects.push(...(await trial.fill(6, 2)));
        return one.handled.length > 0 && two.handled.length > 0;
      });
      await bus.settled();
      others.length = 0;
      await second.stop();
      for (const subject of subjects) await trial.append(subject, [JarFilled({ n: 3, notes: [] })]);
      await bus.settled();
      for (const subject of subjects) {
        const seen = [...two.sequences(subject), ...one.sequences(subject)];
        expect([...new Set(seen)].sort()).toEqual([1, 2, 3]);
        expect(one.sequences(subject)).toEqual([...one.sequences(subject)].sort());
      }
    });

    it('relays by one process at a time, and the other takes over when that stops', async () => {
      const hearing = new Hearing('first');
      await trial.start(hearing);
      // The same context in a second process, started later: it takes the relay.
      const later = busOf(surroundings);
      others.push(later);
      await later.start();
      const [subject = ''] = await trial.fill(1, 5);
      await eventually('five events', () => hearing.sequences(subject).length === 5);
      others.length = 0;
      await later.stop();
      for (let n = 6; n <= 8; n += 1) await trial.append(subject, [JarFilled({ n, notes: [] })]);
      await eventually('the takeover', () => hearing.sequences(subject).length === 8);
      expect(hearing.sequences(subject)).toEqual(upTo(8));
      expect(trial.faults.map(String)).toEqual(['Fenced: another process took over relay']);
    });

    it('writes CloudEvents that the official SDK reads, keyed by the subject', async () => {
      const bus = await trial.start(new Hearing('first'));
      const subject = uuidv7();
      await trial.append(subject, [JarFilled({ n: 1, notes: ['à la carte'] })]);
      await bus.settled();
      const consumer = client.consumer({ groupId: `${surroundings.namespace}.raw`, maxWaitTimeInMs: 200 });
      const read: CloudEvent<unknown>[] = [];
      try {
        await consumer.connect();
        await consumer.subscribe({ topics: [topic()], fromBeginning: true });
        await consumer.run({
          eachMessage: async ({ message: { key, value, headers } }) => {
            const plain = Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]));
            const message = { key: String(key), value, headers: plain, body: value } as unknown as CloudEventsMessage;
            read.push(CloudEventsKafka.toEvent(message) as CloudEvent<unknown>);
          },
        });
        await eventually('the message', () => read.length > 0);
      } finally {
        await consumer.disconnect();
      }
      expect(read[0]!.validate()).toBe(true);
      expect(read[0]!).toMatchObject({
        specversion: '1.0',
        id: `${subject}/1`,
        source: '/concord/larder',
        type: 'concord.larder.JarFilled',
        subject,
        partitionkey: subject,
        sequence: '1',
        previous: '0',
        data: { n: 1, notes: ['à la carte'] },
      });
    });
  });
}

const TitleRead = defineEvent('TitleRead', z.strictObject({ title: z.string() }));
const BookPut = defineEvent('BookPut', z.strictObject({ title: z.string() }));
const Reader = defineAggregate<{ titles: string[] }, readonly [typeof TitleRead]>({
  kind: 'reader',
  initial: { titles: [] },
  events: [TitleRead],
  evolve: { TitleRead: ({ titles }, { title }) => ({ titles: [...titles, title] }) },
});
/** A context that listens to a library whose topic the specs write by hand. */
const readers = defineService({
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
      decide: ({ event, append }) => append(Reader, event.subject, TitleRead({ title: event.data.title })),
    }),
  ],
  projections: [],
  schedules: [],
  migrations: [],
  published: () => undefined,
  publishes: [],
});

const bookPut = (subject: string, sequence: number): PublicEvent => ({
  specversion: '1.0',
  id: `${subject}/${sequence}`,
  source: '/concord/library',
  type: 'concord.library.BookPut',
  subject,
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'concord:/schemas/concord.library.BookPut/1',
  sequence,
  previous: sequence - 1,
  correlationid: 'c',
  data: { title: `title ${sequence}` },
});

const EATEN = { ce_type: 'concord.library.BookEaten', ce_dataschema: 'concord:/schemas/concord.library.BookEaten/1' };

function poison(): void {
  describe('a message on the topic that is no event of ours', () => {
    let database: TestDatabase;
    let context: Context;
    let bus: KafkaBus;
    let producer: Producer;
    let namespace: string;
    const faults: string[] = [];

    beforeAll(async () => {
      database = await testDatabase();
      namespace = new URL(database.url).pathname.slice(1);
      context = await Context.open(readers, (await provision(database.url, ['readers'])).get('readers')!, {
        clock: new AdjustableClock(),
        standingChanges: () => [],
        busy: () => false,
        catchUp: () => Promise.resolve(),
        committed: () => undefined,
        failed: (where) => void faults.push(where),
      });
      bus = busOf(
        { sources: new Map(), namespace, failed: (error) => void faults.push(String(error)) },
        { kinds: new Map([['library', ['BookPut']]]), topics: { ...TOPICS, partitions: 1 } },
      );
      await context.start(bus);
      await bus.start();
      // The hostile producer's topic takes 4 MB.
      const admin = client.admin();
      await admin.connect();
      const configEntries = [{ name: 'max.message.bytes', value: String(4 * 1024 * 1024) }];
      await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name: `${namespace}.library`, configEntries }] });
      await admin.disconnect();
      producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
    });
    afterAll(async () => {
      await producer.disconnect();
      await bus.stop();
      await context.stop();
      await context.close();
      await database.drop();
    });

    const send = (...messages: Message[]) => producer.send({ topic: `${namespace}.library`, messages });
    const titles = async (subject: string) =>
      (
        await context.database.query<{ titles: string[] }>("SELECT state->'titles' AS titles FROM streams WHERE id = $1", [subject])
      )[0]?.titles ?? [];
    const parked = (subject: string) =>
      context.database.query<{ sequence: number; error: string }>(
        'SELECT sequence, error FROM parked WHERE stream = $1 ORDER BY sequence',
        [subject],
      );
    const changed = (subject: string, headers: Record<string, string | undefined>): Message => {
      const message = toMessage(bookPut(subject, 2));
      return { ...message, headers: { ...message.headers, ...headers } };
    };

    it.each<[string, (subject: string) => Message, RegExp]>([
      ['bad JSON', (subject) => ({ ...toMessage(bookPut(subject, 2)), value: '{"title": ' }), /its value is not JSON/u],
      ['no value', (subject) => ({ ...toMessage(bookPut(subject, 2)), value: null }), /has no value/u],
      ['no headers at all', (subject) => ({ key: subject, value: '{}' }), /header ce_specversion is missing/u],
      ['an unknown kind', (subject) => changed(subject, EATEN), /library publishes no BookEaten/u],
      ['an impossible version', (subject) => changed(subject, { ce_sequence: '-7' }), /ce_sequence "-7" is not a version/u],
      ['an unknown version', (subject) => changed(subject, { ce_dataschema: 'concord:/schemas/concord.library.BookPut/9' }), /9/u],
      ['another shape', (subject) => ({ ...toMessage(bookPut(subject, 2)), value: '{"name": 1}' }), /Invalid|title/u],
      [
        '2 MB',
        (subject) => ({ ...toMessage(bookPut(subject, 2)), value: JSON.stringify('x'.repeat(2_000_000)) }),
        /exceeds 1000000/u,
      ],
    ])('with %s parks its key visibly and leaves the others running', async (_what, spoilt, reason) => {
      const [bad, good] = [uuidv7(), uuidv7()];
      await send(toMessage(bookPut(bad, 1)), toMessage(bookPut(good, 1)));
      await send(spoilt(bad), toMessage(bookPut(good, 2)));
      await send(toMessage(bookPut(bad, 3)), toMessage(bookPut(good, 3)));
      await bus.settled();
      expect(await titles(good)).toEqual(['title 1', 'title 2', 'title 3']);
      expect(await titles(bad)).toEqual(['title 1']);
      const rows = await parked(bad);
      expect(rows).toHaveLength(2);
      expect(rows[0]!.error).toMatch(reason);
      // What took no version leaves a hole in the versions.
      const isHole = rows[0]!.sequence < 0;
      const behind = 'an earlier event of this object is parked';
      expect(rows[1]).toEqual({ sequence: 3, error: isHole ? expect.stringContaining('version 2 of this object') : behind });
      expect(faults.some((fault) => fault.includes('on-book-put parked'))).toBe(true);
    });

    it('is let go by a release, and what waited behind it takes effect', async () => {
      const subject = uuidv7();
      await send({ key: subject, value: 'nonsense' }, toMessage(bookPut(subject, 1)), toMessage(bookPut(subject, 2)));
      await bus.settled();
      expect((await parked(subject)).map(({ sequence }) => sequence > 0)).toEqual([false, true, true]);
      expect(await titles(subject)).toEqual([]);
      expect(await context.listener.release('on-book-put', subject)).toBe(3);
      expect(await titles(subject)).toEqual(['title 1', 'title 2']);
      expect(await parked(subject)).toEqual([]);
    });

    it('without a key or with a strange one holds up nothing', async () => {
      const subject = uuidv7();
      await send({ key: null, value: 'x' }, { key: 'not an id', value: 'x' }, toMessage(bookPut(subject, 1)));
      await bus.settled();
      expect(await titles(subject)).toEqual(['title 1']);
      const rows = await context.database.query<{ key: string | null }>(
        "SELECT event->'data'->>'key' AS key FROM parked WHERE event->'data'->>'excerpt' = 'x' ORDER BY 1",
      );
      expect(rows.map(({ key }) => key)).toEqual(['not an id', null]);
    });
  });
}

const lacking = await kafkaLacking();
if (lacking === undefined) {
  describe('on a real Kafka', () => {
    specs();
    poison();
  });
} else {
  it('NOT RUN here: the Kafka driver', () => {
    process.stderr.write(`\nThe specs of the Kafka driver were skipped: ${lacking}\n`);
  });
}
