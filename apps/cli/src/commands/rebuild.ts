import type { Client } from '@concord/client';
import { CONTEXTS, operator, type EveryCommand } from '../server.js';
import { bar, EXIT, isWatched, print, printJson, progress, UsageFault } from '../terminal.js';
import { contextNamed } from './operate.js';

/** Options of `concord rebuild`. */
export interface RebuildOptions extends EveryCommand {
  /** False with `--no-verify`. */
  readonly verify?: boolean;
}

interface Rebuilt {
  readonly name: string;
  readonly events: number;
  readonly seconds: number;
  readonly check?: { readonly differences: number };
}

interface ReadModel {
  readonly name: string;
  readonly rebuild?: { readonly events: number; readonly of?: number };
}

const LOOK_MS = 300;

const viewsOf = async (client: Client, context: string): Promise<readonly ReadModel[]> =>
  (await client.get<{ items: readonly ReadModel[] }>(`/operations/${context}/views`)).body.items;

/** The context that has a read model of this name; names are told where none has. */
async function contextWith(client: Client, view: string): Promise<string> {
  const all: string[] = [];
  for (const context of CONTEXTS) {
    const names = (await viewsOf(client, context)).map(({ name }) => name);
    if (names.includes(view)) return context;
    all.push(...names.map((name) => `${context} ${name}`));
  }
  throw new UsageFault(`There is no read model ${view}. Choose from: ${all.join(', ')}.`);
}

/** Shows how far it is to a person who watches, until `work` ends. A look that fails shows nothing. */
async function watched<T>(client: Client, context: string, view: string, work: Promise<T>): Promise<T> {
  if (!isWatched()) return work;
  let over = false;
  const ended = work.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    const models = await viewsOf(client, context).catch(() => []);
    const far = models.find(({ name }) => name === view)?.rebuild;
    if (!over && far) progress(`rebuilding ${view} ${bar(far.events, far.of)} events`);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
  }
  progress('');
  return work;
}

/**
 * `concord rebuild [context] <view>`: a read model filled anew from the log, and compared with a replay. A view written with the commands
 * is compared by `concord verify`.
 */
export async function rebuild(given: string, named: string | undefined, options: RebuildOptions): Promise<number> {
  const client = await operator(options);
  const view = named ?? given;
  const context = named === undefined ? await contextWith(client, view) : contextNamed(given);
  const path = `/operations/${context}/views/${encodeURIComponent(view)}/rebuild`;
  const work = client.post<Rebuilt>(path, { body: { verify: options.verify ?? true } });
  const { body } = await watched(client, context, view, work);
  const differences = body.check?.differences ?? 0;
  const compared = body.check ? `, ${differences} differences` : '';
  if (options.json) printJson(body);
  else print(`${body.name}: rebuilt from ${body.events.toLocaleString('en-US')} events in ${body.seconds} s${compared}.`);
  return differences === 0 ? EXIT.ok : EXIT.failed;
}
