import { redirect, type LoaderFunctionArgs } from 'react-router';
import { load } from '../../server/load.server.js';

/** The pledges of a need are the list of pledges, filtered. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, (visit) => {
    throw redirect(visit.href(`/pledges?need=${encodeURIComponent(args.params['id'] ?? '')}`));
  });

/** Never shown: the loader sends everybody on. */
export default function ToNeed() {
  return null;
}
