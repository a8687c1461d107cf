import { PLEDGES_EVENTS } from '@concord/contracts';
import type { Aggregate } from '@concord/kernel';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pledges } from './pledges.service.js';
import { published } from './published.js';

const folder = import.meta.dirname;
const publicKinds = new Set<string>(PLEDGES_EVENTS.map(({ kind }) => kind));
const aggregates: readonly Aggregate[] = [...pledges.resources.map(({ aggregate }) => aggregate), ...(pledges.aggregates ?? [])];
const definitions = aggregates.flatMap(({ events }) => [...events.values()]);

/** Where the payload is kept that the first version of an event wrote. */
const goldenOf = (kind: string): string =>
  resolve(folder, publicKinds.has(kind) ? '../../contracts/history/pledges' : '../history', `${kind}.v1.json`);

describe('events', () => {
  it('of the contract are all stored by some aggregate, under one definition', () => {
    const stored = new Map(definitions.map((definition) => [definition.kind, definition]));
    for (const event of PLEDGES_EVENTS) expect(stored.get(event.kind)).toBe(event);
    expect(definitions.length).toBe(stored.size);
  });

  it('are public when the contract has them, as they are stored', () => {
    for (const { kind } of definitions) {
      const event = { kind, data: {} };
      expect(published(event)).toBe(publicKinds.has(kind) ? event : undefined);
    }
  });

  it.each(definitions.map((definition) => [definition.kind, definition] as const))(
    '%s reads what its first version wrote',
    (kind, definition) => {
      expect(existsSync(goldenOf(kind))).toBe(true);
      const payload: unknown = JSON.parse(readFileSync(goldenOf(kind), 'utf8'));
      expect(definition.parse(payload, 1)).toEqual(payload);
    },
  );

  it('tell nothing of who worked when, nor where (R48)', () => {
    for (const kind of publicKinds) {
      const { schema } = definitions.find((one) => one.kind === kind)!;
      expect(JSON.stringify(Object.keys((schema as unknown as { shape: object }).shape))).not.toMatch(
        /pseudonym|log|evidence|place|contact/u,
      );
    }
  });
});
