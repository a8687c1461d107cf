import { Refused } from '@concord/kernel';
import type { Context } from '../context/context.js';
import { rebuildProjection, type Rebuilt } from './rebuild-projection.js';
import { rebuildView } from './rebuild-view.js';

/** How far a rebuild is: events read, and how many there are, once they are counted. */
export interface RebuildProgress {
  readonly events: number;
  readonly of?: number;
}

/** A read model of a context, and how far its rebuild is when one runs in this process. */
export interface ReadModel {
  readonly name: string;
  /** `projection`: folded from the log behind the commands; `view`: written with them. */
  readonly kind: 'projection' | 'view';
  readonly rebuild?: RebuildProgress;
}

interface Running {
  events: number;
  of?: number;
}

const running = new WeakMap<Context, Map<string, Running>>();

/** The read models of a context that can be rebuilt, by name. */
export function readModelsOf(context: Context): ReadModel[] {
  const { projections, resources } = context.service;
  const views = new Set(resources.flatMap(({ view }) => view?.table.name ?? []));
  const models: ReadModel[] = [
    ...projections.map(({ name }) => ({ name, kind: 'projection' as const })),
    ...[...views].map((name) => ({ name, kind: 'view' as const })),
  ];
  return models.map((model) => {
    const rebuild = running.get(context)?.get(model.name);
    return rebuild ? { ...model, rebuild: { ...rebuild } } : model;
  });
}

/** Rebuilds a read model by its name, and lets `readModelsOf` tell how far it is. Throws `Refused` when there is none of this name. */
export async function rebuildNamed(context: Context, name: string, verify: boolean): Promise<Rebuilt> {
  const models = readModelsOf(context);
  const model = models.find((one) => one.name === name);
  if (!model)
    throw new Refused('not_found', 'This context has no read model of this name.', { names: models.map((one) => one.name) });
  const state: Running = { events: 0 };
  const all = running.get(context) ?? new Map<string, Running>();
  running.set(context, all.set(name, state));
  const progress = (events: number): void => void (state.events = events);
  // Beside the rebuild, which does not wait for it; without it nobody learns the share.
  void count(context, model).then(
    (of) => void (state.of = of),
    () => undefined,
  );
  try {
    return await (model.kind === 'view'
      ? rebuildView(context, name, { progress })
      : rebuildProjection(context, name, { verify, progress }));
  } finally {
    if (all.get(name) === state) all.delete(name);
  }
}

async function count({ service, database }: Context, { name, kind }: ReadModel): Promise<number> {
  const [row] =
    kind === 'projection'
      ? await database.query<{ n: number }>('SELECT count(*)::int AS n FROM events WHERE kind = ANY ($1::text[])', [
          service.projections.find((one) => one.name === name)!.kinds,
        ])
      : await database.query<{ n: number }>(
          'SELECT coalesce(sum(version), 0)::int AS n FROM streams WHERE kind = ANY ($1::text[])',
          [service.resources.flatMap(({ aggregate, view }) => (view?.table.name === name ? aggregate.kind : []))],
        );
  return row!.n;
}
