import { Tail, type TailedEvent } from '@concord/platform';
import { logAtRest } from '@concord/testing';
import type pg from 'pg';
import { setTimeout as delay } from 'node:timers/promises';

/** The two ways to follow a log that lose events; see reliability.md, section 2. */
const WRONG = {
  /** Passes a position that is taken and not yet committed. */
  naive: 'position > $1',
  /** Waits for running transactions, but passes a lower position of a later one. */
  half: 'position > $1 AND xid < pg_snapshot_xmin(pg_current_snapshot())',
};

/** Follows a log the wrong way and remembers which positions it saw. */
export class WrongReader {
  readonly seen = new Set<string>();
  private waiting: (() => void)[] = [];
  private stopped = false;
  private readonly loop: Promise<void>;

  constructor(
    private readonly pool: pg.Pool,
    private readonly way: keyof typeof WRONG,
  ) {
    this.loop = this.run();
  }

  /** Resolves when it has found nothing more to read. What it has not seen by then, in a log that rests, it never will. */
  async reachedEnd(): Promise<void> {
    await logAtRest(this.pool);
    await Promise.race([new Promise<void>((resolve) => this.waiting.push(resolve)), this.loop]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.loop;
  }

  private async run(): Promise<void> {
    const text = `SELECT position::text FROM events WHERE ${WRONG[this.way]} ORDER BY position LIMIT 200`;
    for (let position = '0'; !this.stopped;) {
      const waiting = this.waiting.splice(0);
      const { rows } = await this.pool.query<{ position: string }>({ name: this.way, text, values: [position] });
      for (const row of rows) this.seen.add(row.position);
      position = rows.at(-1)?.position ?? position;
      if (rows.length > 0) this.waiting.push(...waiting);
      else {
        for (const done of waiting) done();
        await delay(1);
      }
    }
  }
}

/** Follows a log by `Tail`, which is stopped and made anew again and again, and counts what it was handed wrongly. */
export class RestartedTail {
  readonly seen = new Set<string>();
  duplicated = 0;
  inverted = 0;
  restarts = 0;
  readonly errors: unknown[] = [];
  private readonly versions = new Map<string, number>();
  private tail: Tail;
  private ending = false;
  private readonly loop: Promise<void>;

  constructor(private readonly pool: pg.Pool) {
    this.tail = this.make();
    this.loop = this.run();
  }

  /** Resolves when everything in the log has been handed over. No restart comes after that. */
  async reachedEnd(): Promise<void> {
    this.ending = true;
    await this.loop;
    await this.tail.caughtUp(300_000);
  }

  async stop(): Promise<void> {
    this.ending = true;
    await this.loop;
    await this.tail.stop();
  }

  private async run(): Promise<void> {
    await this.tail.start();
    for (let next = 5_000; !this.ending;) {
      await delay(5);
      if (this.seen.size < next) continue;
      await this.tail.stop();
      this.restarts += 1;
      this.tail = this.make();
      next = this.seen.size + this.batch * 40;
      await this.tail.start();
    }
  }

  /** Another size each time, so that predecessors fall into the same batch, a later one, and one after a restart. */
  private get batch(): number {
    return [500, 100, 7, 250][this.restarts % 4]!;
  }

  private make(): Tail {
    return new Tail({
      pool: this.pool,
      name: 'ours',
      batch: this.batch,
      pollMs: 1,
      deliver: async (events) => this.take(events),
      failed: (error) => void this.errors.push(error),
    });
  }

  private take(events: readonly TailedEvent[]): void {
    for (const { position, stream, version } of events) {
      const last = this.versions.get(stream) ?? 0;
      if (this.seen.has(position)) this.duplicated += 1;
      else if (version !== last + 1) this.inverted += 1;
      this.seen.add(position);
      this.versions.set(stream, Math.max(last, version));
    }
  }
}
