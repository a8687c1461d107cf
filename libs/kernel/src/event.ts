import type { z } from 'zod';

/**
 * One upward step of an event's shape: takes the payload as version n wrote it and returns it as version n + 1 does.
 * Lifts run on read, so that the rest of the code knows the newest shape only.
 */
export type Lift = (data: never) => unknown;

/** A fact, as a decision returns it: what happened, without when, who or where in the stream. */
export interface DomainEvent<K extends string = string, D = unknown> {
  readonly kind: K;
  readonly data: D;
}

/** A kind of event as a value: call it to make an event, ask it to read one that any earlier version wrote. */
export interface EventDefinition<K extends string = string, S extends z.ZodType = z.ZodType> {
  (data: z.output<S>): DomainEvent<K, z.output<S>>;
  readonly kind: K;
  readonly schema: S;
  /** Number of the newest shape: lifts + 1. */
  readonly version: number;
  /** Lifts a stored payload from `version` and checks it; throws a `ZodError` when it does not fit, a `RangeError` for a version from the future. */
  parse(data: unknown, version: number): z.output<S>;
}

/** The event a definition makes. */
export type EventOf<Definition> = Definition extends EventDefinition<infer K, infer S> ? DomainEvent<K, z.output<S>> : never;

/**
 * Defines a kind of event. `lifts[n]` turns a payload of version n + 1 into version n + 2; any change of shape other than
 * a new optional field needs one, and a golden payload of the old version.
 */
export function defineEvent<const K extends string, S extends z.ZodType>(
  kind: K,
  schema: S,
  lifts: readonly Lift[] = [],
): EventDefinition<K, S> {
  const version = lifts.length + 1;
  const make = (data: z.output<S>) => ({ kind, data });
  const parse = (data: unknown, from: number) => {
    if (!Number.isInteger(from) || from < 1 || from > version) {
      throw new RangeError(`${kind} version ${from} is unknown here; this build reads versions 1 to ${version}`);
    }
    const lifted = lifts.slice(from - 1).reduce<unknown>((payload, lift) => lift(payload as never), data);
    return schema.parse(lifted);
  };
  return Object.assign(make, { kind, schema, version, parse });
}
