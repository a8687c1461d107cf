import type { Route } from '@concord/platform';
import fc from 'fast-check';
import { HOSTILE_BODIES, HOSTILE_KEYS, hostileValues, Written } from './hostile-values.js';
import { fitting, resolved, schemaOf, type JsonSchema } from './json-schema.js';

/** A body made from a fitting one, and what was done to it. */
export interface Mutant {
  readonly what: string;
  readonly body: string | Uint8Array;
  /** Whether the route's schema takes it: then the domain, not the shape, has to cope. */
  readonly fits: boolean;
}

type Path = readonly (string | number)[];

const pathsOf = (value: unknown, at: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...at, Array.isArray(value) ? Number(key) : key]))];
};

/** Copies a value with a change at one place; `undefined` removes what is there. */
function changed(value: unknown, path: Path, change: (here: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? changed(item, rest, change) : item)).filter((item) => item !== undefined);
  const entries = Object.entries(value as object).map(
    ([key, item]) => [key, key === step ? changed(item, rest, change) : item] as const,
  );
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/** Writes JSON, with what is `Written` as it stands. */
export function write(value: unknown): string {
  if (value instanceof Written) return value.json;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`)
    .join(',')}}`;
}

/** A body with every optional field, so that each can be spoilt. */
function full(given: JsonSchema, root: JsonSchema, choose: number): unknown {
  const schema = resolved(given, root);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return full(choices[choose % choices.length]!, root, choose);
  if (schema.type === 'object') {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, full(part, root, choose)]));
  }
  if (schema.type === 'array')
    return Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => full(schema.items!, root, choose));
  return fitting(schema, root);
}

function fits(route: Route, body: string | Uint8Array): boolean {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  try {
    // A byte order mark is overlooked, as RFC 8259 allows.
    return route.body!.safeParse(text === '' ? {} : JSON.parse(text.replace(/^\ufeff/u, ''))).success;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const spoilt = (base: unknown, values: readonly unknown[]): fc.Arbitrary<{ what: string; body: string }> => {
  const path = fc.constantFrom(...pathsOf(base));
  const shown = (at: Path): string => `/${at.join('/')}`;
  const replaced = fc
    .tuple(path, fc.constantFrom(...values))
    .map(([at, value]) => ({ what: `${shown(at)} = ${write(value).slice(0, 60)}`, body: write(changed(base, at, () => value)) }));
  const removed = path.map((at) => ({
    what: `without ${shown(at)}`,
    body: write(at.length === 0 ? null : changed(base, at, () => undefined)),
  }));
  const added = fc.tuple(path, fc.constantFrom(...HOSTILE_KEYS), fc.constantFrom(...values)).map(([at, key, value]) => {
    const add = (here: unknown): unknown =>
      typeof here === 'object' && here !== null && !Array.isArray(here)
        ? new Written(
            `{${[...Object.entries(here), [key, value] as const].map(([name, item]) => `${JSON.stringify(name)}:${write(item)}`).join(',')}}`,
          )
        : { [`${key}!`]: value };
    return { what: `${shown(at)} with the key ${JSON.stringify(key).slice(0, 40)}`, body: write(changed(base, at, add)) };
  });
  return fc.oneof({ weight: 6, arbitrary: replaced }, { weight: 1, arbitrary: removed }, { weight: 2, arbitrary: added });
};

/** `count` spoilt bodies of a route, the same for the same seed. Ids of the world stand for other kinds and other tenants. */
export function mutantsOf(route: Route, bases: readonly unknown[], ids: readonly string[], seed: number, count: number): Mutant[] {
  const schema = schemaOf(route.body!);
  const values = hostileValues(ids);
  const all = [...bases, ...[0, 1, 2, 3].map((choose) => full(schema, schema, choose))];
  const arbitrary = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...all).chain((base) => spoilt(base, values)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...HOSTILE_BODIES).map((body) => ({ what: `the body ${String(body).slice(0, 40)}`, body })),
    },
  );
  return fc.sample(arbitrary, { seed, numRuns: count }).map(({ what, body }) => ({ what, body, fits: fits(route, body) }));
}
