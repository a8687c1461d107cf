import type { Pool, PoolClient } from 'pg';
import { setTimeout as delay } from 'node:timers/promises';
import { oldestTransaction } from './oldest-transaction.js';
import { restMs } from './pace.js';
import type { Place, TailedEvent, TailOptions } from './tailed-event.js';

export type { Place, SaveCursor, TailedEvent, TailOptions } from './tailed-event.js';

/** Another holder took over the cursor: this one must stop, or events would be handled twice. */
export class Fenced extends Error {
  constructor(name: string) {
    super(`another process took over ${name}`);
    this.name = 'Fenced';
  }
}

const STREAMS_MAX = 100_000;
/** How soon to look again for rows that an older transaction, of whatever database of the cluster, still hides. */
const HIDDEN_MS = 5;
/** A cursor that moves by itself need not reach the disk at once: a crash of the server moves it back, and copies are dropped. */
const UNFLUSHED = ` FROM (SELECT set_config('synchronous_commit', 'off', true)) unflushed`;

/**
 * Follows a context's log in commit order (reliability.md 4.3): only rows whose transaction is older than every running one, by
 * the compound cursor (xid, position), in one statement a poll. Per stream it hands over versions without a gap, fetching
 * predecessors where the order of transactions was not the order of the stream. A wake-up is a hint; the poll is the guarantee.
 */
export class Tail {
  private cursor: Place = { xid: '0', position: '0' };
  private token = '0';
  /** Transactions from this number on began after this process took the cursor: nothing of theirs was handed over before. */
  private begun = 0n;
  private readonly last = new Map<string, number>();
  private stopped = false;
  private woken = false;
  private wakeUp: (() => void) | undefined;
  /** Callers of `caughtUp` who wait now: while there are any, nothing is gathered. */
  private awaited = 0;
  private hurry: (() => void) | undefined;
  private loop: Promise<void> | undefined;
  /** The next page, read while a full one is handed over. */
  private ahead: Promise<TailedEvent[]> | undefined;
  private lastError: unknown;
  /** When this process first saw that it is behind the log, on the monotonic clock; for the age gauge. */
  private behindSince: number | undefined;

  constructor(private readonly options: TailOptions) {}

  get name(): string {
    return this.options.name;
  }

  /** Milliseconds since the tail last was at the end of the log. */
  get ageMs(): number {
    return this.behindSince === undefined ? 0 : performance.now() - this.behindSince;
  }

  async start(): Promise<void> {
    const { rows } = await this.options.pool.query<Place & { token: string; begun: string }>(
      `INSERT INTO cursors AS c (name, xid, position, token) VALUES ($1, '0', 0, 1)
       ON CONFLICT (name) DO UPDATE SET token = c.token + 1
       RETURNING xid::text, position::text, token::text, pg_snapshot_xmax(pg_current_snapshot())::text AS begun`,
      [this.options.name],
    );
    const row = rows[0]!;
    this.cursor = { xid: row.xid, position: row.position };
    this.token = row.token;
    this.begun = BigInt(row.begun);
    this.loop = this.run();
  }

  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  /** Stops after the batch under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.hurry?.();
    this.wake();
    await this.loop;
  }

  /** Resolves when it has stopped: after `stop`, or because it was fenced. */
  get ended(): Promise<void> {
    return this.loop ?? Promise.resolve();
  }

  /** Resolves when everything that was in the log at the call has been delivered. Throws with the last error after `timeoutMs`. */
  async caughtUp(timeoutMs = 20_000): Promise<void> {
    const { rows } = await this.options.pool.query<{ ends: Place[] | null }>(
      `SELECT json_agg(json_build_object('xid', xid::text, 'position', position::text)) AS ends
         FROM (SELECT xid, position FROM events ORDER BY xid DESC, position DESC LIMIT 1) newest`,
    );
    const end = rows[0]?.ends?.[0];
    if (!end) return;
    this.awaited += 1;
    this.hurry?.();
    try {
      await this.reached(end, timeoutMs);
    } finally {
      this.awaited -= 1;
    }
  }

  private async reached(end: Place, timeoutMs: number): Promise<void> {
    const before = performance.now();
    while (isBefore(this.cursor, end)) {
      if (this.stopped || performance.now() - before > timeoutMs) {
        const places = `${JSON.stringify(this.cursor)} and not at ${JSON.stringify(end)}`;
        const oldest = await oldestTransaction(this.options.pool);
        throw new Error(`${this.name} is at ${places}; oldest transaction: ${oldest}`, { cause: this.lastError });
      }
      this.wake();
      await delay(2);
    }
  }

  private async run(): Promise<void> {
    let uncertain = false;
    while (!this.stopped) {
      try {
        if (uncertain) await this.resume();
        uncertain = false;
        this.woken = false;
        const rows = await (this.ahead ?? this.read(this.cursor));
        const more = rows.length === this.options.batch;
        this.ahead = more ? this.read(rows.at(-1)!) : undefined;
        this.ahead?.catch(() => undefined); // heard when its turn comes
        if (rows.length > 0) {
          this.behindSince ??= performance.now();
          const started = performance.now();
          await this.handle(rows);
          await this.gather(performance.now() - started, more);
          continue;
        }
        const hidden = !this.woken && (await this.isHidden());
        if (!hidden) this.behindSince = undefined;
        if (!this.woken) await this.rest(hidden ? HIDDEN_MS : this.options.pollMs);
      } catch (error) {
        if (error instanceof Fenced) this.stopped = true;
        uncertain = true;
        this.ahead = undefined;
        this.lastError = error;
        this.behindSince ??= performance.now();
        this.options.failed(error);
        await delay(250);
      }
    }
  }

  /** Lets events gather; whoever waits for the tail ends that. */
  private async gather(workedMs: number, more: boolean): Promise<void> {
    if (this.awaited > 0) return;
    const { busy, watched = false, gatherMs = 0 } = this.options;
    const ms = Math.max(gatherMs, restMs({ workedMs, more, watched, busy: busy?.() ?? false, behindMs: this.ageMs }));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.hurry = undefined;
  }

  private async rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref();
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = undefined;
  }

  /** After an error nobody knows whether the deliverer's transaction committed: where its cursor stands tells what took effect. */
  private async resume(): Promise<void> {
    const { rows } = await this.options.pool.query<Place & { token: string; begun: string }>(
      `SELECT xid::text, position::text, token::text, pg_snapshot_xmax(pg_current_snapshot())::text AS begun FROM cursors WHERE name = $1`,
      [this.options.name],
    );
    const [row] = rows;
    if (row?.token !== this.token) throw new Fenced(this.options.name);
    this.cursor = { xid: row.xid, position: row.position };
    this.begun = BigInt(row.begun);
    this.last.clear();
  }

  private async read(after: Place): Promise<TailedEvent[]> {
    const { rows } = await this.options.pool.query<TailedEvent>({
      name: 'tail',
      text: `SELECT position::text, xid::text, stream, version, kind, schema_version, previous,
                    CASE WHEN $4::text[] IS NULL OR kind = ANY($4) THEN data END AS data, meta
               FROM events WHERE (xid, position) > ($1::xid8, $2::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
              ORDER BY events.xid, events.position LIMIT $3`,
      values: [after.xid, after.position, this.options.batch, this.options.kinds ?? null],
    });
    return rows;
  }

  /** Whether committed rows wait for an older transaction to end: its end wakes nobody, so they are looked for again soon. */
  private async isHidden(): Promise<boolean> {
    const { rows } = await this.options.pool.query({
      name: 'tail hidden',
      text: 'SELECT 1 FROM events WHERE (xid, position) > ($1::xid8, $2::bigint) LIMIT 1',
      values: [this.cursor.xid, this.cursor.position],
    });
    return rows.length > 0;
  }

  private async handle(rows: readonly TailedEvent[]): Promise<void> {
    const end = rows.at(-1)!;
    const ordered = await this.inStreamOrder(rows);
    const kinds = this.options.kinds && new Set(this.options.kinds);
    const wanted = kinds ? ordered.filter(({ kind }) => kinds.has(kind)) : ordered;
    let saved = false;
    const save = async (client: Pool | PoolClient): Promise<void> => {
      await this.save(client, end);
      saved = true;
    };
    if (wanted.length > 0) await this.options.deliver(wanted, save);
    if (!saved) await save(this.options.pool);
    this.cursor = { xid: end.xid, position: end.position };
    for (const { stream, version } of ordered) this.remember(stream, version);
  }

  /** Moves the cursor, if it is where this process left it: a commit thought lost may have moved it, another holder may own it. */
  private async save(client: Pool | PoolClient, end: Place): Promise<void> {
    const { rowCount } = await client.query({
      name: client === this.options.pool ? 'save cursor unflushed' : 'save cursor',
      text: `UPDATE cursors SET xid = $5::xid8, position = $6::bigint${client === this.options.pool ? UNFLUSHED : ''}
              WHERE name = $1 AND token = $2::bigint AND xid = $3::xid8 AND position = $4::bigint`,
      values: [this.options.name, this.token, this.cursor.xid, this.cursor.position, end.xid, end.position],
    });
    if (rowCount === 1) return;
    const { rows } = await client.query<{ token: string }>('SELECT token::text FROM cursors WHERE name = $1', [this.options.name]);
    if (rows[0]?.token !== this.token) throw new Fenced(this.options.name);
    throw new Error(`the cursor of ${this.options.name} is not where this process left it`);
  }

  private remember(stream: string, version: number): void {
    this.last.delete(stream);
    this.last.set(stream, version);
    if (this.last.size > STREAMS_MAX) this.last.delete(this.last.keys().next().value!);
  }

  /** Second wall behind the executor's rule: puts predecessors first, drops what was handed over already. */
  private async inStreamOrder(rows: readonly TailedEvent[]): Promise<TailedEvent[]> {
    const last = new Map<string, number>();
    // Of first versions only those that may have been fetched as predecessors before this process took the cursor.
    const unknown = rows.filter(({ stream, version, xid }) => !this.last.has(stream) && (version > 1 || BigInt(xid) < this.begun));
    if (unknown.length > 0) for (const [stream, version] of await this.deliveredBefore(unknown)) last.set(stream, version);
    const ordered: TailedEvent[] = [];
    for (const row of rows) {
      const delivered = last.get(row.stream) ?? this.last.get(row.stream) ?? 0;
      if (row.version <= delivered) continue;
      if (row.version > delivered + 1) ordered.push(...(await this.between(row.stream, delivered, row.version)));
      ordered.push(row);
      last.set(row.stream, row.version);
    }
    return ordered;
  }

  /** Newest version of each stream that lies before the cursor. */
  private async deliveredBefore(rows: readonly TailedEvent[]): Promise<[string, number][]> {
    const { rows: found } = await this.options.pool.query<{ stream: string; version: number }>({
      name: 'delivered before',
      text: `SELECT u.stream, coalesce((SELECT e.version FROM events e WHERE e.stream = u.stream AND (e.xid, e.position) <= ($2::xid8, $3::bigint)
               ORDER BY e.version DESC LIMIT 1), 0) AS version FROM unnest($1::uuid[]) AS u(stream)`,
      values: [[...new Set(rows.map(({ stream }) => stream))], this.cursor.xid, this.cursor.position],
    });
    return found.map(({ stream, version }) => [stream, version]);
  }

  /** Predecessors that the order of transactions puts later. They are committed: whoever wrote their successor has seen them. */
  private async between(stream: string, after: number, before: number): Promise<TailedEvent[]> {
    const { rows } = await this.options.pool.query<TailedEvent>(
      `SELECT position::text, xid::text, stream, version, kind, schema_version, previous, data, meta
         FROM events WHERE stream = $1 AND version > $2 AND version < $3 ORDER BY version`,
      [stream, after, before],
    );
    if (rows.length !== before - after - 1) throw new Error(`stream ${stream} has a hole between version ${after} and ${before}`);
    return rows;
  }
}

const isBefore = (a: Place, b: Place): boolean =>
  a.xid === b.xid ? BigInt(a.position) < BigInt(b.position) : BigInt(a.xid) < BigInt(b.xid);
