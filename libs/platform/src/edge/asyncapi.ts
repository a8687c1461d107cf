import { z } from 'zod';
import type { ServiceDefinition } from '../service/definitions.js';

type Json = Record<string, unknown>;

const ENVELOPE = {
  specversion: { const: '1.0' },
  id: { type: 'string', description: '<stream>/<version>; unique together with the source' },
  source: { type: 'string' },
  subject: { type: 'string', format: 'uuid', description: 'Id of the aggregate, also the message key' },
  time: { type: 'string', format: 'date-time', description: 'Business time' },
  datacontenttype: { const: 'application/json' },
  dataschema: { type: 'string' },
  sequence: { type: 'integer', description: 'Version of the stream' },
  previous: { type: 'integer', description: 'Version of the event published before it; 0 for none' },
  correlationid: { type: 'string' },
  causationid: { type: 'string' },
  traceparent: { type: 'string' },
  person: { type: 'string', format: 'uuid' },
  organisation: { type: 'string', format: 'uuid' },
};

/** The AsyncAPI 3.0 document: a channel per context with the public events it sends, as CloudEvents 1.0. */
export function asyncApi(services: readonly ServiceDefinition[], version: string): Json {
  const channels: Json = {};
  const operations: Json = {};
  const messages: Json = {};
  for (const service of services.filter(({ publishes }) => publishes.length > 0)) {
    const names = service.publishes.map(({ kind }) => kind);
    channels[service.name] = {
      address: `concord.${service.name}`,
      description: `Public events of the context ${service.name}, in order per subject`,
      messages: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${service.name}.${name}` }])),
    };
    operations[`${service.name}Sends`] = { action: 'send', channel: { $ref: `#/channels/${service.name}` } };
    for (const definition of service.publishes) {
      const type = `concord.${service.name}.${definition.kind}`;
      const {
        $schema: _dialect,
        $defs,
        ...data
      } = z.toJSONSchema(definition.schema, { target: 'draft-7', io: 'output', unrepresentable: 'any', reused: 'inline' }) as Json;
      messages[`${service.name}.${definition.kind}`] = {
        name: type,
        contentType: 'application/cloudevents+json',
        payload: {
          type: 'object',
          required: [
            'specversion',
            'id',
            'source',
            'type',
            'subject',
            'time',
            'dataschema',
            'sequence',
            'previous',
            'correlationid',
            'data',
          ],
          properties: {
            ...ENVELOPE,
            type: { const: type },
            data: inline(data, ($defs ?? (data as { definitions?: Json }).definitions ?? {}) as Json),
          },
        },
      };
    }
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Concord', version, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages },
  };
}

/** Replaces references by what they refer to: messages of the document stand alone. Schemas of events are not recursive. */
function inline(value: unknown, definitions: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => inline(item, definitions));
  if (typeof value !== 'object' || value === null) return value;
  const reference = (value as Json)['$ref'];
  if (typeof reference === 'string')
    return inline(definitions[reference.replace(/^#\/(?:\$defs|definitions)\//u, '')], definitions);
  return Object.fromEntries(
    Object.entries(value as Json)
      .filter(([key, item]) => key !== 'definitions' && key !== '$defs' && !(key === 'id' && typeof item === 'string'))
      .map(([key, item]) => [key, inline(item, definitions)]),
  );
}
