import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A configuration that cannot be used; the message lists every fault. */
export class BadConfiguration extends Error {
  constructor(faults: readonly string[]) {
    super(`The configuration has faults:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'BadConfiguration';
  }
}

/**
 * Reads a configuration from the environment by one schema; the only place that reads it. `NAME_FILE` names a file that holds the value of `NAME`, for
 * secrets. Throws `BadConfiguration` with all faults at once; values are never shown.
 */
export function readConfiguration<S extends z.ZodObject>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): z.output<S> {
  const faults: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const file = environment[`${name}_FILE`];
    const value = environment[name];
    if (file !== undefined && value !== undefined) faults.push(`${name} and ${name}_FILE are both set; keep one`);
    else if (file !== undefined) {
      try {
        given[name] = readFileSync(file, 'utf8').trim();
      } catch (cause) {
        faults.push(`${name}_FILE cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
      }
    } else if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    for (const issue of parsed.error.issues) faults.push(`${issue.path.join('.') || 'configuration'}: ${issue.message}`);
  if (faults.length > 0 || !parsed.success) throw new BadConfiguration(faults);
  return parsed.data;
}

/** What the environment may say about a setting, for `.env.example` and docs/operations.md. */
export interface Setting {
  readonly name: string;
  readonly description: string;
  readonly default: string;
}

/** The settings of a schema, from its descriptions and defaults. */
export function settingsOf(schema: z.ZodObject): readonly Setting[] {
  const { properties } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, { description?: string; default?: unknown }>;
  };
  return Object.entries(properties).map(([name, { description = '', default: fallback }]) => ({
    name,
    description,
    default: fallback === undefined ? '' : String(fallback),
  }));
}
