import type { InboxPage } from '@concord/contracts';
import type { LoaderFunctionArgs } from 'react-router';
import type { z } from 'zod';
import { load } from '../../server/load.server.js';

/** The unread count with its sequence, for the scripts of this site: read again after a lost connection and when a tab is looked at. 204: signed out. */
export const loader = (args: LoaderFunctionArgs) =>
  load(args, async (visit) => {
    const headers = { 'cache-control': 'private, no-store' };
    if (!visit.session) return new Response(null, { status: 204, headers });
    const { body } = await visit.api.get<z.output<typeof InboxPage>>('/inbox', { query: { limit: 1 } });
    return Response.json({ unread: body.unread, sequence: body.sequence }, { headers });
  });
