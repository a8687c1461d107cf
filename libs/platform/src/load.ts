/** Requests under way from which on the process counts as busy. */
const BUSY = 16;

/**
 * How many requests a process is answering. What runs behind the commands (listeners, projections) gives way while it is busy:
 * it may be late, an answer may not.
 */
export class Load {
  private inFlight = 0;

  get busy(): boolean {
    return this.inFlight >= BUSY;
  }

  enter(): void {
    this.inFlight += 1;
  }

  leave(): void {
    this.inFlight -= 1;
  }
}
