import { z } from 'zod';
import type { Route } from './routes.js';

type Json = Record<string, unknown>;

/** Collects the named schemas of a document; a name that means one thing in requests and another in answers gets a suffix. */
class Components {
  readonly schemas: Record<string, unknown> = {};

  /** The JSON Schema of a zod schema, with its named parts moved to the components. */
  of(schema: z.ZodType, io: 'input' | 'output'): unknown {
    const {
      $schema: _dialect,
      $defs,
      ...root
    } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json> };
    const defs = { ...$defs };
    const names = new Map<string, string>();
    for (const [name, definition] of Object.entries(defs)) names.set(name, this.nameFor(name, definition, io));
    for (const [name, definition] of Object.entries(defs)) this.schemas[names.get(name)!] = rewrite(stripId(definition), names);
    return rewrite(stripId(root), names);
  }

  private nameFor(name: string, definition: Json, io: 'input' | 'output'): string {
    const here = JSON.stringify(definition);
    const known = this.seen.get(name);
    if (known === undefined || known === here) {
      this.seen.set(name, here);
      return name;
    }
    return `${name}${io === 'input' ? 'Input' : 'Output'}`;
  }

  private readonly seen = new Map<string, string>();
}

const stripId = ({ id: _id, ...schema }: Json): Json => schema;

/** Points references at the components of the document. */
function rewrite(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as Json).map(([key, item]) => {
      if (key !== '$ref' || typeof item !== 'string') return [key, rewrite(item, names)];
      const name = item.replace('#/$defs/', '');
      return [key, `#/components/schemas/${names.get(name) ?? name}`];
    }),
  );
}

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable code of the refusal or fault' }),
    correlationId: z.string(),
    errors: z
      .array(z.object({ pointer: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each fault of the input with its place' }),
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

const PROBLEMS: Readonly<Record<string, string>> = {
  400: 'The request does not fit its schema; every fault is listed',
  401: 'No token, or one that does not hold',
  403: 'Visible, but the step is for others',
  404: 'Absent, or not visible to the caller',
  409: 'The domain refuses; `code` says why',
  412: 'The object has changed since it was read',
  413: 'The body is too large',
  415: 'The body is of another media type',
  422: 'The Idempotency-Key was used for another request',
  428: 'If-Match is missing',
  429: 'Too many requests; see Retry-After',
  503: 'Try again; see Retry-After. Nothing was changed, or it was and the answer is lost: the same key tells',
  504: 'No answer in time. Whether the step was taken is unknown: repeat it with the same key',
};

function problemsOf(route: Route): string[] {
  const codes = ['400', '401', '404', '429', '503', '504'];
  if (route.method !== 'GET') codes.push('403', '409', '413', '415');
  if (route.keyed) codes.push('422');
  if (route.kind === 'command') codes.push('412');
  if (route.method === 'PATCH') codes.push('428');
  return codes.sort();
}

const parameterFor = (place: 'path' | 'query', name: string, schema: unknown, required: boolean, description?: string): Json => ({
  name,
  in: place,
  required,
  schema,
  ...(description ? { description } : {}),
});

/** Header parameters of a route, by name of the component. */
function headersOf(route: Route): Json[] {
  const names = ['ConcordOrganisation'];
  if (route.keyed) names.push('IdempotencyKey');
  if (route.method === 'PATCH') names.push('IfMatchRequired');
  else if (route.kind === 'command') names.push('IfMatch');
  if (route.kind === 'read') names.push('IfNoneMatch');
  if (route.kind === 'command' || route.kind === 'action') names.push('Prefer');
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function queryParameters(route: Route, components: Components): Json[] {
  if (!(route.query instanceof z.ZodObject)) return [];
  const schema = components.of(route.query, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, property]) =>
    parameterFor('query', name, property, schema.required?.includes(name) ?? false),
  );
}

function operation(route: Route, components: Components): Json {
  const path = [...route.path.matchAll(/:(\w+)/gu)].map(([, name]) => parameterFor('path', name!, { type: 'string' }, true));
  const content = (schema: unknown, type = 'application/json'): Json => ({ [type]: { schema } });
  const responses: Record<string, unknown> = {
    [route.status]: {
      description: route.summary,
      headers: {
        ...(route.tagged ? { ETag: { $ref: '#/components/headers/ETag' } } : {}),
        RateLimit: { $ref: '#/components/headers/RateLimit' },
        'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
      },
      content: content(components.of(route.output, 'output')),
    },
  };
  if (route.kind === 'read') responses['304'] = { description: 'Not changed since the version named by If-None-Match' };
  for (const code of problemsOf(route)) responses[code] = { $ref: `#/components/responses/Problem${code}` };
  const body = route.body && {
    requestBody: {
      required: true,
      content: route.raw
        ? content({ type: 'string', format: 'binary' }, 'application/octet-stream')
        : content(components.of(route.body, 'input')),
    },
  };
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [route.context],
    parameters: [...path, ...queryParameters(route, components), ...headersOf(route)],
    ...body,
    responses,
    security: route.policy.label === 'everyone' ? [{}, { bearer: [] }] : [{ bearer: [] }],
    'x-concord-policy': route.policy.label,
    'x-concord-kind': route.kind,
  };
}

const HEADER_PARAMETERS = {
  ConcordOrganisation: {
    name: 'Concord-Organisation',
    in: 'header',
    required: false,
    schema: { type: 'string', format: 'uuid' },
    description: 'The organisation the person acts for; checked against memberships',
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    description: 'The same key with the same request has one effect and one answer',
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    required: false,
    schema: { type: 'string' },
    description: 'ETag the step was decided on',
  },
  IfMatchRequired: {
    name: 'If-Match',
    in: 'header',
    required: true,
    schema: { type: 'string' },
    description: 'ETag the change was made on',
  },
  Prefer: {
    name: 'Prefer',
    in: 'header',
    required: false,
    schema: { type: 'string', examples: ['wait=3'] },
    description: 'wait=n (RFC 7240): the answer waits up to n seconds, at most 5, until lists and other contexts show the effect',
  },
  IfNoneMatch: { name: 'If-None-Match', in: 'header', required: false, schema: { type: 'string' } },
};

/** The OpenAPI 3.1 document of a set of routes. */
export function openApi(routes: readonly Route[], version: string): Json {
  const components = new Components();
  const problem = components.of(Problem, 'output');
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of [...routes].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    const path = `/api/v1${route.path.replace(/:(\w+)/gu, '{$1}')}`;
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, components);
  }
  const responses = Object.fromEntries(
    Object.entries(PROBLEMS).map(([code, description]) => [
      `Problem${code}`,
      { description, content: { 'application/problem+json': { schema: problem } } },
    ]),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'Concord',
      version,
      summary: 'Post partnership needs, pledge to them, and steward the projects to their result',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(({ context }) => context))].sort().map((name) => ({ name })),
    paths,
    components: {
      schemas: components.schemas,
      parameters: HEADER_PARAMETERS,
      headers: {
        ETag: { description: 'Version of the object, as a strong tag', schema: { type: 'string' } },
        RateLimit: {
          description: 'On every answer: `r` requests are left to this caller, all of the allowance again after `t` seconds',
          schema: { type: 'string', examples: ['"caller";r=999;t=1'] },
        },
        RateLimitPolicy: {
          description: 'On every answer, as RateLimit-Policy: `q` requests at once, again after `w` seconds of silence',
          schema: { type: 'string', examples: ['"caller";q=1000;w=5'] },
        },
      },
      responses,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'Session access token or API token' } },
    },
  };
}
