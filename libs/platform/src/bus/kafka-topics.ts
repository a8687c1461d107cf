import type { Admin, Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { within } from './kafka-client.js';

const ASK_MS_MAX = 15_000;

/** How topics are made that do not exist yet. One that exists is left as it is. */
export interface TopicSettings {
  readonly partitions: number;
  /** Copies of each message; at least as many brokers must be up. */
  readonly replication: number;
  /** How long a message is kept, milliseconds. Longer than a listener may ever be away. */
  readonly retentionMs: number;
}

/** How far a group has come in a partition. */
export interface Lag {
  readonly topic: string;
  readonly partition: number;
  /** Offset after the last message the group has handled, and after the last one there is. */
  readonly at: bigint;
  readonly end: bigint;
}

/** Offsets after the last message, by topic and partition. */
export type Ends = ReadonlyMap<string, ReadonlyMap<number, { readonly low: bigint; readonly end: bigint }>>;

/** What is asked of the brokers beside sending and fetching. One connection, made again after any error. */
export class KafkaTopics {
  private admin: Promise<Admin> | undefined;

  constructor(private readonly kafka: Kafka) {}

  /** Makes the topics that are missing. */
  async ensure(topics: readonly string[], settings: TopicSettings): Promise<void> {
    await this.ask('making topics', async (admin) => {
      const there = new Set(await admin.listTopics());
      const missing = topics.filter((topic) => !there.has(topic));
      if (missing.length === 0) return;
      await admin.createTopics({
        timeout: 10_000,
        topics: missing.map((topic) => ({
          topic,
          numPartitions: settings.partitions,
          replicationFactor: settings.replication,
          configEntries: [
            { name: 'retention.ms', value: String(settings.retentionMs) },
            { name: 'min.insync.replicas', value: String(Math.min(2, settings.replication)) },
          ],
        })),
      });
    });
  }

  /** Where topics end now. */
  async ends(topics: readonly string[]): Promise<Ends> {
    return this.ask('asking for the ends of topics', async (admin) => {
      const all = await Promise.all(topics.map(async (topic) => [topic, await admin.fetchTopicOffsets(topic)] as const));
      return new Map(
        all.map(([topic, partitions]) => [
          topic,
          new Map(partitions.map(({ partition, low, high }) => [partition, { low: BigInt(low), end: BigInt(high) }])),
        ]),
      );
    });
  }

  /** Partitions in which a group is not at `ends` yet (now, without them), of these topics. */
  async behind(group: string, topics: readonly string[], ends?: Ends): Promise<readonly Lag[]> {
    const until = ends ?? (await this.ends(topics));
    const committed = await this.ask(`asking for the place of ${group}`, (admin) =>
      admin.fetchOffsets({ groupId: group, topics: [...topics] }),
    );
    const at = new Map(
      committed.flatMap(({ topic, partitions }) => partitions.map((one) => [`${topic}/${one.partition}`, one.offset])),
    );
    const lags: Lag[] = [];
    for (const topic of topics)
      for (const [partition, { low, end }] of until.get(topic) ?? []) {
        const offset = BigInt(at.get(`${topic}/${partition}`) ?? '-1');
        // A group that has handled nothing starts with the oldest message that is kept.
        const place = offset < low ? low : offset;
        if (place < end) lags.push({ topic, partition, at: place, end });
      }
    return lags;
  }

  async close(): Promise<void> {
    const admin = this.admin;
    this.admin = undefined;
    if (admin)
      await within(
        2_000,
        'closing',
        admin.then((one) => one.disconnect()),
      ).catch(() => undefined);
  }

  private async ask<T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.askOnce(what, question);
      } catch (error) {
        if (tries >= MOVING_TRIES_MAX || !isMoving(error)) throw error;
        await delay(MOVING_PAUSE_MS * tries);
      }
    }
  }

  private async askOnce<T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> {
    const connected = (this.admin ??= this.connect());
    try {
      return await within(ASK_MS_MAX, what, connected.then(question));
    } catch (error) {
      // Whatever it was, a new connection is the surest way on; several callers may have failed with the same one.
      if (this.admin === connected) await this.close();
      throw error;
    }
  }

  private async connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }
}

/** Times a topic that is new, or whose leader moves, is asked about, and the pause that grows between. */
const MOVING_TRIES_MAX = 5;
const MOVING_PAUSE_MS = 100;
const isMoving = (error: unknown): boolean =>
  ['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE'].includes((error as { type?: string } | null)?.type ?? '');

/** Lags as text for errors. */
export const lagText = (lags: readonly Lag[]): string =>
  lags
    .slice(0, 5)
    .map(({ topic, partition, at, end }) => `${topic} partition ${partition} at ${at} of ${end}`)
    .join(', ');
