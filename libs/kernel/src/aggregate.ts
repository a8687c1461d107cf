import type { DomainEvent, EventDefinition, EventOf } from './event.js';

/** Who acted, for whom and when: recorded beside every event, given to the fold, never decided by the domain. */
export interface EventMeta {
  /** Business time, RFC 3339 UTC with milliseconds. */
  readonly at: string;
  /** Opaque id of the person who acted; absent when the platform's clock or a reaction acted. */
  readonly person?: string;
  /** The organisation the person acted for. */
  readonly organisation?: string;
}

type Evolve<State, Definition extends EventDefinition> = {
  [Kind in Definition['kind']]: (
    state: State,
    data: EventOf<Extract<Definition, { kind: Kind }>>['data'],
    meta: EventMeta,
  ) => State;
};

/**
 * One kind of consistency boundary: its events and how they fold into a state. States and payloads are plain JSON values,
 * so that a stored state equals a fresh fold.
 */
export interface Aggregate<State = unknown> {
  readonly kind: string;
  readonly initial: State;
  readonly events: ReadonlyMap<string, EventDefinition>;
  /** Returns the state after one event; never changes the state it was given. Throws on an unknown kind. */
  evolve(state: State, event: DomainEvent, meta: EventMeta): State;
}

/** Defines an aggregate from its empty state, its events and one fold step per event. */
export function defineAggregate<State, const Definitions extends readonly EventDefinition[]>(definition: {
  kind: string;
  initial: State;
  events: Definitions;
  evolve: Evolve<State, Definitions[number]>;
}): Aggregate<State> {
  const steps = definition.evolve as unknown as Record<string, (state: State, data: unknown, meta: EventMeta) => State>;
  return {
    kind: definition.kind,
    initial: definition.initial,
    events: new Map(definition.events.map((event) => [event.kind, event])),
    evolve(state, event, meta) {
      const step = Object.hasOwn(steps, event.kind) ? steps[event.kind] : undefined;
      if (!step) throw new Error(`${definition.kind} does not know the event ${event.kind}`);
      return step(state, event.data, meta);
    },
  };
}
