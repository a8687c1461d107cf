import type { LoaderFunctionArgs } from 'react-router';
import { absent, loadSignedIn } from '../../server/load.server.js';
import type { Visit } from '../../server/visit.server.js';

/** As `loadSignedIn`, for registrars; to everybody else there is nothing here. */
export const loadRegistrar = <T>(args: LoaderFunctionArgs, run: (visit: Visit) => Promise<T> | T): Promise<T> =>
  loadSignedIn(args, (visit) => {
    if (!visit.session?.platformRoles.includes('registrar')) throw absent(visit);
    return run(visit);
  });
