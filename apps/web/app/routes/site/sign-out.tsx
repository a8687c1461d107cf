import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from 'react-router';
import { load } from '../../server/load.server.js';
import { visitOf } from '../../server/visit.server.js';

/** Signing out is a POST; who comes by a link goes home. */
export const loader = (args: LoaderFunctionArgs) => load(args, (visit) => redirect(visit.href('/')));

/** Ends the session. */
export async function action(args: ActionFunctionArgs) {
  const visit = visitOf(args);
  await visit.signOut();
  return redirect(visit.href('/'));
}
