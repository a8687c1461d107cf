import type { LoaderFunctionArgs } from 'react-router';
import { absent, load } from '../../server/load.server.js';
import { boardOf, parameter } from './board.js';
import { chosenChain, exportOf } from './chain.js';

/** A whole stream as a file: `concord verify --stream` and the page of integrity check it without this server. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const { board } = await boardOf(visit, parameter(args, 'id'));
    const chain = chosenChain(board, visit.url.searchParams.get('of'));
    if (!chain) throw absent(visit);
    const exported = await exportOf(visit, chain);
    return new Response(`${JSON.stringify(exported, undefined, 1)}\n`, {
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-disposition': `attachment; filename="${chain.plural}-${chain.id}.json"`,
      },
    });
  });
