import type { Aggregate } from '@concord/kernel';
import type { Database } from '@concord/platform';

/** The folded state of a stream for a query; undefined when there is none of this kind. */
export async function stateOf<State>(db: Database, aggregate: Aggregate<State>, id: string): Promise<State | undefined> {
  const [row] = await db.query<{ state: State }>('SELECT state FROM streams WHERE id = $1 AND kind = $2', [id, aggregate.kind]);
  return row?.state;
}
