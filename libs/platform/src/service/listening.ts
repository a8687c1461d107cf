import type { EventDefinition } from '@concord/kernel';
import type { Database } from '../database/table.js';
import type { EventDecision, StreamRef } from './decision.js';
import type { PublicEvent } from './public-event.js';

/** A step that answers an event: of another context (its public form), or of the own one. At least once, effect once. */
export interface ReactionDefinition<Definition extends EventDefinition = EventDefinition> {
  /** `on-need-published`: also the name under which its inbox rows are kept, so it never changes. */
  readonly name: string;
  /** Context the event comes from. */
  readonly from: string;
  readonly on: Definition;
  reads?(event: PublicEvent<ReturnType<Definition['parse']>>): readonly StreamRef[];
  decide(decision: EventDecision<ReturnType<Definition['parse']>>): void;
}

/** A reaction that first looks up in tables whom an event concerns, and then decides. The look-up may be a moment old; the decision is not. */
export interface ExpansionDefinition<Targets = unknown> {
  /** Also the name under which its inbox rows are kept, so it never changes. */
  readonly name: string;
  /** Contexts whose topics it follows. */
  readonly from: readonly string[];
  /** Kinds it wants; all when absent. */
  readonly kinds?: readonly string[];
  expand(event: PublicEvent, db: Database): Promise<Targets>;
  /** Streams the decision will read, where the targets tell. */
  reads?(targets: Targets): readonly StreamRef[];
  decide(decision: EventDecision<unknown> & { readonly targets: Targets }): void;
  /**
   * Looks up once more, for an event that was decided on before the tables had learnt all that was true at its time: targets that
   * missed it, each under a name for which `decide` runs once.
   */
  again?(event: PublicEvent, db: Database): Promise<ReadonlyMap<string, Targets>>;
}

interface ConsumerTraits {
  readonly name: string;
  /** Contexts whose topics it follows. */
  readonly from: readonly string[];
  /** Kinds it wants; all when absent. */
  readonly kinds?: readonly string[];
  /** People watch what comes of it: it hears of events as soon as they are there, where others let them gather. */
  readonly watched?: boolean;
}

interface ApplyingConsumer {
  /** Takes effect for events that were not handled before, in the transaction that marks them. */
  apply(events: readonly PublicEvent[], db: Database): Promise<void>;
  /** Runs after the commit of a batch: pushes to what lives in memory. May run again for events it ran for before. */
  after?(events: readonly PublicEvent[]): void;
  /**
   * Events heard before, to which what was just applied matters: it was true at their time and came later, as events of different
   * objects do. Expansions look up their targets `again`. May be asked again for events it was asked for before.
   */
  belated?(events: readonly PublicEvent[], db: Database): Promise<readonly PublicEvent[]>;
}

interface WritingConsumer {
  /**
   * Marks events in the inbox and takes effect for those that had no such mark, in one statement: transactions hold up all who follow logs.
   */
  write(mark: string, events: readonly PublicEvent[], db: Database): Promise<void>;
}

/** Applies batches of public events to tables. For what has no decision in it: replicas, feeds. */
export type ConsumerDefinition = ConsumerTraits & (ApplyingConsumer | WritingConsumer);

/** Declares a reaction. */
export const defineReaction = <Definition extends EventDefinition>(reaction: ReactionDefinition<Definition>): ReactionDefinition =>
  reaction as unknown as ReactionDefinition;

/** Declares an expansion. */
export const defineExpansion = <Targets>(expansion: ExpansionDefinition<Targets>): ExpansionDefinition =>
  expansion as unknown as ExpansionDefinition;
