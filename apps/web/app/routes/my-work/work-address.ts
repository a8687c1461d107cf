import { redirect, type LoaderFunctionArgs } from 'react-router';
import { load } from '../../server/load.server.js';

/** The short address of the page with what waits. */
export const loader = (args: LoaderFunctionArgs) => load(args, (visit) => redirect(visit.href('/my-work')));
