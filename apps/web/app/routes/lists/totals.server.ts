import type { LineResource, NeedResource, ProjectResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Listed } from '../../api.js';
import type { Visit } from '../../server/visit.server.js';

type Need = z.output<typeof NeedResource>;
type Project = z.output<typeof ProjectResource>;
type Line = z.output<typeof LineResource>;

/** Sums of one kind and unit; units are never added to each other (R4). */
export interface UnitTotal {
  readonly kind: Line['kind'];
  readonly unit: string;
  readonly target: number;
  readonly pledged: number;
  readonly confirmed: number;
  readonly delivered: number;
  readonly gap: number;
}

/** Needs that still take something, counted in the sums. */
const OPEN = ['published', 'matching', 'partnered'];
const NEEDS_MAX = 100;
const NEEDS_A_REQUEST = 50;
const LINE_PAGES_MAX = 20;
const SHOWN = 5;

/** Sums the lines of needs. `complete` is false when there were more lines than were read. */
async function sumsOf(visit: Visit, needs: readonly Need[]): Promise<{ totals: UnitTotal[]; complete: boolean }> {
  const sums = new Map<string, UnitTotal>();
  let pages = 0;
  for (let at = 0; at < needs.length; at += NEEDS_A_REQUEST) {
    const need = needs.slice(at, at + NEEDS_A_REQUEST).map(({ id }) => id);
    let cursor: string | undefined;
    do {
      if ((pages += 1) > LINE_PAGES_MAX) return { totals: [...sums.values()], complete: false };
      const { body } = await visit.publicApi.get<Listed<Line>>('/lines', { query: { need, limit: 100, cursor } });
      for (const line of body.items) add(sums, line);
      cursor = body.next;
    } while (cursor !== undefined);
  }
  return { totals: [...sums.values()].sort((a, b) => (a.kind + a.unit < b.kind + b.unit ? -1 : 1)), complete: true };
}

function add(sums: Map<string, UnitTotal>, { kind, unit, target, pledged, confirmed, delivered, gap }: Line): void {
  const key = `${kind} ${unit}`;
  const so = sums.get(key);
  sums.set(key, {
    kind,
    unit,
    target: (so?.target ?? 0) + target,
    pledged: (so?.pledged ?? 0) + pledged,
    confirmed: (so?.confirmed ?? 0) + confirmed,
    delivered: (so?.delivered ?? 0) + delivered,
    gap: (so?.gap ?? 0) + gap,
  });
}

/** Every target a goal may have: projects are filed by target, needs and organisations by goal too. */
const targetsOf = (goal: string): string[] =>
  [...Array.from({ length: 19 }, (_, index) => String(index + 1)), 'a', 'b', 'c', 'd'].map((part) => `${goal}.${part}`);

/** What there is for a goal or a country: needs and projects by state, the newest of both, and what is still missing. */
export async function totalsFor(visit: Visit, filter: { readonly goal: string } | { readonly country: string }) {
  const ofNeeds = 'goal' in filter ? { sdgGoal: filter.goal } : { country: filter.country };
  const ofProjects = 'goal' in filter ? { sdg: targetsOf(filter.goal) } : { country: filter.country };
  const ofOrganisations = 'goal' in filter ? { sdg: filter.goal } : { country: filter.country };
  const api = visit.publicApi;
  const [needs, open, projects, organisations] = await Promise.all([
    api.get<Listed<Need>>('/needs', { query: { ...ofNeeds, facets: 'true', count: 'estimate', limit: SHOWN } }),
    api.get<Listed<Need>>('/needs', { query: { ...ofNeeds, status: OPEN, sort: 'recently_updated', limit: NEEDS_MAX } }),
    api.get<Listed<Project>>('/projects', { query: { ...ofProjects, facets: 'true', count: 'estimate', limit: SHOWN } }),
    api.get<Listed<unknown>>('/organisations', { query: { ...ofOrganisations, count: 'estimate', limit: 1 } }),
  ]);
  const { totals, complete } = await sumsOf(visit, open.body.items);
  const owners = await visit.namesOf(needs.body.items.map(({ organisationId }) => organisationId));
  return {
    needs: { items: needs.body.items, count: needs.body.count, states: needs.body.facets?.['status'] ?? [] },
    goals: needs.body.facets?.['sdgGoal'] ?? [],
    countries: needs.body.facets?.['country'] ?? [],
    projects: {
      items: projects.body.items.map(({ id, title, status, progress }) => ({ id, title, status, accepted: progress.accepted })),
      count: projects.body.count,
      states: projects.body.facets?.['status'] ?? [],
      /** Targets that projects are filed by; the filter of the list behind this page. */
      targets: (projects.body.facets?.['sdg'] ?? []).map(({ value }) => value),
    },
    organisations: organisations.body.count,
    totals,
    /** Needs that the sums cover, and whether that is all of them. */
    summed: { needs: open.body.items.length, all: complete && open.body.next === undefined },
    owners: Object.fromEntries(owners),
  };
}
