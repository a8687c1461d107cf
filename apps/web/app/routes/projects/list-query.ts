/** Filters the API takes for projects; anything else in the address is not asked for. */
export const FILTERS = ['status', 'country', 'sdg', 'organisation', 'need'] as const;
/** Filters that the page offers with counts. */
export const FACETS = ['status', 'country', 'sdg'] as const;
export const SORTS = ['newest', 'due'] as const;

/** The filters and the order of an address, as a query of the API. */
export function projectQuery(given: URLSearchParams): Record<string, string | readonly string[] | undefined> {
  const query: Record<string, string | readonly string[] | undefined> = {};
  for (const name of FILTERS) query[name] = given.getAll(name);
  for (const name of ['q', 'sort']) query[name] = given.get(name) || undefined;
  return query;
}
