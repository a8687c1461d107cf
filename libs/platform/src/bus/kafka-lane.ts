import { setTimeout as delay } from 'node:timers/promises';
import type { PublicEvent } from '../service/public-event.js';
import type { Step, Subscription } from './bus.js';
import { backOffMs } from './kafka-client.js';
import { fromMessage, placeOf, typeOf, unreadableEvent, UnreadableMessage, type KafkaMessage } from './kafka-message.js';
import { kindOf } from './public-event.js';

/** Events handed over at once. */
const SLICE = 500;
/**
 * Pause between two commits of a place, milliseconds. A place that is a moment old costs copies after a crash, which have no effect; a
 * commit for every few events costs the broker and the process more than the events do.
 */
const COMMIT_PAUSE_MS = 200;

/** A fetched message. */
export interface FetchedMessage extends KafkaMessage {
  readonly offset: string;
}

export interface LaneOptions {
  readonly subscription: Subscription;
  readonly topic: string;
  readonly partition: number;
  /** Kinds the context publishes, when known: a message of any other is parked. */
  readonly known: readonly string[] | undefined;
  /** The end of what an earlier lane of the partition has under way: no two hand over at once. */
  readonly after: Promise<void>;
  failed(error: unknown): void;
  /** Makes a place durable: offset of the next message the group wants. */
  commit(topic: string, partition: number, next: string): Promise<void>;
}

/**
 * One partition in the hands of one listener: its messages one slice after the other, each until the listener took it. The place of
 * the group moves after the effect. While a slice fails it is handed over again with growing pauses, and only this partition waits.
 */
export class KafkaLane {
  /** Since when it has had messages that are not handled and committed, on the monotonic clock. */
  behindSince: number | undefined;
  /** When it last began or ended something, on the monotonic clock. */
  movedAt = performance.now();
  private under: Promise<void>;
  private readonly abandoned = new AbortController();
  private uncommitted: string | undefined;
  private committedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: LaneOptions) {
    this.under = options.after;
  }

  /** Whether a slice is under way. */
  get busy(): boolean {
    return this.working > 0;
  }
  private working = 0;

  /** Takes the messages of a fetch. Resolves when they are handled and committed, or the lane is abandoned; never throws. */
  take(messages: readonly FetchedMessage[], atEnd: boolean): Promise<void> {
    this.behindSince ??= performance.now();
    this.working += 1;
    this.under = this.under.then(async () => {
      try {
        await this.work(messages, atEnd);
      } finally {
        this.working -= 1;
        this.movedAt = performance.now();
      }
    });
    return this.under;
  }

  /** Hands over nothing more. Resolves when what is under way has ended and is committed, if it went well. */
  async abandon(): Promise<void> {
    this.abandoned.abort();
    await this.under;
    await this.commit();
  }

  /** Commits what was handled and is not committed, or could not be. */
  async settle(): Promise<void> {
    if (this.busy || this.uncommitted === undefined) return;
    await this.commit();
    if (this.uncommitted === undefined && !this.busy) this.behindSince = undefined;
  }

  private async work(messages: readonly FetchedMessage[], atEnd: boolean): Promise<void> {
    for (let first = 0; first < messages.length; first += SLICE) {
      const slice = messages.slice(first, first + SLICE);
      if (!(await this.handle(slice))) return;
      this.uncommitted = String(BigInt(slice.at(-1)!.offset) + 1n);
      await this.commitSoon();
      this.movedAt = performance.now();
    }
    if (atEnd && this.uncommitted === undefined) this.behindSince = undefined;
  }

  /** Hands a slice over until it is taken; false when the lane is abandoned first. */
  private async handle(slice: readonly FetchedMessage[]): Promise<boolean> {
    for (let tries = 0; !this.abandoned.signal.aborted; tries += 1) {
      try {
        // Read anew each time: a listener may have changed its copy before it failed.
        await this.handOver(slice.flatMap((message) => this.step(message) ?? []));
        return true;
      } catch (error) {
        this.options.failed(error);
        await delay(backOffMs(tries), undefined, { signal: this.abandoned.signal }).catch(() => undefined);
      }
    }
    return false;
  }

  private async handOver(steps: readonly Step[]): Promise<void> {
    const { subscription } = this.options;
    if (subscription.follow) return steps.length > 0 ? subscription.follow(steps) : undefined;
    const events = steps.flatMap(({ event }) => event ?? []);
    if (events.length > 0) await subscription.handle(events);
  }

  /** What a message tells; undefined when it is of no wanted kind and tells nothing else. */
  private step(message: FetchedMessage): Step | undefined {
    const { subscription, known } = this.options;
    const prefix = `concord.${subscription.from}.`;
    const type = typeOf(message);
    const kind = type?.startsWith(prefix) ? kindOf({ type }) : undefined;
    const isKnown = kind !== undefined && (known?.includes(kind) ?? true);
    if (isKnown && subscription.kinds && !subscription.kinds.includes(kind)) {
      const place = placeOf(message);
      return place && { type: type!, ...place };
    }
    const event = this.event(message, isKnown, kind);
    return { type: event.type, subject: event.subject, sequence: event.sequence, previous: event.previous, event };
  }

  private event(message: FetchedMessage, isKnown: boolean, kind: string | undefined): PublicEvent {
    const { subscription, topic, partition } = this.options;
    try {
      const event = fromMessage(message, subscription.from);
      return isKnown ? event : { ...event, unreadable: `${subscription.from} publishes no ${kind}, as far as this version knows` };
    } catch (error) {
      if (!(error instanceof UnreadableMessage)) throw error;
      const place = { context: subscription.from, topic, partition, offset: message.offset };
      return unreadableEvent(message, place, error.message);
    }
  }

  private async commitSoon(): Promise<void> {
    const restMs = this.committedAt + COMMIT_PAUSE_MS - performance.now();
    if (restMs <= 0) return this.commit();
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.settle();
    }, restMs);
  }

  private async commit(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const next = this.uncommitted;
    if (next === undefined) return;
    this.committedAt = performance.now();
    try {
      await this.options.commit(this.options.topic, this.options.partition, next);
      if (this.uncommitted === next) this.uncommitted = undefined;
    } catch (error) {
      // The group is being rearranged, or its broker is away: tried again by `settle`; at worst the events come again.
      this.lastCommitError = error;
    }
  }

  /** Why the last commit failed. */
  lastCommitError: unknown;
}
