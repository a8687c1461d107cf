import type { Pool } from 'pg';
import { CompressionTypes, Partitioners, type Kafka, type PartitionerArgs, type Producer } from 'kafkajs';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { Tail, type Place, type TailedEvent } from '../log/tail.js';
import { publishSpans } from '../telemetry/tracing.js';
import { KafkaTrouble, within } from './kafka-client.js';
import { toMessage, type OutgoingMessage } from './kafka-message.js';
import type { PublicEvent } from '../service/public-event.js';
import type { Publisher } from './public-event.js';

const BATCH = 2_000;
const POLL_MS = 100;
/** Each send is a round of everyone who listens: at most forty a second. The first after a rest goes at once. */
const GATHER_MS = 25;
/** A broker takes at most 1 MB as one batch of a partition; headers and frames are not in our sum. */
const SEND_BYTES_MAX = 512 * 1024;
/** Smaller sends are not worth the time of both ends. */
const GZIP_BYTES_MIN = 64 * 1024;
/** Longer than kafkajs tries by itself. */
const SEND_MS_MAX = 30_000;
const CLOSE_MS_MAX = 2_000;
/** How long brokers have to acknowledge what is under way when the process wants to end. */
const LAST_SEND_MS_MAX = 5_000;
/** How often a relay in reserve looks, and how long the holder may stand still with work before it. */
const RESERVE_POLL_MS = 1_000;
const RESERVE_MS_MAX = 5_000;
/** Longest time a backlog is worked off in one go, milliseconds. */
const DRAIN_MS_MAX = 10_000;
const NAME = 'relay';

export interface RelayOptions {
  readonly kafka: Kafka;
  readonly brokers: readonly string[];
  readonly context: string;
  readonly topic: string;
  readonly pool: Pool;
  readonly publisher: Publisher;
  failed(error: unknown): void;
  busy?(): boolean;
}

/** A producer that knows which partitions it was asked to send to: kafkajs may forget one when its leader moves. */
class Sender {
  private readonly used = new Set<number>();
  readonly producer: Producer;

  constructor(
    kafka: Kafka,
    private readonly topic: string,
  ) {
    const createPartitioner = () => {
      const partitionOf = Partitioners.DefaultPartitioner();
      return (args: PartitionerArgs): number => {
        const partition = partitionOf(args);
        this.used.add(partition);
        return partition;
      };
    };
    this.producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner });
  }

  /** Resolves when all replicas in sync have all messages. */
  async send(messages: OutgoingMessage[], bytes: number): Promise<void> {
    this.used.clear();
    const compression = bytes >= GZIP_BYTES_MIN ? CompressionTypes.GZIP : CompressionTypes.None;
    const answers = await this.producer.send({ topic: this.topic, acks: -1, compression, messages });
    const acknowledged = new Set(answers.map(({ partition }) => partition));
    const forgotten = [...this.used].filter((partition) => !acknowledged.has(partition));
    if (forgotten.length > 0) throw new Error(`partition ${forgotten.join(', ')} of ${this.topic} was not acknowledged`);
  }
}

/**
 * Publishes a context's log to its topic (reliability.md 4.3), in the order of each stream. The cursor moves after the brokers
 * acknowledged, so after any fault the same events go out again: listeners drop copies. Of several processes of one context the one
 * started last relays; the others stand in reserve and take over when it stops moving.
 */
export class KafkaRelay {
  private tail: Tail | undefined;
  private sender: Promise<Sender> | undefined;
  private supervising: Promise<void> | undefined;
  private stopped = false;
  private readonly halted = new AbortController();
  private readonly hurry = { signal: this.halted.signal, ms: LAST_SEND_MS_MAX };
  private draining = false;
  /** Since when a relay in reserve has seen the holder stand still, on the monotonic clock. */
  private stillSince: number | undefined;

  constructor(private readonly options: RelayOptions) {}

  /** Milliseconds since everything in the log was last known to be published. */
  get ageMs(): number {
    const still = this.stillSince === undefined ? 0 : performance.now() - this.stillSince;
    return Math.max(this.tail?.ageMs ?? 0, still);
  }

  /** Begins to relay. Throws when the database cannot be reached. */
  async start(): Promise<void> {
    await this.follow();
    this.supervising = this.supervise();
  }

  wake(): void {
    this.tail?.wake();
  }

  /** Resolves when what the log held at the call is on the topic. Throws with the last error after `timeoutMs`. */
  async caughtUp(timeoutMs: number): Promise<void> {
    await this.tail?.caughtUp(timeoutMs);
  }

  /** Stops after the batch under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.halted.abort();
    await this.tail?.stop();
    await this.supervising;
    await this.discard();
  }

  private async follow(): Promise<void> {
    const { pool, failed, busy } = this.options;
    const tail = new Tail({
      pool,
      name: NAME,
      batch: BATCH,
      pollMs: POLL_MS,
      watched: true,
      gatherMs: GATHER_MS,
      deliver: (rows) => this.publish(rows),
      failed: (error) => failed(error),
      ...(busy ? { busy: () => busy() } : {}),
    });
    await tail.start();
    this.tail = tail;
  }

  private async supervise(): Promise<void> {
    while (!this.stopped) {
      await this.tail?.ended;
      if (this.stopped) return;
      // Fenced: another process of this context relays now. How far this one was behind says nothing any more.
      this.tail = undefined;
      await this.discard();
      try {
        await this.inReserve();
        if (!this.stopped) await this.follow();
      } catch (error) {
        if (this.stopped) return;
        this.options.failed(error);
        await this.pause(RESERVE_POLL_MS);
      }
    }
  }

  /** Resolves when the holder has stood still for too long with events before it, or when this one stops. */
  private async inReserve(): Promise<void> {
    let last = '';
    while (!this.stopped) {
      const { place, behind } = await this.look();
      if (!behind || place !== last) this.stillSince = undefined;
      else this.stillSince ??= performance.now();
      last = place;
      if (this.stillSince !== undefined && performance.now() - this.stillSince > RESERVE_MS_MAX) break;
      await this.pause(RESERVE_POLL_MS);
    }
    this.stillSince = undefined;
  }

  private async look(): Promise<{ place: string; behind: boolean }> {
    const { rows } = await this.options.pool.query<Place & { behind: boolean }>(
      `SELECT xid::text, position::text, EXISTS (SELECT 1 FROM events e WHERE (e.xid, e.position) > (c.xid, c.position)
          AND e.xid < pg_snapshot_xmin(pg_current_snapshot())) AS behind FROM cursors c WHERE name = $1`,
      [NAME],
    );
    const [row] = rows;
    return row ? { place: `${row.xid}/${row.position}`, behind: row.behind } : { place: '', behind: false };
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.halted.signal }).catch(() => undefined);
  }

  private async publish(rows: readonly TailedEvent[]): Promise<void> {
    if (rows.length >= BATCH) this.drain();
    const parts = inParts(rows, this.options.publisher);
    const next = (): Part | undefined => parts.next().value ?? undefined;
    for (let part = next(); part;) {
      const sent = this.send(part);
      // The next part is made while this one is packed and acknowledged elsewhere.
      const following = turn().then(next);
      following.catch(() => undefined); // heard when this one is sent
      await sent;
      part = await following;
    }
  }

  private async send({ events, messages, bytes }: Part): Promise<void> {
    const ended = publishSpans(this.options.context, 'kafka', events);
    try {
      const sender = await (this.sender ??= this.connect());
      await within(SEND_MS_MAX, 'sending', sender.send(messages, bytes), this.hurry);
      ended();
    } catch (error) {
      ended(true);
      // The numbers of an idempotent producer are only good for the very same batches: the next try may be cut otherwise.
      await this.discard();
      throw new KafkaTrouble(`publishing ${this.options.context}`, this.options.brokers, error);
    }
  }

  /** A full page means a backlog: as long as somebody waits for its end, the tail does not pause between pages to let events gather. */
  private drain(): void {
    const { tail } = this;
    if (!tail || this.draining || this.stopped || this.options.busy?.()) return;
    this.draining = true;
    void tail
      .caughtUp(DRAIN_MS_MAX)
      .catch(() => undefined) // the tail itself reports what fails
      .finally(() => (this.draining = false));
  }

  private async connect(): Promise<Sender> {
    const sender = new Sender(this.options.kafka, this.options.topic);
    try {
      await within(SEND_MS_MAX, 'connecting', sender.producer.connect(), this.hurry);
      return sender;
    } catch (error) {
      void sender.producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  /** Lets the producer go. Whatever it has under way may still arrive: as copies, after the originals. */
  private async discard(): Promise<void> {
    const sender = this.sender;
    this.sender = undefined;
    if (!sender) return;
    await within(
      CLOSE_MS_MAX,
      'closing',
      sender.then(({ producer }) => producer.disconnect()),
    ).catch(() => undefined);
  }
}

/** What goes out in one send. */
interface Part {
  readonly events: PublicEvent[];
  readonly messages: OutgoingMessage[];
  readonly bytes: number;
}

/** The public events of these rows in their order, cut into parts that no broker finds too large even if all of one went to one partition. */
function* inParts(rows: readonly TailedEvent[], publisher: Publisher): Generator<Part, undefined> {
  let [events, messages, bytes]: [PublicEvent[], OutgoingMessage[], number] = [[], [], 0];
  for (const row of rows) {
    const event = publisher.publicForm(row);
    if (!event) continue;
    const message = toMessage(event);
    const size = sizeOf(message);
    if (messages.length > 0 && bytes + size > SEND_BYTES_MAX) {
      yield { events, messages, bytes };
      [events, messages, bytes] = [[], [], 0];
    }
    events.push(event);
    messages.push(message);
    bytes += size;
  }
  if (messages.length > 0) yield { events, messages, bytes };
}

const sizeOf = ({ key, value, headers }: OutgoingMessage): number => {
  let bytes = Buffer.byteLength(value) + key.length;
  for (const name in headers) bytes += name.length + Buffer.byteLength(headers[name]!);
  return bytes;
};
