import { setTimeout as delay } from 'node:timers/promises';
import { Tail, type Place, type TailOptions } from '../log/tail.js';

/** How often one that stands by looks, and how long the holder may stand still with work before it. */
const LOOK_MS = 1_000;
const STILL_MS_MAX = 5_000;
const REACH_MS = 10;

/**
 * A tail that several processes of a context start: the one started last moves the cursor, the others stand by and take over when it
 * stops moving. Without that, the end of the newest process would stop the read models of all.
 */
export class StandbyTail {
  private tail: Tail | undefined;
  private supervising: Promise<void> | undefined;
  private stopped = false;
  private readonly halted = new AbortController();
  /** Since when the holder has been seen to stand still, on the monotonic clock. */
  private stillSince: number | undefined;

  constructor(
    private readonly options: TailOptions,
    private readonly stillMsMax = STILL_MS_MAX,
  ) {}

  get name(): string {
    return this.options.name;
  }

  /** Milliseconds since the cursor last was at the end of the log, as far as this process knows. */
  get ageMs(): number {
    return this.tail?.ageMs ?? (this.stillSince === undefined ? 0 : performance.now() - this.stillSince);
  }

  async start(): Promise<void> {
    await this.follow();
    this.supervising = this.supervise();
  }

  wake(): void {
    this.tail?.wake();
  }

  /** Stops after the batch under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.halted.abort();
    await this.tail?.stop();
    await this.supervising;
  }

  /** Resolves when everything that was in the log at the call has been delivered, here or elsewhere. Throws after `timeoutMs`. */
  async caughtUp(timeoutMs = 20_000): Promise<void> {
    const end = performance.now() + timeoutMs;
    const { rows } = await this.options.pool.query<Place>(
      'SELECT xid::text, position::text FROM events ORDER BY events.xid DESC, events.position DESC LIMIT 1',
    );
    for (let why: unknown; rows[0]; await this.pause(REACH_MS)) {
      const { place, reached } = await this.look(rows[0]);
      if (reached) return;
      why ??= new Error(`${this.name} of another process is at ${place}`);
      if (this.stopped || performance.now() > end) throw why;
      // The holder can be hurried; it may turn out to hold no longer. Of another process only the cursor is seen.
      const hurried = this.tail?.caughtUp(Math.max(1, end - performance.now()));
      await hurried?.catch((error: unknown) => (why = error));
    }
  }

  private async follow(): Promise<void> {
    const tail = new Tail(this.options);
    await tail.start();
    this.tail = tail;
  }

  private async supervise(): Promise<void> {
    while (!this.stopped) {
      await this.tail?.ended;
      if (this.stopped) return;
      // Fenced: another process moves the cursor now.
      this.tail = undefined;
      try {
        await this.standBy();
        if (!this.stopped) await this.follow();
      } catch (error) {
        if (this.stopped) return;
        this.options.failed(error);
        await this.pause(LOOK_MS);
      }
    }
  }

  /** Resolves when the holder has stood still for too long with events before it, or when this one stops. */
  private async standBy(): Promise<void> {
    let last = '';
    for (; !this.stopped; await this.pause(LOOK_MS)) {
      const { place, behind } = await this.look();
      if (!behind || place !== last) this.stillSince = undefined;
      else this.stillSince ??= performance.now();
      last = place;
      if (this.stillSince !== undefined && performance.now() - this.stillSince > this.stillMsMax) break;
    }
    this.stillSince = undefined;
  }

  private async look(end: Place = { xid: '0', position: '0' }): Promise<{ place: string; behind: boolean; reached: boolean }> {
    const { rows } = await this.options.pool.query<Place & { behind: boolean; reached: boolean }>(
      `SELECT xid::text, position::text, (xid, position) >= ($2::xid8, $3::bigint) AS reached,
              EXISTS (SELECT 1 FROM events e WHERE (e.xid, e.position) > (c.xid, c.position)
                        AND e.xid < pg_snapshot_xmin(pg_current_snapshot())) AS behind FROM cursors c WHERE name = $1`,
      [this.name, end.xid, end.position],
    );
    const [row] = rows;
    return row ? { ...row, place: `${row.xid}/${row.position}` } : { place: '', behind: false, reached: false };
  }

  private async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.halted.signal }).catch(() => undefined);
  }
}
