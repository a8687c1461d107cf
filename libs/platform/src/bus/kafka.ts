import { setTimeout as delay } from 'node:timers/promises';
import { Bus, type Subscription } from './bus.js';
import type { Source } from './in-process.js';
import { backOffMs, FEW_RETRIES, guardProcess, kafkaClient, KafkaTrouble, within, type KafkaSecurity } from './kafka-client.js';
import { KafkaGroup } from './kafka-group.js';
import { KafkaRelay } from './kafka-relay.js';
import { GROUP_TIMES, type GroupTimes } from './kafka-times.js';
import { KafkaTopics, lagText, type Lag, type TopicSettings } from './kafka-topics.js';

export type { KafkaSecurity } from './kafka-client.js';
export type { TopicSettings } from './kafka-topics.js';

/** How long `start` waits for the brokers before it lets the process go on without them; the bus keeps trying. */
const START_MS_MAX = 15_000;
const CATCH_UP_MS_MAX = 1_000;
const SETTLE_MS_MAX = 30_000;
const ASK_AGAIN_MS = 10;
const STOP_MS_MAX = 20_000;

export interface KafkaBusOptions {
  /** Addresses, `host:port`; one that answers is enough to find the others. */
  readonly brokers: readonly string[];
  /** Name of this process in the brokers' logs. */
  readonly clientId: string;
  readonly security?: KafkaSecurity;
  /** Logs of the contexts of this process, by name: they are relayed. Read at `start`. */
  readonly sources: ReadonlyMap<string, Source>;
  /** How topics are made that are missing. */
  readonly topics: TopicSettings;
  /** Public kinds by context, where known: a message of any other kind is parked under its key. */
  readonly kinds?: ReadonlyMap<string, readonly string[]>;
  /** First part of the names of topics and groups; `concord` when absent. */
  readonly namespace?: string;
  readonly times?: Partial<GroupTimes>;
  failed(error: unknown, where: string): void;
  /** Whether many requests wait: then the relay gathers longer. */
  busy?(): boolean;
}

/**
 * The bus of several processes, on Apache Kafka: each context's log is relayed to the topic `concord.<context>`, and each listening
 * context is the group `concord.<name>`. At least once, in order per subject; the listeners' inboxes make the effect once.
 */
export class KafkaBus extends Bus {
  private readonly subscriptions = new Map<string, Map<string, Subscription>>();
  private readonly relays = new Map<string, KafkaRelay>();
  private readonly groups = new Map<string, KafkaGroup>();
  private readonly admin: KafkaTopics;
  private readonly kafka;
  private opening: Promise<void> | undefined;
  private opened = false;
  private startedAt: number | undefined;
  private stopped = false;
  private readonly halted = new AbortController();
  private endGuard: (() => void) | undefined;

  constructor(private readonly options: KafkaBusOptions) {
    super();
    if (options.brokers.length === 0) throw new Error('KafkaBus needs the address of at least one broker (KAFKA_BROKERS)');
    this.kafka = kafkaClient(options.brokers, options.clientId, options.security);
    this.admin = new KafkaTopics(kafkaClient(options.brokers, options.clientId, options.security, FEW_RETRIES));
  }

  subscribe(subscription: Subscription): void {
    if (this.startedAt !== undefined) throw new Error(`${subscription.group} subscribes after the bus has started`);
    const group = this.subscriptions.get(subscription.group) ?? new Map<string, Subscription>();
    if (group.has(subscription.from)) throw new Error(`${subscription.group} listens to ${subscription.from} twice`);
    this.subscriptions.set(subscription.group, group.set(subscription.from, subscription));
  }

  /**
   * Begins to relay and to listen. Resolves when every group has joined, or after 15 s without brokers: then the bus keeps trying, `failed`
   * is told, and `ageMs` grows.
   */
  async start(): Promise<void> {
    this.startedAt = performance.now();
    this.endGuard = guardProcess((error) => this.options.failed(error, 'kafkajs'));
    this.opening = this.open();
    const ready = this.opening.then(() => Promise.all([...this.groups.values()].map(({ joined }) => joined)));
    await within(START_MS_MAX, 'connecting to Kafka', ready).catch((error: unknown) => {
      if (!this.stopped) this.options.failed(new KafkaTrouble('starting the bus', this.options.brokers, error), 'bus');
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.halted.abort();
    const all = [...this.relays.values(), ...this.groups.values()].map((part) => part.stop());
    await within(STOP_MS_MAX, 'stopping the bus', Promise.all([this.opening, ...all])).catch((error: unknown) =>
      this.options.failed(error, 'bus'),
    );
    await this.admin.close();
    this.endGuard?.();
  }

  async settled(): Promise<void> {
    const deadline = performance.now() + SETTLE_MS_MAX;
    await this.relayed([...this.relays.keys()], deadline);
    await Promise.all([...this.subscriptions].map(([group, from]) => this.reached(group, [...from.keys()], deadline)));
  }

  async caughtUp(group: string, from: string): Promise<void> {
    if (!this.subscriptions.get(group)?.has(from)) return;
    const deadline = performance.now() + CATCH_UP_MS_MAX;
    const reached = this.relayed([from], deadline).then(() => this.reached(group, [from], deadline));
    await within(CATCH_UP_MS_MAX, `catching up with ${from}`, reached).catch((error: unknown) =>
      this.options.failed(error, `${group} from ${from}`),
    );
  }

  wake(from: string): void {
    this.relays.get(from)?.wake();
  }

  /** Longest time any relay has been behind its log or any listener behind its topic, milliseconds. */
  ageMs(): number {
    return Math.max(this.relayAgeMs(), this.listenerAgeMs());
  }

  /** Longest time a relay has been behind its log, milliseconds. */
  override relayAgeMs(): number {
    if (!this.opened) return this.startedAt === undefined ? 0 : performance.now() - this.startedAt;
    return Math.max(0, ...[...this.relays.values()].map(({ ageMs }) => ageMs));
  }

  /** Longest time a listener has been behind its topics, or without its brokers, milliseconds. */
  override listenerAgeMs(): number {
    return Math.max(0, ...[...this.groups.values()].map(({ ageMs }) => ageMs));
  }

  /** How many messages each group has yet to handle, by topic and partition; asked of the brokers. */
  async lags(): Promise<ReadonlyMap<string, readonly Lag[]>> {
    const all = [...this.subscriptions].map(async ([group, from]) => {
      const topics = [...from.keys()].map((context) => this.topicOf(context));
      return [group, await this.admin.behind(this.groupId(group), topics)] as const;
    });
    return new Map(await Promise.all(all));
  }

  private topicOf(context: string): string {
    return `${this.options.namespace ?? 'concord'}.${context}`;
  }

  private groupId(group: string): string {
    return `${this.options.namespace ?? 'concord'}.${group}`;
  }

  /** Makes the topics, tried again until it works, and then starts every relay and group. */
  private async open(): Promise<void> {
    const { brokers, failed } = this.options;
    const contexts = new Set([
      ...this.options.sources.keys(),
      ...[...this.subscriptions.values()].flatMap((from) => [...from.keys()]),
    ]);
    for (let tries = 0; !this.stopped; tries += 1) {
      try {
        await this.admin.ensure(
          [...contexts].map((context) => this.topicOf(context)),
          this.options.topics,
        );
        for (const context of this.options.sources.keys()) await this.relay(context);
        break;
      } catch (error) {
        if (this.stopped) return;
        failed(new KafkaTrouble('opening the bus', brokers, error), 'bus');
        await delay(backOffMs(tries), undefined, { signal: this.halted.signal }).catch(() => undefined);
      }
    }
    if (this.stopped) return;
    this.opened = true;
    for (const [group, from] of this.subscriptions) this.listen(group, from);
  }

  private async relay(context: string): Promise<void> {
    if (this.relays.has(context)) return;
    const { brokers, busy, failed } = this.options;
    const { pool, publisher } = this.options.sources.get(context)!;
    const relay = new KafkaRelay({
      kafka: this.kafka,
      brokers,
      context,
      topic: this.topicOf(context),
      pool,
      publisher,
      failed: (error) => failed(error, `relay of ${context}`),
      ...(busy ? { busy: () => busy.call(this.options) } : {}),
    });
    await relay.start();
    this.relays.set(context, relay);
    if (this.stopped) await relay.stop();
  }

  private listen(name: string, from: ReadonlyMap<string, Subscription>): void {
    const { brokers, kinds, times, failed } = this.options;
    const group = new KafkaGroup({
      kafka: this.kafka,
      brokers,
      topics: this.admin,
      groupId: this.groupId(name),
      subscriptions: new Map([...from].map(([context, subscription]) => [this.topicOf(context), subscription])),
      ...(kinds ? { known: kinds } : {}),
      times: { ...GROUP_TIMES, ...times },
      failed: (error, where) => failed(error, where),
    });
    this.groups.set(name, group);
    group.start();
  }

  private async relayed(contexts: readonly string[], deadline: number): Promise<void> {
    for (const context of contexts) await this.relays.get(context)?.caughtUp(Math.max(1, deadline - performance.now()));
  }

  /** Resolves when a group has handled what these topics hold now. Throws with how far it is after the deadline. */
  private async reached(name: string, from: readonly string[], deadline: number): Promise<void> {
    const topics = from.map((context) => this.topicOf(context));
    const ends = await this.admin.ends(topics);
    for (;;) {
      const lags = await this.admin.behind(this.groupId(name), topics, ends);
      if (lags.length === 0) return;
      if (this.stopped || performance.now() > deadline) throw new Error(`${this.groupId(name)} is behind: ${lagText(lags)}`);
      await delay(ASK_AGAIN_MS);
    }
  }
}
