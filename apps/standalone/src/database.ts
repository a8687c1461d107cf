import { startPostgres, type EmbeddedPostgres } from '@concord/platform/process';
import { setTimeout as delay } from 'node:timers/promises';

const RESTARTS_MAX = 5;
const RESTARTS_WITHIN_MS = 60_000;
const RETRY_MS = 1_000;

/** The database of this process: embedded and kept alive, or somebody else's. */
export interface DatabaseServer {
  readonly adminUrl: string;
  /** Process id of the embedded server; undefined for an existing one. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Starts the embedded server and starts it again when it dies: after a crash it recovers what was committed, and commands wait
 * for it meanwhile. Gives up, and calls `lost`, after five deaths in a minute.
 */
export async function keepDatabase(
  dataDir: string,
  note: (line: string) => void,
  lost: (error: Error) => void,
): Promise<DatabaseServer> {
  const deaths: number[] = [];
  let stopping = false;
  let server: EmbeddedPostgres = await startPostgres({ dataDir });
  let started = Promise.resolve(server);
  const { port, url } = server;
  const watch = async (): Promise<void> => {
    for (;;) {
      const exit = await server.exited;
      if (stopping) return;
      note(`the database ended (${exit.code === null ? 'it was killed' : `code ${exit.code}`}); starting it again`);
      await startAgain();
    }
  };
  const startAgain = async (): Promise<void> => {
    for (let running = false; !running && !stopping;) {
      deaths.push(Date.now());
      if (deaths.filter((at) => Date.now() - at < RESTARTS_WITHIN_MS).length > RESTARTS_MAX)
        throw new Error('the database keeps ending');
      await delay(50);
      if (stopping) return;
      started = startPostgres({ dataDir, port });
      running = await started.then(
        (next) => {
          server = next;
          return true;
        },
        async (error: unknown) => {
          note(`the database does not start: ${String(error)}`);
          await delay(RETRY_MS);
          return false;
        },
      );
    }
  };
  void watch().catch((cause: unknown) => lost(new Error('The embedded database is lost.', { cause })));
  return {
    adminUrl: url,
    pid: () => server.pid,
    stop: async () => {
      stopping = true;
      // A start under way ends first: the server would outlive us by a moment otherwise.
      await started.then(
        (last) => last.stop(),
        () => undefined,
      );
    },
  };
}
