/** Requests under way from which on the process counts as busy, when there are so many for a while: a short stop of the disk is no load. */
const BUSY = 16;
const BUSY_MS = 100;
/**
 * Requests under way from which on the next one is refused: twice what 64 callers keep busy. Four times as many made the
 * accepted wait longer (docs/benchmarks.md, P14).
 */
const FULL = 128;
/** Requests a second from which on it counts as busy too: a few quick callers leave it no more room than many patient ones. */
const BUSY_RATE = 300;
/** How long the rate is measured at a time, milliseconds. */
const WINDOW_MS = 500;

/**
 * How many requests a process is answering, and how fast they come. What runs behind the commands (listeners, projections) gives way
 * while it is busy: it may be late, an answer may not.
 */
export class Load {
  private inFlight = 0;
  /** Since when there have been so many. */
  private crowdedSince: number | undefined;
  private came = 0;
  private since = 0;
  private rate = 0;

  /** `now`: milliseconds that only go forward. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get busy(): boolean {
    if (this.crowdedSince !== undefined && this.now() - this.crowdedSince >= BUSY_MS) return true;
    this.measure();
    return this.rate >= BUSY_RATE;
  }

  /** Whether the next request has to be refused, so that the accepted do not wait for ever longer. */
  get full(): boolean {
    return this.inFlight >= FULL;
  }

  enter(): void {
    this.inFlight += 1;
    if (this.inFlight >= BUSY) this.crowdedSince ??= this.now();
    this.measure();
    this.came += 1;
  }

  leave(): void {
    this.inFlight -= 1;
    if (this.inFlight < BUSY) this.crowdedSince = undefined;
  }

  private measure(): void {
    const ms = this.now() - this.since;
    if (ms < WINDOW_MS) return;
    this.rate = (this.came * 1000) / ms;
    this.since += ms;
    this.came = 0;
  }
}
