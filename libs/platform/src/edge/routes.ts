import { z } from 'zod';
import type { Policy } from '@concord/kernel';
import type { ActionDefinition, CommandDefinition, QueryDefinition, ServiceDefinition } from '../service/definitions.js';
import type { Resource } from '../service/resource.js';
import { operationsOf } from '../verify/operations.js';
import { publicRecordOf } from '../verify/public-record.js';
import type { Door, Reply } from './door.js';
import type { Visit } from './visit.js';
import { HistoryQuery } from './door.js';

/** One address of the API, as a value: the controllers, the API document and the access tests are made from it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below /api/v1, with `:names`. */
  readonly path: string;
  /** operationId */
  readonly name: string;
  readonly context: string;
  readonly summary: string;
  readonly kind: 'command' | 'query' | 'action' | 'read' | 'history' | 'stream';
  readonly policy: Policy<never>;
  readonly body?: z.ZodType;
  readonly query?: z.ZodType;
  readonly output: z.ZodType;
  readonly status: number;
  /** Takes any bytes instead of JSON. */
  readonly raw: boolean;
  readonly keyed: boolean;
  /** The answer carries an ETag; PATCH needs it back as If-Match. */
  readonly tagged: boolean;
  readonly run: (door: Door, visit: Visit) => Promise<Reply>;
}

/** An entry of an object's history. */
export const HistoryPage = z
  .object({
    items: z.array(
      z.object({
        version: z.int(),
        kind: z.string(),
        at: z.string().meta({ description: 'Business time, RFC 3339 UTC' }),
        person: z.string().optional().meta({ description: 'Opaque id of who acted; absent for the clock and reactions' }),
        organisation: z.string().optional(),
        reason: z.unknown().optional(),
        data: z.unknown(),
        hash: z.string(),
      }),
    ),
    next: z.int().optional().meta({ description: 'Pass as `after` for the next page' }),
  })
  .meta({ id: 'HistoryPage' });

/** A page of a stream as it is hashed. */
export const StreamPage = z
  .object({
    context: z.string(),
    kind: z.string(),
    stream: z.string(),
    version: z.int(),
    events: z.array(
      z.object({
        stream: z.string(),
        version: z.int(),
        kind: z.string(),
        schemaVersion: z.int(),
        data: z.unknown(),
        meta: z.record(z.string(), z.unknown()),
        hash: z.string(),
      }),
    ),
  })
  .meta({ id: 'StreamPage' });

const isRaw = (input: z.ZodType): boolean => input instanceof z.ZodCustom;

/** Every route of a context. */
export function routesOf(service: ServiceDefinition): readonly Route[] {
  return [
    ...service.queries.map((query) => queryRoute(service.name, query, () => query)),
    ...(service.actions ?? []).map((action) => actionRoute(service.name, action, () => action)),
    ...recordRoutes(service.name),
    ...service.resources.flatMap((resource) => resourceRoutes(service.name, resource)),
    ...service.commands.map((command) => commandRoute(service.name, command)),
  ];
}

function commandRoute(context: string, command: CommandDefinition): Route {
  const { on, verb, name, summary, input } = command;
  const path = verb === 'create' ? `/${on.plural}` : verb === 'revise' ? `/${on.plural}/:id` : `/${on.plural}/:id/${verb}`;
  return {
    method: verb === 'revise' ? 'PATCH' : 'POST',
    path,
    name,
    context,
    summary,
    kind: 'command',
    policy: command.allows,
    body: input,
    output: on.output,
    status: verb === 'create' ? 201 : 200,
    raw: false,
    keyed: verb !== 'revise',
    tagged: true,
    run: (door, visit) => door.command(command, visit),
  };
}

/** What every context answers about itself: its public record, and the operators' routes. */
function recordRoutes(context: string): Route[] {
  const { queries, actions } = operationsOf(context);
  return [
    ...[...publicRecordOf(context), ...queries].map((query) =>
      queryRoute(context, query, (door) => ({ ...query, run: (call) => query.answer(door.context, call) })),
    ),
    ...actions.map((action) =>
      actionRoute(context, action, (door) => ({ ...action, run: (call) => action.act(door.context, call) })),
    ),
  ];
}

/** `of` gives the definition once the door, and with it the running context, is known. */
function queryRoute(context: string, query: Omit<QueryDefinition, 'run'>, of: (door: Door) => QueryDefinition): Route {
  const { path, name, summary, output, allows } = query;
  const facts = {
    method: 'GET',
    path,
    name,
    context,
    summary,
    kind: 'query',
    policy: allows as Policy<never>,
    query: query.query,
    output,
  } as const;
  return { ...facts, status: 200, raw: false, keyed: false, tagged: false, run: (door, visit) => door.query(of(door), visit) };
}

function actionRoute(context: string, action: Omit<ActionDefinition, 'run'>, of: (door: Door) => ActionDefinition): Route {
  const { method, path, name, summary, output, allows, input } = action;
  const facts = { method, path, name, context, summary, kind: 'action', policy: allows as Policy<never>, output } as const;
  const keyed = action.withoutKey === undefined;
  return {
    ...facts,
    body: input,
    status: 200,
    raw: isRaw(input),
    keyed,
    tagged: false,
    run: (door, visit) => door.action(of(door), visit),
  };
}

function resourceRoutes(context: string, resource: Resource): Route[] {
  const noun = resource.aggregate.kind.replace(/(?:^|[-_ ])(\w)/gu, (_all, letter: string) => letter.toUpperCase());
  const shared = { method: 'GET', context, policy: resource.readable, status: 200, raw: false, keyed: false } as const;
  const path = `/${resource.plural}/:id`;
  return [
    {
      ...shared,
      path,
      name: `get${noun}`,
      summary: `One of the ${resource.plural}`,
      kind: 'read',
      output: resource.output,
      tagged: true,
      run: (door, visit) => door.read(resource, visit),
    },
    {
      ...shared,
      path: `${path}/history`,
      name: `get${noun}History`,
      summary: 'Who did what, for whom, when and why',
      kind: 'history',
      query: HistoryQuery,
      output: HistoryPage,
      tagged: false,
      run: (door, visit) => door.history(resource, visit),
    },
    {
      ...shared,
      path: `${path}/stream`,
      name: `get${noun}Stream`,
      summary: 'The events with their hashes, to be verified without this server',
      kind: 'stream',
      query: HistoryQuery,
      output: StreamPage,
      tagged: false,
      run: (door, visit) => door.stream(resource, visit),
    },
  ];
}
