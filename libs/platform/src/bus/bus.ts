import type { PublicEvent } from '../service/public-event.js';

/** Where an event stands in its stream: all that has to be known of one that nobody wants. */
export interface Step {
  /** `concord.<context>.<EventKind>` */
  readonly type: string;
  readonly subject: string;
  /** Stream version of the event, and of the event published before it (0: none). A negative one: it could not be read. */
  readonly sequence: number;
  readonly previous: number;
  /** The event itself, when it is of a kind that is wanted. */
  readonly event?: PublicEvent;
}

/** Who listens: one group handles each event once, however many processes it has. */
export interface Subscription {
  /** Name of the listening context. Its place in each topic is kept under this name, so it never changes. */
  readonly group: string;
  /** Context whose topic it is. */
  readonly from: string;
  /** Kinds it wants; all when absent. */
  readonly kinds?: readonly string[];
  /** People watch what comes of it: it is handed over as soon as it is there, and not gathered. */
  readonly watched?: boolean;
  /**
   * Handles events: in order for one subject, in any order across subjects. Resolves when the effects are durable; the group's
   * place moves after that. A throw hands the same events over again.
   */
  handle(events: readonly PublicEvent[]): Promise<void>;
  /**
   * Takes everything that came, wanted or not, in its order. A bus that reads no log but what others sent calls this, where it is there, in
   * place of `handle`: only who sees all events of a stream can tell that one is missing.
   */
  follow?(steps: readonly Step[]): Promise<void>;
}

/** How public events travel from the log of one context to the others: at least once, in order per subject. */
export abstract class Bus {
  /** Registers a listener. Call before `start`. */
  abstract subscribe(subscription: Subscription): void;
  abstract start(): Promise<void>;
  /** Stops after what is under way. */
  abstract stop(): Promise<void>;
  /** Resolves when every listener has handled what was published before the call. */
  abstract settled(): Promise<void>;
  /** Resolves when a group has handled what a context had published before the call, or after a second. */
  abstract caughtUp(group: string, from: string): Promise<void>;
  /** A hint that a context has appended; the bus may rely on its own poll instead. */
  abstract wake(from: string): void;
  /** Longest time any listener has been behind its topic, milliseconds. */
  abstract ageMs(): number;

  /** Longest time a log has waited to be published, milliseconds; a bus whose listeners read the log has no such step of its own. */
  relayAgeMs(): number {
    return this.ageMs();
  }

  /** Longest time a listener has been behind what was published, milliseconds. */
  listenerAgeMs(): number {
    return this.ageMs();
  }
}
