import { Unauthenticated, type Context } from '@concord/platform';
import type { Server } from 'node:http';
import { Realtime } from './realtime.js';

/** Where the rooms are attached. */
export interface RoomsPlace {
  readonly server: Server;
  /** The running context `gateway`. */
  readonly context: Context;
  /** Origins of foreign pages that may connect, separated by commas. */
  readonly origins: string;
  failed(error: unknown): void;
}

/** Opens the rooms on an HTTP server; who may enter follows the gateway's own copy of the directory. */
export function attachRooms({ server, context: { authenticator, database }, origins, failed }: RoomsPlace): Realtime {
  return new Realtime({
    server,
    db: database,
    authenticate: async (token) => {
      try {
        return await authenticator.authenticate(token, undefined);
      } catch (error) {
        if (error instanceof Unauthenticated) return undefined;
        throw error;
      }
    },
    isMember: async (person, organisation) => (await authenticator.roles(person, organisation)).length > 0,
    origins: origins.split(',').filter(Boolean),
    failed,
  });
}
