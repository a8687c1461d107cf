import { assert, type Aggregate, type DomainEvent, type EventDefinition } from '@concord/kernel';
import type { ServiceDefinition } from '../service/definitions.js';
import type { TailedEvent } from './tail.js';

/** Aggregates of a context by kind. */
export const aggregatesOf = (service: ServiceDefinition): ReadonlyMap<string, Aggregate> =>
  new Map(
    [...service.resources.map(({ aggregate }) => aggregate), ...(service.aggregates ?? [])].map((aggregate) => [
      aggregate.kind,
      aggregate,
    ]),
  );

/** Every event kind a context stores. */
export const definitionsOf = (service: ServiceDefinition): ReadonlyMap<string, EventDefinition> =>
  new Map([...aggregatesOf(service).values()].flatMap(({ events }) => [...events]));

/** The event of a row in its newest shape. Throws when the kind is unknown or the payload does not fit. */
export function lifted(
  definitions: ReadonlyMap<string, EventDefinition>,
  row: Pick<TailedEvent, 'kind' | 'schema_version' | 'data'>,
): DomainEvent {
  const definition = definitions.get(row.kind);
  assert(definition, `the context knows ${row.kind}`);
  const data = row.schema_version === definition.version ? row.data : definition.parse(row.data, row.schema_version);
  return { kind: row.kind, data };
}
