import { z } from 'zod';

/** The part of JSON Schema 2020-12 that the API document uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
}

/** Values that some format or pattern of the API asks for; the first that fits is taken. */
const WELL_FORMED = [
  'zz',
  '01900000-0000-7000-8000-000000000001',
  'a'.repeat(64),
  '2030-01-01',
  '2030-01-01T00:00:00Z',
  'somebody@concord.example',
  'USD',
  'MW',
  'MW-ZO',
  'en',
  '4.a',
  '11120',
  'GB-CHC-1234567',
  'https://concord.example/',
  '1.2000',
  'i1',
  'a long enough text of the spec',
];

/** The JSON Schema of what a route takes, as OpenAPI shows it. */
export const schemaOf = (input: z.ZodType): JsonSchema =>
  z.toJSONSchema(input, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }) as JsonSchema;

const FORMATS: Readonly<Record<string, string>> = {
  date: '2030-01-01',
  'date-time': '2030-01-01T00:00:00Z',
  email: 'somebody@concord.example',
  uri: 'https://concord.example/',
};

function text({ pattern, format, minLength = 0 }: JsonSchema): string {
  const [known] = [FORMATS[format ?? '']].filter((value) => value !== undefined);
  if (known !== undefined) return known;
  const fits = (value: string) => value.length >= minLength && (pattern === undefined || new RegExp(pattern, 'u').test(value));
  const found = WELL_FORMED.find(fits);
  if (found === undefined)
    throw new Error(`json-schema.ts: WELL_FORMED has nothing for ${pattern ?? `${minLength} characters`}. Add a value.`);
  return found;
}

/** Follows a reference. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/$defs/', '');
  return name === undefined ? schema : (root.$defs?.[name] ?? schema);
}

/** A small value that fits a schema: required fields only. Refinements are not in the schema; a route that has some names its body. */
export function fitting(given: JsonSchema, root: JsonSchema = given): unknown {
  const schema = resolved(given, root);
  const [choice] = schema.oneOf ?? schema.anyOf ?? [];
  if (choice) return fitting(choice, root);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  switch (schema.type) {
    case 'object': {
      const required = schema.required ?? [];
      return Object.fromEntries(required.map((name) => [name, fitting(schema.properties![name]!, root)]));
    }
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => fitting(schema.items!, root));
    case 'string':
      return text(schema);
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return null;
  }
}
