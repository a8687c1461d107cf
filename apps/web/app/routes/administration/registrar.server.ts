import type { LoaderFunctionArgs } from 'react-router';
import { absent, loadSignedIn } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';

/** As `loadSignedIn`, for registrars; to everybody else there is nothing here. */
export const loadRegistrar = <T>(args: LoaderFunctionArgs, run: (visit: Visit) => Promise<T> | T): Promise<T> =>
  loadSignedIn(args, async (visit) => {
    const roles = await platformRolesOf(visit);
    if (!roles.includes('registrar')) throw absent(visit);
    return run(visit);
  });

/** Platform roles of the reader; asked for anew where there were none, for they may have been given meanwhile. */
export async function platformRolesOf(visit: Visit): Promise<readonly string[]> {
  if (visit.session?.platformRoles.length === 0) await visit.readReader();
  return visit.session?.platformRoles ?? [];
}
