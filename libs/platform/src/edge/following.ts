import { setTimeout as delay } from 'node:timers/promises';

/** Longest time a caller may let the answer to a command wait, seconds. */
export const WAIT_S_MAX = 5;

/** Seconds of `Prefer: wait=n` (RFC 7240 section 4.3), at most `WAIT_S_MAX`; 0 when it is not asked for. */
export function secondsToWait(prefer: string | undefined): number {
  const asked = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,5})/iu.exec(prefer ?? '')?.[1];
  return Math.min(Number(asked ?? 0), WAIT_S_MAX);
}

/**
 * For callers who look at what follows from their command right away, as the reader of a page does after sending a form: listeners and
 * read models are a little behind the log. Callers who come while others wait share the next round, so that many cost as much as one.
 */
export class Following {
  private round: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  /** `reach` resolves when everything that was in the logs at the call has been handled here. */
  constructor(private readonly reach: () => Promise<void>) {}

  /** Resolves when what was decided before the call has been followed here, or after that many seconds. Never rejects. */
  async wait(seconds: number): Promise<void> {
    if (seconds <= 0) return;
    const given = new AbortController();
    const late = delay(seconds * 1000, undefined, { signal: given.signal }).catch(() => undefined);
    await Promise.race([this.followed(), late]);
    given.abort();
  }

  private followed(): Promise<void> {
    if (!this.round) return (this.round = this.begin());
    // The round under way may have looked at the logs before this caller's command was in them.
    return (this.next ??= this.round.then(() => {
      this.next = undefined;
      return (this.round = this.begin());
    }));
  }

  private begin(): Promise<void> {
    const round = this.reach()
      .catch(() => undefined) // who waits is only kept from seeing it at once; the listener itself says what is wrong
      .finally(() => {
        if (this.round === round) this.round = undefined;
      });
    return round;
  }
}
