import type { ActionFunctionArgs, LoaderFunctionArgs } from 'react-router';
import { absent } from '../../server/load.server.js';
import { visitOf } from '../../server/visit.server.js';

/** An address nothing is at. */
export const loader = (args: LoaderFunctionArgs) => {
  throw absent(visitOf(args));
};

/** The same for what is sent there. */
export const action = (args: ActionFunctionArgs) => {
  throw absent(visitOf(args));
};

/** Never shown: the loader always throws. */
export default function Absent() {
  return null;
}
