import { Refused, type Aggregate, type DomainEvent, type EventMeta } from '@concord/kernel';

/** The business time and the actor that `given` uses where a spec does not care. */
export const SPEC_META: EventMeta = { at: '2026-01-01T00:00:00.000Z', person: 'person-1', organisation: 'organisation-1' };

/** An event, or an event with the facts recorded beside it. */
export type Past = DomainEvent | readonly [DomainEvent, Partial<EventMeta>];

/** Folds a history; checks each payload against its schema and each state against a JSON round trip. */
export function fold<State>(aggregate: Aggregate<State>, past: readonly Past[]): State {
  let state = aggregate.initial;
  for (const entry of past) {
    const [event, meta] = Array.isArray(entry) ? (entry as [DomainEvent, Partial<EventMeta>]) : [entry as DomainEvent, {}];
    const definition = aggregate.events.get(event.kind);
    if (!definition) throw new Error(`${aggregate.kind} does not declare ${event.kind}`);
    expect(definition.parse(structuredClone(event.data), definition.version)).toEqual(event.data);
    state = aggregate.evolve(state, event, { ...SPEC_META, ...meta });
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  }
  return state;
}

/**
 * Given events, when a decision, then events or a refusal:
 * `given(Pledge, [made]).when((state) => withdrawPledge(state, command)).then(PledgeWithdrawn({...}))`.
 */
export function given<State>(aggregate: Aggregate<State>, past: readonly Past[]) {
  const state = fold(aggregate, past);
  return {
    state,
    when(decide: (state: State) => DomainEvent | readonly DomainEvent[] | void) {
      const outcome = attempt(() => decide(state));
      return {
        /** The decision returned exactly these events, which fold and fit their schemas. */
        then(...expected: DomainEvent[]): State {
          if (outcome.refused) throw new Error(`refused ${outcome.refused.code}: ${outcome.refused.message}`);
          expect(outcome.events).toEqual(expected);
          return fold(aggregate, [...past, ...outcome.events]);
        },
        /** The decision was refused with this code. */
        refused(code: string, details?: Record<string, unknown>): void {
          expect(outcome.refused?.code).toBe(code);
          if (details) expect(outcome.refused?.details).toMatchObject(details);
        },
      };
    },
  };
}

function attempt(decide: () => DomainEvent | readonly DomainEvent[] | void): { events: DomainEvent[]; refused?: Refused } {
  try {
    const result = decide();
    return { events: result === undefined ? [] : Array.isArray(result) ? [...(result as DomainEvent[])] : [result as DomainEvent] };
  } catch (error) {
    if (error instanceof Refused) return { events: [], refused: error };
    throw error;
  }
}
