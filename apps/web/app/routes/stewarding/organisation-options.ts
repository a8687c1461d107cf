import type { Listed } from '../../api.js';
import type { Visit } from '../../server/visit.server.js';

/** An organisation to choose from. */
export interface Choosable {
  readonly value: string;
  readonly label: string;
}

interface Listing {
  readonly id: string;
  readonly name: string;
}

/** Verified organisations by name, the first hundred, and some that must be among them. */
export async function organisationOptions(visit: Visit, also: readonly string[]): Promise<Choosable[]> {
  const { body } = await visit.api.get<Listed<Listing>>('/organisations', {
    query: { standing: 'verified', sort: 'name', limit: '100' },
  });
  const listed = body.items.map(({ id, name }) => ({ value: id, label: name }));
  const missing = also.filter((id) => !listed.some(({ value }) => value === id));
  const named = await visit.namesOf(missing);
  return [...listed, ...[...named].map(([value, label]) => ({ value, label }))].sort((a, b) =>
    a.label.localeCompare(b.label, visit.locale),
  );
}
