import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const APP = resolve(import.meta.dirname, '../../apps/web/app');

/** A route as apps/web/app/routes.ts lists it. */
export interface Listed {
  readonly path?: string;
  readonly file: string;
  readonly children?: readonly Listed[];
}

/** A page: its path below the language, empty for the home page, and the area whose folder it stands in. */
export interface PageRoute {
  readonly path: string;
  readonly area: string;
}

/** Reads a module of the pages without React in it. */
const load = async <T>(file: string): Promise<T> => (await import(pathToFileURL(join(APP, file)).href)) as T;

const isPage = ({ file }: Listed): boolean =>
  file.endsWith('.tsx') && /^export default\b/mu.test(readFileSync(join(APP, file), 'utf8'));

/** Every page of a route table; files, feeds and addresses that only send on are none. */
export const pagesOf = (routes: readonly Listed[]): PageRoute[] =>
  routes.flatMap((route) => [
    ...(isPage(route)
      ? [{ path: (route.path ?? '').replace(/^:locale\/?/u, ''), area: /^routes\/([a-z-]+)\//u.exec(route.file)?.[1] ?? '' }]
      : []),
    ...pagesOf(route.children ?? []),
  ]);

/** The route table of the sources: a new route is in it before anything is built. */
export const listedPages = async (): Promise<PageRoute[]> =>
  pagesOf(await load<{ default: Promise<readonly Listed[]> | readonly Listed[] }>('routes.ts').then((module) => module.default));

type Names = Readonly<Record<string, unknown>>;

/** Names of the steps that a route with `:step` or `:topic` has a page for. */
export async function listedSteps(): Promise<Readonly<Record<string, readonly string[]>>> {
  const [stewarding, deliveries, pledges, proposals, needs] = await Promise.all([
    load<{ PROJECT_STEPS: Names; MILESTONE_STEPS: Names; REPORT_STEPS: Names }>('routes/stewarding/steps.ts'),
    load<{ DELIVERY_STEPS: Names }>('routes/stewarding/delivery-steps.ts'),
    load<{ STEPS: Names }>('routes/pledging/pledge-steps.ts'),
    load<{ STEPS: Names }>('routes/proposals/steps.ts'),
    load<{ STEPS: Names }>('routes/needs-forms/steps.ts'),
  ]);
  const of = (names: Names, ...without: string[]) => Object.keys(names).filter((name) => !without.includes(name));
  return {
    'projects/:id/steps/:step': of(stewarding.PROJECT_STEPS),
    // Evidence has a page of its own.
    'projects/:id/milestones/:mid/steps/:step': of(stewarding.MILESTONE_STEPS, 'add-evidence'),
    'projects/:id/reports/:rid/steps/:step': of(stewarding.REPORT_STEPS),
    'projects/:id/deliveries/:did/steps/:step': of(deliveries.DELIVERY_STEPS),
    'pledges/:id/steps/:step': of(pledges.STEPS),
    'proposals/:id/steps/:step': of(proposals.STEPS),
    'proposals/:id/edit/:topic': ['about', 'approach', 'answers'],
    'needs/:id/steps/:step': of(needs.STEPS),
  };
}

interface Visited {
  readonly [route: string]: readonly { readonly path: string }[];
}

/** Pages without a visit, visits of no page, and steps that nobody visits. */
export function unvisited(
  pages: readonly PageRoute[],
  steps: Readonly<Record<string, readonly string[]>>,
  visits: Visited,
): string[] {
  const known = pages.map(({ path }) => path);
  return [
    ...known.filter((path) => (visits[path]?.length ?? 0) === 0).map((path) => `nobody visits ${path}`),
    ...Object.keys(visits)
      .filter((path) => !known.includes(path))
      .map((path) => `${path} is no page`),
    ...Object.entries(steps).flatMap(([route, names]) =>
      names
        .filter((name) => !visits[route]?.some(({ path }) => path.split('?')[0]?.endsWith(`/${name}`)))
        .map((name) => `nobody visits ${route} for ${name}`),
    ),
  ];
}
