import { Bus, InProcessBus, type BusWiring, type PublicEvent, type Source, type Subscription } from '@concord/platform';

/** How a listener is handed events where something is wrong with that. */
export type Handing = (events: readonly PublicEvent[], sound: Subscription['handle'], subscription: Subscription) => Promise<void>;

/** What is wrong with a bus. */
export interface Mutation {
  /** Wrong handing over, for this group only. */
  readonly group?: string;
  readonly handing?: Handing;
  /** Tells which public events of pledges the bus never carries, although its place in the log moves past them. */
  readonly forgets?: (event: PublicEvent) => boolean;
}

/** The bus of one process with one fault of a distributed one: who hands over, what is carried, and in which order. */
export class MutantBus extends Bus {
  private readonly bus: InProcessBus;
  private readonly sources = new Map<string, Source>();

  constructor(
    private readonly wiring: BusWiring,
    private readonly mutation: Mutation,
  ) {
    super();
    this.bus = new InProcessBus(this.sources, wiring.failed, wiring.busy);
  }

  subscribe(subscription: Subscription): void {
    const { group, handing } = this.mutation;
    const sound = (events: readonly PublicEvent[]): Promise<void> => subscription.handle(events);
    const isWrong = handing !== undefined && subscription.group === group && subscription.from === 'pledges';
    this.bus.subscribe(isWrong ? { ...subscription, handle: (events) => handing(events, sound, subscription) } : subscription);
  }

  start(): Promise<void> {
    for (const [name, source] of this.wiring.sources) this.sources.set(name, this.mutated(name, source));
    return this.bus.start();
  }

  stop(): Promise<void> {
    return this.bus.stop();
  }

  settled(): Promise<void> {
    return this.bus.settled();
  }

  caughtUp(group: string, from: string): Promise<void> {
    return this.bus.caughtUp(group, from);
  }

  wake(from: string): void {
    this.bus.wake(from);
  }

  ageMs(): number {
    return this.bus.ageMs();
  }

  private mutated(name: string, source: Source): Source {
    const { forgets } = this.mutation;
    if (!forgets || name !== 'pledges') return source;
    const { publisher } = source;
    const forgetful = Object.assign(Object.create(publisher) as typeof publisher, {
      publicForm: (row: Parameters<typeof publisher.publicForm>[0]) => {
        const event = publisher.publicForm(row);
        return event && !forgets(event) ? event : undefined;
      },
    });
    return { ...source, publisher: forgetful };
  }
}
