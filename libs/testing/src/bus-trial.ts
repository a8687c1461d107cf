import { defineAggregate, defineEvent, type DomainEvent } from '@concord/kernel';
import {
  AdjustableClock,
  Context,
  defineService,
  provision,
  uuidv7,
  type Bus,
  type PublicEvent,
  type Source,
  type Subscription,
} from '@concord/platform';
import { z } from 'zod';
import { testDatabase } from './database.js';

/** What a driver of the bus is given. */
export interface BusSurroundings {
  /** Logs by context. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Another for each test, the same for each bus of a test: a driver with a broker names its topics and groups by it. */
  readonly namespace: string;
  failed(error: unknown, listener: string): void;
}

/** Makes a bus of the driver under test. Called again with the same surroundings it is the same bus after a restart. */
export type MakeBus = (surroundings: BusSurroundings) => Bus | Promise<Bus>;

/** Public as it is stored. */
export const JarFilled = defineEvent('JarFilled', z.strictObject({ n: z.int(), notes: z.array(z.string()) }));
/** Public under another name. */
export const JarTasted = defineEvent('JarTasted', z.strictObject({ n: z.int() }));
/** Private; its public form is `JarTasted`. */
export const JarOpened = defineEvent('JarOpened', z.strictObject({ n: z.int(), by: z.string() }));
/** Private. */
export const JarShaken = defineEvent('JarShaken', z.strictObject({}));

const Jar = defineAggregate<{ events: number }, readonly [typeof JarFilled, typeof JarOpened, typeof JarShaken]>({
  kind: 'jar',
  initial: { events: 0 },
  events: [JarFilled, JarOpened, JarShaken],
  evolve: {
    JarFilled: ({ events }) => ({ events: events + 1 }),
    JarOpened: ({ events }) => ({ events: events + 1 }),
    JarShaken: ({ events }) => ({ events: events + 1 }),
  },
});

const published = (event: DomainEvent): DomainEvent | undefined => {
  if (event.kind === 'JarShaken') return undefined;
  return event.kind === 'JarOpened' ? JarTasted({ n: (event.data as { n: number }).n }) : event;
};

/** A context whose log the bus carries. */
const sourceNamed = (name: string) =>
  defineService({
    name,
    resources: [],
    aggregates: [Jar],
    commands: [],
    queries: [],
    reactions: [],
    projections: [],
    schedules: [],
    migrations: [],
    published,
    publishes: [JarFilled, JarTasted],
  });

/** A listener that keeps what it has handled. */
export class Hearing implements Subscription {
  readonly handled: PublicEvent[] = [];
  readonly from: string;
  readonly kinds?: readonly string[];
  /** Runs before events count as handled; throws to make the listener fail. */
  meanwhile: (events: readonly PublicEvent[]) => Promise<void> | void = () => undefined;

  constructor(
    readonly group: string,
    { from = 'larder', kinds }: { from?: string; kinds?: readonly string[] } = {},
  ) {
    this.from = from;
    if (kinds) this.kinds = kinds;
  }

  async handle(events: readonly PublicEvent[]): Promise<void> {
    const copy = structuredClone(events);
    await this.meanwhile(events);
    this.handled.push(...copy);
  }

  /** Sequences by subject, each event where it was handled first: the bus may hand over twice, but never late. */
  sequences(subject: string): number[] {
    return [...new Set(this.handled.filter((event) => event.subject === subject).map(({ sequence }) => sequence))];
  }
}

/** One test's contexts `larder` and `cellar`, and a bus of the driver under test over them. */
export class BusTrial {
  readonly faults: unknown[] = [];
  /** Whether the bus is told of commits. */
  hints = true;
  private bus: Bus | undefined;

  private constructor(
    private readonly makeBus: MakeBus,
    private readonly contexts: Map<string, Context>,
    private readonly namespace: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(makeBus: MakeBus): Promise<BusTrial> {
    const database = await testDatabase();
    const accesses = await provision(database.url, ['larder', 'cellar']);
    const contexts = new Map<string, Context>();
    const trial = new BusTrial(makeBus, contexts, new URL(database.url).pathname.slice(1), database.drop);
    await Promise.all(
      [...accesses].map(async ([name, access]) => {
        const surroundings = {
          clock: new AdjustableClock(),
          standingChanges: () => [],
          busy: () => false,
          catchUp: () => Promise.resolve(),
          committed: () => void (trial.hints && trial.bus?.wake(name)),
          failed: (_where: string, error: unknown) => void trial.faults.push(error),
        };
        contexts.set(name, await Context.open(sourceNamed(name), access, surroundings));
      }),
    );
    return trial;
  }

  /** Starts a bus with these listeners: the first time, or again after `stop`. */
  async start(...listeners: readonly Subscription[]): Promise<Bus> {
    const sources = new Map(
      [...this.contexts].map(([name, { database, publisher }]) => [name, { pool: database.pool, publisher }]),
    );
    this.bus = await this.makeBus({ sources, namespace: this.namespace, failed: (error) => void this.faults.push(error) });
    for (const listener of listeners) this.bus.subscribe(listener);
    await this.bus.start();
    return this.bus;
  }

  async stop(): Promise<void> {
    const bus = this.bus;
    this.bus = undefined;
    await bus?.stop();
  }

  async append(subject: string, events: readonly DomainEvent[], from = 'larder'): Promise<void> {
    await this.contexts.get(from)!.execute((decision) => decision.append(Jar, subject, ...events));
  }

  /** Appends so many fillings to each of so many new subjects, side by side, and returns the subjects. */
  async fill(subjects: number, each: number): Promise<string[]> {
    const ids = Array.from({ length: subjects }, uuidv7);
    for (let n = 1; n <= each; n += 1) await Promise.all(ids.map((id) => this.append(id, [JarFilled({ n, notes: [] })])));
    return ids;
  }

  async close(): Promise<void> {
    await this.stop();
    for (const context of this.contexts.values()) await context.close();
    await this.drop();
  }
}
