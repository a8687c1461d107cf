import type { Context } from '../context/context.js';
import type { Place } from '../log/tail.js';
import { checkCheckpoints, type Witnessed } from './checkpoints-check.js';
import { checkInbox, followersOf, type FollowedLog } from './inbox-check.js';
import { holding } from './operation-lock.js';
import { checkProjection } from './projection-check.js';
import { reasonOf, Tally, type Check, type Report } from './report.js';
import { Snapshot } from './snapshot.js';
import { StreamsCheck } from './streams-check.js';

export interface VerificationOptions {
  /** Checkpoints kept outside; the log has to hold them still. */
  readonly witnessed?: readonly Witnessed[];
  /** Called after each check. */
  progress?(check: Check): void;
}

const running = new WeakMap<Context, Promise<Report>>();

/**
 * Compares everything a context has stored with what follows from its events, in one snapshot while the context goes on: streams,
 * hash chains, inline views, projections, inbox and cursors, stored answers, checkpoints, and the context's own checks. Changes
 * nothing. Reads in pages, so memory does not grow with the log. Who asks while one runs gets the report of that one.
 */
export function verifyContext(context: Context, options: VerificationOptions = {}): Promise<Report> {
  const known = running.get(context);
  if (known) return known;
  const report = holding(context, 'shared', () => run(context, options)).finally(() => running.delete(context));
  running.set(context, report);
  return report;
}

async function run(context: Context, options: VerificationOptions): Promise<Report> {
  const started = performance.now();
  const { service, database, publisher, listener } = context;
  const checks: Check[] = [];
  const done = (...tallies: readonly Tally[]): void => {
    for (const tally of tallies) {
      const check = tally.done();
      checks.push(check);
      options.progress?.(check);
    }
  };
  const followers = followersOf(service, listener.consumers);
  // Cursors first, then the own snapshot, then those of the others: see `FollowedLog`.
  const cursors = await cursorsOf(context, new Set(followers.flatMap(({ from }) => from)));
  const snapshot = await Snapshot.open(database.pool);
  const logs = new Map<string, FollowedLog>();
  try {
    for (const [source, { context: other, cursor }] of cursors)
      logs.set(source, {
        publisher: other.publisher,
        snapshot: await Snapshot.open(other.database.pool),
        cursor,
        followed: listener.followedOf(source),
      });
    const streams = await new StreamsCheck(service, publisher, snapshot).run();
    done(...streams.tallies);
    for (const projection of service.projections) done(await checkProjection(projection, publisher, snapshot, database));
    done(await checkCursors(snapshot), await checkInbox(followers, snapshot, logs), await checkRequests(snapshot));
    done(await checkCheckpoints(service.name, snapshot, options.witnessed));
    for (const check of service.checks ?? []) done(await ownCheck(check, snapshot));
    return {
      context: service.name,
      ok: checks.every(({ differences }) => differences === 0),
      checks,
      hash: streams.hash,
      seconds: Math.round(performance.now() - started) / 1000,
    };
  } finally {
    await Promise.all([snapshot, ...[...logs.values()].map((log) => log.snapshot)].map((open) => open.close()));
  }
}

/** Where this context stands in the log of each context it follows that runs in this process. */
async function cursorsOf(
  { service, surroundings }: Context,
  sources: ReadonlySet<string>,
): Promise<Map<string, { context: Context; cursor: Place | undefined }>> {
  const cursors = new Map<string, { context: Context; cursor: Place | undefined }>();
  for (const source of sources) {
    const context = surroundings.contexts?.get(source);
    if (!context) continue;
    const [cursor] = await context.database.query<Place>('SELECT xid::text, position::text FROM cursors WHERE name = $1', [
      `bus ${service.name}`,
    ]);
    cursors.set(source, { context, cursor });
  }
  return cursors;
}

async function checkCursors(snapshot: Snapshot): Promise<Tally> {
  const tally = new Tally('cursors: none beyond the log');
  const rows = await snapshot.query<Place & { name: string; beyond: boolean }>(
    `SELECT c.name, c.xid::text, c.position::text, (c.xid, c.position) > (coalesce(e.xid, '0'), coalesce(e.position, 0)) AS beyond
       FROM cursors c LEFT JOIN (SELECT xid, position FROM events ORDER BY xid DESC, position DESC LIMIT 1) e ON true`,
  );
  for (const { name, xid, position, beyond } of rows) {
    tally.looked();
    if (beyond) tally.differs(`cursor ${name}`, `it stands at ${xid}/${position}, and the log ends before that`);
  }
  return tally;
}

async function checkRequests(snapshot: Snapshot): Promise<Tally> {
  const tally = new Tally('requests: stored answers can be read');
  for await (const rows of snapshot.copy('SELECT scope, key, body FROM requests')) {
    for (const [scope, key, body] of rows) {
      tally.looked();
      if (!isJson(body ?? '')) tally.differs(`request ${key} of ${scope}`, 'its answer is not JSON');
    }
  }
  return tally;
}

function isJson(body: string): boolean {
  if (body === '') return true;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

async function ownCheck(
  { name, run: find }: NonNullable<Context['service']['checks']>[number],
  snapshot: Snapshot,
): Promise<Tally> {
  const tally = new Tally(name);
  tally.looked();
  try {
    for (const problem of await find(snapshot)) tally.differs(name, problem);
  } catch (error) {
    tally.differs(name, `it could not run: ${reasonOf(error)}`);
  }
  return tally;
}
