import type { Pool } from 'pg';
import { Tail } from '../log/tail.js';
import type { PublicEvent } from '../service/public-event.js';
import { publishSpans } from '../telemetry/tracing.js';
import { Bus, type Subscription } from './bus.js';
import { kindOf, type Publisher } from './public-event.js';

const CATCH_UP_MS_MAX = 1_000;

const tailName = (group: string): string => `bus ${group}`;

/** A context's log, as the bus reads it. */
export interface Source {
  readonly pool: Pool;
  readonly publisher: Publisher;
}

/**
 * The bus of a single process: each listener reads the durable log itself, with a cursor beside it, so that nothing published is
 * ever only in memory. Events go through a JSON round trip, as they would over Kafka: a listener cannot change another's copy.
 */
export class InProcessBus extends Bus {
  private readonly tails = new Map<string, Tail[]>();
  private readonly subscriptions: Subscription[] = [];

  constructor(
    private readonly sources: ReadonlyMap<string, Source>,
    private readonly failed: (error: unknown, listener: string) => void,
    private readonly busy: () => boolean = () => false,
  ) {
    super();
  }

  subscribe(subscription: Subscription): void {
    this.subscriptions.push(subscription);
  }

  async start(): Promise<void> {
    for (const subscription of this.subscriptions) {
      const source = this.sources.get(subscription.from);
      if (!source) throw new Error(`${subscription.group} listens to ${subscription.from}, which does not run in this process`);
      const tail = this.tailFor(subscription, source);
      this.tails.set(subscription.from, [...(this.tails.get(subscription.from) ?? []), tail]);
      await tail.start();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.all().map((tail) => tail.stop()));
  }

  async settled(): Promise<void> {
    // Those of one log one after the other: each look takes one of its few connections.
    await Promise.all(
      [...this.tails.values()].map(async (tails) => {
        for (const tail of tails) await tail.caughtUp();
      }),
    );
  }

  async caughtUp(group: string, from: string): Promise<void> {
    const tail = this.tails.get(from)?.find(({ name }) => name === tailName(group));
    await tail?.caughtUp(CATCH_UP_MS_MAX).catch((error: unknown) => this.failed(error, `${group} from ${from}`));
  }

  wake(from: string): void {
    for (const tail of this.tails.get(from) ?? []) tail.wake();
  }

  ageMs(): number {
    return Math.max(0, ...this.all().map((tail) => tail.ageMs));
  }

  private all(): Tail[] {
    return [...this.tails.values()].flat();
  }

  private tailFor(subscription: Subscription, { pool, publisher }: Source): Tail {
    const { kinds } = subscription;
    return new Tail({
      pool,
      name: tailName(subscription.group),
      batch: 1_000,
      pollMs: 1_000,
      ...(subscription.watched ? { watched: true } : {}),
      ...(kinds ? { kinds: publisher.storedKinds(kinds) } : {}),
      deliver: async (rows) => {
        const all = rows.flatMap((row) => publisher.publicForm(row) ?? []);
        const events = kinds ? all.filter((event) => kinds.includes(kindOf(event))) : all;
        if (events.length === 0) return;
        const ended = publishSpans(subscription.from, subscription.group, events);
        await subscription.handle(JSON.parse(JSON.stringify(events)) as PublicEvent[]).then(
          () => ended(),
          (error: unknown) => {
            ended(true);
            throw error;
          },
        );
      },
      failed: (error) => this.failed(error, `${subscription.group} from ${subscription.from}`),
      busy: () => this.busy(),
    });
  }
}
