import type { ExportedStream } from '@concord/client';
import type { Visit } from '../../server/visit.server.js';
import { sourcesOf } from './activity-rows.js';
import type { Board } from './board.js';

/** A stream of a project whose chain can be checked. */
export type Chain = ReturnType<typeof sourcesOf>[number];

/** The stream an address names by `?of=milestones.<id>`; the project's own when absent; undefined for one that is not of it. */
export function chosenChain(board: Board, of: string | null): Chain | undefined {
  const chains = sourcesOf(board);
  return of === null ? chains[0] : chains.find(({ plural, id }) => `${plural}.${id}` === of);
}

/** All events of a stream with their hashes. */
export async function exportOf(visit: Visit, { plural, id }: Chain): Promise<ExportedStream> {
  const events: ExportedStream['events'][number][] = [];
  for (;;) {
    const after = events.at(-1)?.version ?? 0;
    const { body } = await visit.api.get<ExportedStream>(`/${plural}/${id}/stream`, { query: { after } });
    events.push(...body.events);
    if (body.events.length === 0 || (events.at(-1)?.version ?? 0) >= body.version) return { ...body, events };
  }
}
