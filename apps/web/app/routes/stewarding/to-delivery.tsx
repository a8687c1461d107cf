import { redirect, type LoaderFunctionArgs } from 'react-router';
import { loadSignedIn } from '../../server/load.server.js';
import { parameter } from '../projects/board.js';
import type { Delivery } from './delivery-body.js';

/** A delivery stands in its project: inbox and own work name it alone. */
export const loader = (args: LoaderFunctionArgs) =>
  loadSignedIn(args, async (visit) => {
    const { body } = await visit.api.get<Delivery>(`/deliveries/${parameter(args, 'id')}`);
    throw redirect(visit.href(`/projects/${body.projectId}/deliveries/${body.id}`));
  });

/** Never shown: the loader sends everybody on. */
export default function ToDelivery() {
  return null;
}
