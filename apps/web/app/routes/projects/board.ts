import { ApiProblem } from '@concord/client';
import type { MilestoneResource, ProjectBoard, ProjectResource, ReportResource } from '@concord/contracts';
import type { LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import type { Visit } from '../../server/visit.server.js';

/** Everything one screen about a project needs, as the API answers it. */
export type Board = z.output<typeof ProjectBoard>;
export type Project = z.output<typeof ProjectResource>;
export type Milestone = z.output<typeof MilestoneResource>;
export type Report = z.output<typeof ReportResource>;

/** Names of organisations by their id. */
export type Names = Readonly<Record<string, string>>;

/** A path parameter, ready for an address of the API. */
export const parameter = (args: Pick<LoaderFunctionArgs, 'params'>, name: string): string =>
  encodeURIComponent(args.params[name] ?? '');

/** The board of a project with the names of everybody in it; throws what the API answers. */
export async function boardOf(visit: Visit, id: string, more: readonly string[] = []): Promise<{ board: Board; names: Names }> {
  const { body: board } = await visit.api.get<Board>(`/projects/${id}/board`);
  return { board, names: await namesFor(visit, board, more) };
}

/** Names of everybody in a project and of some more. */
export async function namesFor(visit: Visit, board: Board, more: readonly string[]): Promise<Names> {
  const named = board.organisations.flatMap(({ organisationId, name }) =>
    name === undefined ? [] : [[organisationId, name] as const],
  );
  const known = new Set(named.map(([id]) => id));
  const asked = [...board.next.flatMap(({ who }) => who.map(({ organisationId }) => organisationId)), ...more];
  const found = await visit.namesOf(asked.filter((id) => !known.has(id)));
  return Object.fromEntries([...named, ...found]);
}

/** Business time as an RFC 3339 instant: a demo moves it; real time where the server does not tell it. */
export async function businessNow(visit: Visit): Promise<string> {
  try {
    const { body } = await visit.publicApi.get<{ readonly businessTime: string }>('/clock');
    return body.businessTime;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return new Date().toISOString();
    throw error;
  }
}
