import { directory } from '@concord/directory';
import { gateway } from '@concord/gateway';
import { notifications } from '@concord/notifications';
import { partnerships } from '@concord/partnerships';
import type { ServiceDefinition } from '@concord/platform';
import { pledges } from '@concord/pledges';
import { stewardship } from '@concord/stewardship';
import { Findings, type Finding } from './findings.js';
import type { StoredRows } from './stored-rows.js';

const SERVICES: readonly ServiceDefinition[] = [
  directory,
  partnerships,
  pledges,
  stewardship({ filesDir: '' }),
  notifications,
  gateway,
];
const SOURCE = 'pledges';

/** Everybody who listens to what was poisoned, as the rows of parked events name them. */
export function listenersTo(source: string, services = SERVICES): string[] {
  return services.flatMap(({ name, reactions, expansions = [], consumers = [] }) => [
    ...reactions.filter(({ from }) => from === source).map((one) => `${name} ${one.name}`),
    ...[...expansions, ...consumers]
      .filter(({ from }) => from.includes(source))
      .map((one) => `${name} ${one.from.length === 1 ? one.name : `${one.name} of ${source}`}`),
  ]);
}

/**
 * I10: each poisoned key is parked once at everybody who listens, and nothing else is parked anywhere. Returns the rows without
 * those that poison explains, for the other checks.
 */
export function checkPoison(
  rows: StoredRows,
  poisoned: ReadonlyMap<string, number>,
): { readonly findings: Finding[]; readonly explained: number; readonly rest: StoredRows } {
  const findings = new Findings('I10');
  const parked = new Map<string, number>();
  for (const { context, consumer, stream } of rows.parked) {
    const place = `${context} ${consumer} ${stream}`;
    parked.set(place, (parked.get(place) ?? 0) + 1);
  }
  for (const [key, times] of poisoned)
    for (const listener of listenersTo(SOURCE)) {
      const found = parked.get(`${listener} ${key}`) ?? 0;
      if (found < times) findings.add('undelivered', `poison ${key} is parked ${found} times by ${listener}, not ${times}`);
      if (found > times) findings.add('duplicated', `poison ${key} is parked ${found} times by ${listener}, not ${times}`);
    }
  const rest = rows.parked.filter(({ stream }) => !poisoned.has(stream));
  return { findings: findings.all, explained: rows.parked.length - rest.length, rest: { ...rows, parked: rest } };
}
