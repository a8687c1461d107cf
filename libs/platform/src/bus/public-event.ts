import { assert, type DomainEvent, type EventDefinition } from '@concord/kernel';
import { definitionsOf, lifted } from '../log/lifted.js';
import type { TailedEvent } from '../log/tail.js';
import type { ServiceDefinition } from '../service/definitions.js';
import type { PublicEvent } from '../service/public-event.js';

/** Turns rows of a context's log into its public events. */
export class Publisher {
  private readonly definitions: ReadonlyMap<string, EventDefinition>;
  private readonly stored: ReadonlyMap<string, EventDefinition>;

  constructor(private readonly service: ServiceDefinition) {
    this.definitions = new Map(service.publishes.map((definition) => [definition.kind, definition]));
    this.stored = definitionsOf(service);
  }

  /** Whether an event has a public form. The form has to be one of those the contract lists. */
  isPublic(event: DomainEvent): boolean {
    const published = this.service.published(event);
    if (!published) return false;
    assert(this.definitions.has(published.kind), `${this.service.name} lists ${published.kind} in publishes`);
    assert(
      published.kind === event.kind || !this.definitions.has(event.kind),
      `${this.service.name} publishes ${event.kind} as itself, as its name is that of a public kind`,
    );
    return true;
  }

  /** Stored kinds whose public form may be one of these: the kinds themselves, and all that are public under another name, if at all. */
  storedKinds(kinds: readonly string[]): string[] {
    return [...this.stored.keys()].filter((kind) => kinds.includes(kind) || !this.definitions.has(kind));
  }

  /** The event of a row in its newest shape. */
  lifted(row: Pick<TailedEvent, 'kind' | 'schema_version' | 'data'>): DomainEvent {
    return lifted(this.stored, row);
  }

  /** The public form of a row, lifted from the version it was stored in; undefined for a private event. */
  publicForm(row: TailedEvent): PublicEvent | undefined {
    if (row.previous === null) return undefined;
    const event = this.service.published(this.lifted(row));
    if (!event) return undefined;
    const type = `concord.${this.service.name}.${event.kind}`;
    const { at, correlation, causation, traceparent, person, organisation } = row.meta;
    return {
      specversion: '1.0',
      id: `${row.stream}/${row.version}`,
      source: `/concord/${this.service.name}`,
      type,
      subject: row.stream,
      time: at,
      datacontenttype: 'application/json',
      dataschema: `concord:/schemas/${type}/${this.definitions.get(event.kind)!.version}`,
      sequence: row.version,
      previous: row.previous,
      correlationid: correlation,
      ...(causation === undefined ? {} : { causationid: causation }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(person === undefined ? {} : { person }),
      ...(organisation === undefined ? {} : { organisation }),
      data: event.data,
    };
  }
}

/** Kind of a public event: the last part of its type. */
export const kindOf = (event: { readonly type: string }): string => event.type.slice(event.type.lastIndexOf('.') + 1);

/** Schema version of a public event: the last part of its dataschema. */
export const schemaVersionOf = (event: { readonly dataschema: string }): number =>
  Number(event.dataschema.slice(event.dataschema.lastIndexOf('/') + 1));

/**
 * Name under which a listener marks what it has handled. Streams of two contexts may share an id (a project and its fund, a person
 * and their inbox), so a listener to several contexts keeps their marks apart.
 */
export const markNameFrom = (listener: { readonly name: string; readonly from: readonly string[] }, source: string): string =>
  listener.from.length === 1 ? listener.name : `${listener.name} of ${source}`;

/** The mark's name for one event; its source is `/concord/<context>`. */
export const markNameOf = (
  listener: { readonly name: string; readonly from: readonly string[] },
  event: { readonly source: string },
): string => markNameFrom(listener, event.source.slice(event.source.lastIndexOf('/') + 1));

/** Name under which events of a context are parked that came before one they follow: by nobody who wants them, but for all of them. */
export const orderNameOf = (source: string): string => `order of ${source}`;
