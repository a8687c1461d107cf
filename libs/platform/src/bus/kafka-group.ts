import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { restMs } from '../log/pace.js';
import type { Subscription } from './bus.js';
import { backOffMs, KafkaTrouble, within } from './kafka-client.js';
import { KafkaLane } from './kafka-lane.js';
import type { GroupTimes } from './kafka-times.js';
import { lagText, type KafkaTopics } from './kafka-topics.js';

const PARTITION_BYTES_MAX = 512 * 1024;
const FETCH_BYTES_MAX = 4 * 1024 * 1024;
/** Partitions handled side by side; slow ones are taken out, so this bounds only what a fetch brought. */
const PARTITIONS_AT_ONCE = 6;
/** How often a group's broker may say that it is just being appointed before that is reported. */
const PASSING_TRIES_MAX = 3;
const isPassing = (error: unknown): boolean =>
  ['GROUP_LOAD_IN_PROGRESS', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP'].includes(
    (error as { type?: string } | null)?.type ?? '',
  );
const STOPPED_MS_MAX = 10_000;

export interface GroupOptions {
  readonly kafka: Kafka;
  readonly brokers: readonly string[];
  readonly topics: KafkaTopics;
  readonly groupId: string;
  /** Subscriptions by topic. */
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly known?: ReadonlyMap<string, readonly string[]>;
  readonly times: GroupTimes;
  failed(error: unknown, where: string): void;
}

/**
 * One member of a listening group. kafkajs fetches and keeps the membership; everything else is done here, as kafkajs may die or stand
 * still without a word: a consumer that ends is built anew with growing pauses, and so is one that does not fetch what there is.
 */
export class KafkaGroup {
  private lanes = new Map<string, KafkaLane>();
  /** Lanes that were given up while something was under way in them: the next lane of the partition waits for their end. */
  private readonly ending = new Map<string, Promise<void>>();
  private consumer: Consumer | undefined;
  private supervising: Promise<void> | undefined;
  private stopped = false;
  private readonly halted = new AbortController();
  /** Since when it has been no member, on the monotonic clock. */
  private awaySince: number | undefined = performance.now();
  /** Partitions of this member, and since when those have had messages that nobody fetches. */
  private ours: ReadonlySet<string> = new Set();
  private readonly stuck = new Map<string, number>();
  /** The rest before the next fetch, which partitions of one fetch share. */
  private gathering: Promise<unknown> | undefined;
  private joinedOnce!: () => void;
  /** Resolves when it is a member for the first time. */
  readonly joined = new Promise<void>((resolve) => (this.joinedOnce = resolve));

  constructor(private readonly options: GroupOptions) {}

  /** Milliseconds since it last was a member that had handled all it was given. */
  get ageMs(): number {
    const since = [this.awaySince, ...[...this.lanes.values()].map(({ behindSince }) => behindSince), ...this.stuck.values()];
    return Math.max(0, ...since.map((at) => (at === undefined ? 0 : performance.now() - at)));
  }

  start(): void {
    this.supervising = this.supervise();
  }

  /** Lets what is under way finish and commits it, then leaves the group. */
  async stop(): Promise<void> {
    this.stopped = true;
    const { stopMs } = this.options.times;
    const ended = Promise.all([...this.lanes.values()].map((lane) => lane.abandon()));
    await within(stopMs, 'finishing what is under way', ended).catch((error: unknown) => this.failed(error));
    this.halted.abort();
    await this.supervising;
  }

  private failed(error: unknown): void {
    this.options.failed(error, this.options.groupId);
  }

  private async supervise(): Promise<void> {
    for (let tries = 0; !this.stopped; tries += 1) {
      const began = performance.now();
      try {
        await this.live();
      } catch (error) {
        if (this.stopped) return;
        if (!isPassing(error) || tries >= PASSING_TRIES_MAX)
          this.failed(new KafkaTrouble(`listening as ${this.options.groupId}`, this.options.brokers, error));
      }
      // One that ran for a while fell for a new reason.
      if (performance.now() - began > 60_000) tries = 0;
      await delay(backOffMs(tries), undefined, { signal: this.halted.signal }).catch(() => undefined);
    }
  }

  /** The life of one consumer. Resolves at `stop`; throws when it ended otherwise or had to be given up. */
  private async live(): Promise<void> {
    const { kafka, groupId, times, subscriptions } = this.options;
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: times.sessionMs,
      heartbeatInterval: Math.floor(times.sessionMs / 5),
      rebalanceTimeout: times.sessionMs * 2,
      maxWaitTimeInMs: times.fetchWaitMs,
      maxBytesPerPartition: PARTITION_BYTES_MAX,
      maxBytes: FETCH_BYTES_MAX,
      allowAutoTopicCreation: false,
      // It would try to restart by itself, and a restart that fails is nobody's.
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    this.consumer = consumer;
    this.awaySince ??= performance.now();
    try {
      const ended = this.endOf(consumer);
      ended.catch(() => undefined);
      await within(times.joinMs, 'connecting', Promise.race([ended, consumer.connect()]));
      await consumer.subscribe({ topics: [...subscriptions.keys()], fromBeginning: true });
      await within(times.joinMs, 'joining', Promise.race([ended, this.run(consumer)]));
      await Promise.race([ended, this.watch()]);
    } finally {
      this.awaySince ??= performance.now();
      await this.letGo(consumer);
    }
  }

  /** Rejects when the consumer has crashed. */
  private endOf(consumer: Consumer): Promise<never> {
    return new Promise((_resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload: { error } }) => reject(error));
      // A crash stops it first and is told afterwards.
      consumer.on(consumer.events.STOP, () => {
        setTimeout(() => reject(new Error('the consumer stopped by itself')), STOPPED_MS_MAX).unref();
      });
      consumer.on(consumer.events.REBALANCING, () => (this.awaySince ??= performance.now()));
    });
  }

  /** Runs the consumer; resolves when it has joined. */
  private async run(consumer: Consumer): Promise<void> {
    const joined = new Promise<void>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberAssignment } }) => {
        this.assigned(memberAssignment);
        this.awaySince = undefined;
        this.joinedOnce();
        resolve();
      });
    });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: true,
      partitionsConsumedConcurrently: PARTITIONS_AT_ONCE,
      eachBatch: (payload) => this.take(payload),
    });
    await joined;
  }

  /** Gives up the lanes of partitions that went to another member. */
  private assigned(assignment: Readonly<Record<string, readonly number[]>>): void {
    this.ours = new Set(Object.entries(assignment).flatMap(([topic, all]) => all.map((partition) => `${topic}/${partition}`)));
    for (const [key, lane] of this.lanes) if (!this.ours.has(key)) this.giveUp(key, lane);
    this.stuck.clear();
  }

  private giveUp(key: string, lane: KafkaLane): void {
    this.lanes.delete(key);
    const ended = lane.abandon().finally(() => {
      if (this.ending.get(key) === ended) this.ending.delete(key);
    });
    this.ending.set(key, ended);
  }

  private laneOf(topic: string, partition: number): KafkaLane {
    const key = `${topic}/${partition}`;
    let lane = this.lanes.get(key);
    if (!lane) {
      const subscription = this.options.subscriptions.get(topic)!;
      const of: KafkaLane = new KafkaLane({
        subscription,
        topic,
        partition,
        known: this.options.known?.get(subscription.from),
        after: this.ending.get(key) ?? Promise.resolve(),
        failed: (error) => this.options.failed(error, `${this.options.groupId} from ${subscription.from}`),
        commit: async (...place) => {
          // A partition that went to another member is no longer ours to commit.
          if (this.lanes.get(key) === of) await this.commit(...place);
        },
      });
      this.lanes.set(key, (lane = of));
    }
    return lane;
  }

  private async commit(topic: string, partition: number, offset: string): Promise<void> {
    if (!this.consumer) throw new Error('no consumer');
    await within(this.options.times.stopMs, 'committing', this.consumer.commitOffsets([{ topic, partition, offset }]));
  }

  /**
   * One batch of a partition. A batch that takes long, or fails, is taken out of kafkajs's hands with its partition paused: it would
   * hold up every partition of the broker, and the heartbeats.
   */
  private async take({ batch, pause, heartbeat }: EachBatchPayload): Promise<void> {
    const { topic, partition, messages, highWatermark } = batch;
    if (this.stopped) {
      pause();
      return;
    }
    const { slowMs } = this.options.times;
    const began = performance.now();
    const atEnd = BigInt(batch.lastOffset()) + 1n >= BigInt(highWatermark);
    const work = this.laneOf(topic, partition).take(messages, atEnd);
    const slow = new AbortController();
    const first = await Promise.race([
      work.then(() => 'done' as const),
      delay(slowMs, 'slow' as const, { signal: slow.signal }).catch(() => 'done' as const),
    ]);
    slow.abort();
    if (first === 'slow') void work.finally(pause());
    else if (atEnd) await this.gather(performance.now() - began);
    await heartbeat();
  }

  /** Where nobody watches, messages gather between two fetches as events do between two batches of a tail. */
  private async gather(workedMs: number): Promise<void> {
    if ([...this.options.subscriptions.values()].some(({ watched }) => watched)) return;
    const ms = restMs({ workedMs, more: false, watched: false, busy: false, behindMs: 0 });
    this.gathering ??= delay(ms, undefined, { signal: this.halted.signal })
      .catch(() => undefined)
      .finally(() => (this.gathering = undefined));
    await this.gathering;
  }

  /** Looks after a running consumer. Resolves at `stop`; throws when a partition has messages and nobody fetches them. */
  private async watch(): Promise<void> {
    const { lookMs } = this.options.times;
    while (!this.stopped && !this.halted.signal.aborted) {
      await delay(lookMs, undefined, { signal: this.halted.signal }).catch(() => undefined);
      if (this.stopped) break;
      for (const lane of this.lanes.values()) await lane.settle();
      await this.refuseStandstill();
    }
    if (!this.halted.signal.aborted) await new Promise((resolve) => this.halted.signal.addEventListener('abort', resolve));
  }

  private async refuseStandstill(): Promise<void> {
    const { topics, groupId, subscriptions, times } = this.options;
    const lags = await topics.behind(groupId, [...subscriptions.keys()]).catch((error: unknown) => {
      this.failed(new KafkaTrouble(`looking after ${groupId}`, this.options.brokers, error));
      return undefined;
    });
    if (!lags) return;
    const now = performance.now();
    const ours = lags.filter(({ topic, partition }) => this.ours.has(`${topic}/${partition}`));
    const keys = new Set(ours.map(({ topic, partition }) => `${topic}/${partition}`));
    for (const key of this.stuck.keys()) if (!keys.has(key)) this.stuck.delete(key);
    for (const { topic, partition } of ours) {
      const key = `${topic}/${partition}`;
      const lane = this.lanes.get(key);
      if (lane?.busy || (lane && now - lane.movedAt < times.lookMs)) this.stuck.delete(key);
      else if (!this.stuck.has(key)) this.stuck.set(key, now);
    }
    const standing = ours.filter(({ topic, partition }) => now - (this.stuck.get(`${topic}/${partition}`) ?? now) > times.stuckMs);
    if (standing.length === 0) return;
    this.stuck.clear();
    throw new Error(`the consumer does not fetch what there is: ${lagText(standing)}`);
  }

  /** Takes a consumer out of the group. kafkajs may hang there: after a while it is left to itself. */
  private async letGo(consumer: Consumer): Promise<void> {
    if (this.consumer === consumer) this.consumer = undefined;
    for (const [key, lane] of this.lanes) this.giveUp(key, lane);
    await within(5_000, 'leaving the group', consumer.disconnect()).catch((error: unknown) => this.failed(error));
  }
}
