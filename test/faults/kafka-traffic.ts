import kafkajs, { type Kafka, type KafkaMessage } from 'kafkajs';
import type { Chance } from './chance.js';

const DEADLINE_MS = 40_000;
const TOPICS = ['directory', 'partnerships', 'pledges', 'stewardship', 'notifications', 'gateway'].map((name) => `concord.${name}`);
const CONFIGS = { 'retention.ms': '-1', 'min.insync.replicas': '1', 'max.message.bytes': String(4 * 1024 * 1024) };

/** Throws after the deadline: kafkajs may hang. */
async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_done, fail) => {
    timer = setTimeout(() => fail(new Error(`${what} took more than ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A message as it lies on a topic. */
export interface Lying {
  readonly partition: number;
  readonly message: KafkaMessage;
}

/** What a stranger may do to the topics and groups of a cluster. Goes to the broker directly, past every proxy. */
export class KafkaTraffic {
  private readonly kafka: Kafka;
  private groups = 0;
  /** Copies that were put on topics. */
  copies = 0;

  constructor(brokers: readonly string[]) {
    this.kafka = new kafkajs.Kafka({
      clientId: 'faults',
      brokers: [...brokers],
      logLevel: kafkajs.logLevel.NOTHING,
      connectionTimeout: 2_000,
      retry: { retries: 8, initialRetryTime: 100, maxRetryTime: 2_000 },
    });
  }

  /** Lets messages on a topic be larger than brokers usually take. */
  async allowLarge(topic: string): Promise<void> {
    const configEntries = Object.entries(CONFIGS).map(([name, value]) => ({ name, value }));
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
    await this.asAdmin((admin) => admin.alterConfigs({ validateOnly: false, resources }));
  }

  /** Puts messages on a topic, each on the partition it names, or that of its key. */
  async send(topic: string, messages: readonly Partial<KafkaMessage & { partition: number }>[]): Promise<void> {
    const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
    const producer = this.kafka.producer({ allowAutoTopicCreation: false, createPartitioner });
    try {
      await inTime('connecting', producer.connect());
      for (let next = 0; next < messages.length; next += 200) {
        const part = messages.slice(next, next + 200).map(({ key, value, headers, partition }) => ({
          key: key ?? null,
          value: value ?? null,
          ...(headers && { headers }),
          ...(partition !== undefined && { partition }),
        }));
        await inTime('sending', producer.send({ topic, messages: part }));
      }
    } finally {
      await producer.disconnect().catch(() => undefined);
    }
  }

  /** Everything on a topic now, in the order of each partition. */
  async read(topic: string): Promise<Lying[]> {
    const ends = await this.asAdmin((admin) => admin.fetchTopicOffsets(topic));
    const missing = new Map(
      ends.filter(({ high }) => Number(high) > 0).map(({ partition, high }) => [partition, BigInt(high) - 1n]),
    );
    const found: Lying[] = [];
    if (missing.size === 0) return found;
    const consumer = this.kafka.consumer({ groupId: `faults.${process.pid}.${(this.groups += 1)}`, maxWaitTimeInMs: 100 });
    try {
      await inTime('connecting', consumer.connect());
      await consumer.subscribe({ topic, fromBeginning: true });
      const whole = new Promise<void>((done) => {
        void consumer.run({
          autoCommit: false,
          eachMessage: async ({ partition, message }) => {
            found.push({ partition, message });
            if (BigInt(message.offset) >= (missing.get(partition) ?? -1n)) missing.delete(partition);
            if (missing.size === 0) done();
          },
        });
      });
      await inTime(`reading ${topic}`, whole);
    } finally {
      await consumer.disconnect().catch(() => undefined);
    }
    return found;
  }

  /**
   * Sends messages that lie on a topic once more, each up to five times. In their order (F9), or shuffled (F10): then what follows for
   * one key is out of order too, as far as it is old.
   */
  async copy(topic: string, chance: Chance, order: 'kept' | 'shuffled', count = 150): Promise<void> {
    const lying = await this.read(topic);
    const first = chance.between(0, Math.max(0, lying.length - count));
    const chosen = lying.slice(first, first + count).flatMap((one) => Array.from({ length: chance.between(1, 5) }, () => one));
    if (order === 'shuffled') {
      for (let at = chosen.length - 1; at > 0; at -= 1) {
        const other = chance.between(0, at);
        [chosen[at], chosen[other]] = [chosen[other]!, chosen[at]!];
      }
    }
    await this.send(
      topic,
      chosen.map(({ partition, message }) => ({ ...message, partition })),
    );
    this.copies += chosen.length;
  }

  /** A stranger joins a group, takes its share of the partitions, handles nothing, and leaves. */
  async joinAndLeave(group: string, topics: readonly string[], stayMs: number): Promise<void> {
    const consumer = this.kafka.consumer({ groupId: group, sessionTimeout: 10_000, rebalanceTimeout: 20_000 });
    try {
      await inTime('connecting', consumer.connect());
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      const joined = new Promise<void>((done) => consumer.on(consumer.events.GROUP_JOIN, () => done()));
      await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
      await inTime('joining', joined);
      await new Promise((done) => setTimeout(done, stayMs));
    } finally {
      await inTime('leaving', consumer.disconnect()).catch(() => undefined);
    }
  }

  /** Sets a group, of which nobody is a member, back to the beginning of all its topics; waits until the last member is gone. */
  async rewind(group: string): Promise<void> {
    await this.asAdmin(async (admin) => {
      for (;;) {
        const { groups } = await admin.describeGroups([group]);
        if (groups[0]!.members.length === 0) break;
        await new Promise((done) => setTimeout(done, 250));
      }
      for (const topic of await this.topicsOf(admin, group)) await admin.resetOffsets({ groupId: group, topic, earliest: true });
    });
  }

  /** How far groups are behind their topics, in messages, all partitions together. */
  async behind(groups: readonly string[]): Promise<Map<string, number>> {
    return this.asAdmin(async (admin) => {
      const lags = new Map<string, number>();
      for (const group of groups) {
        let lag = 0;
        for (const topic of await this.topicsOf(admin, group)) {
          const ends = await admin.fetchTopicOffsets(topic);
          const [{ partitions } = { partitions: [] }] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
          const at = new Map(partitions.map(({ partition, offset }) => [partition, Math.max(0, Number(offset))]));
          for (const { partition, high } of ends) lag += Number(high) - (at.get(partition) ?? 0);
        }
        lags.set(group, lag);
      }
      return lags;
    });
  }

  /** Topics on which a group has a place. */
  private async topicsOf(admin: ReturnType<Kafka['admin']>, groupId: string): Promise<string[]> {
    const places = await admin.fetchOffsets({ groupId, topics: TOPICS.slice(0, -1) });
    return places.filter(({ partitions }) => partitions.some(({ offset }) => Number(offset) >= 0)).map(({ topic }) => topic);
  }

  private async asAdmin<T>(ask: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = this.kafka.admin();
    try {
      await inTime('connecting', admin.connect());
      return await inTime('asking Kafka', ask(admin));
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
