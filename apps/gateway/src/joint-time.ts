import { EdgeProblem, type BusinessTime, type Platform } from '@concord/platform';
import { DEVELOPMENT_CLOCK, DEVELOPMENT_SETTLEMENT, type Settlement } from '@concord/platform/serve';
import { unavailable } from './away.js';

const ANSWER_MS_MAX = 25_000;
/** Every service learns who is a registrar by itself, a moment after the gateway did. */
const KNOWN_MS_MAX = 5_000;
const AGAIN_MS = 50;
/** A service or a broker that is away may be back before the caller gives up, who then asks the same again. */
const PATIENCE_MS = 20_000;

/** Business time of all services together: moved everywhere before anything falls due anywhere. For development only. */
export class JointTime implements BusinessTime {
  /** Where time was moved last: a repeated request finds time there, and only waits again. */
  private movedTo: string | undefined;

  constructor(
    private readonly addresses: ReadonlyMap<string, string>,
    private readonly own: Platform,
  ) {}

  /** The latest of all services. One that was started again goes by its own last event until time is moved. */
  async now(): Promise<string> {
    return (await this.clocks()).reduce((a, b) => (a > b ? a : b));
  }

  async moveTo(instant: string, token: string): Promise<void> {
    const clocks = await this.clocks();
    if (instant !== this.movedTo && clocks.every((clock) => clock > instant))
      throw new RangeError(`business time is ${clocks[0]} and only moves forward; ${instant} lies before it`);
    const end = performance.now() + PATIENCE_MS;
    await patiently(end, () => this.everywhere(DEVELOPMENT_CLOCK, token, { to: instant }));
    this.movedTo = instant;
    await this.settled(token, end);
  }

  /**
   * Resolves when two rounds in a row nothing was appended anywhere. What a service had appended before its answer is on its topic
   * after the next round, and has taken effect in every other service after the one behind that.
   */
  private async settled(token: string, end: number): Promise<void> {
    for (let [before, quiet] = ['', 0]; quiet < 2;) {
      const settlements = await patiently(end, () => this.everywhere<Settlement>(DEVELOPMENT_SETTLEMENT, token, {}));
      await patiently(end, () => this.own.calmed());
      const places = JSON.stringify(settlements.map((one) => one.places));
      quiet = places === before ? quiet + 1 : 0;
      before = places;
    }
  }

  private async clocks(): Promise<string[]> {
    const answers = await Promise.all(
      [...this.addresses].map(([name, address]) =>
        answered(name, fetch(address + DEVELOPMENT_CLOCK, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })),
      ),
    );
    return answers.map((answer) => (answer as { businessTime: string }).businessTime);
  }

  private everywhere<Answer>(path: string, token: string, body: unknown): Promise<Answer[]> {
    return Promise.all([...this.addresses].map(([name, address]) => this.ask<Answer>(name, address + path, token, body)));
  }

  private async ask<Answer>(name: string, url: string, token: string, body: unknown): Promise<Answer> {
    const end = performance.now() + KNOWN_MS_MAX;
    for (;;) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      }).catch((cause: unknown) => Promise.reject(Object.assign(unavailable(name), { cause })));
      if (!(response.status === 401 || response.status === 403) || performance.now() > end)
        return answered(name, Promise.resolve(response)) as Promise<Answer>;
      await response.body?.cancel();
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

/** Tries again until it works or the time is over; then throws what was wrong last. */
async function patiently<T>(end: number, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end)
        throw error instanceof EdgeProblem ? error : Object.assign(unavailable('gateway'), { cause: error });
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}

async function answered(name: string, asked: Promise<Response>): Promise<unknown> {
  try {
    const response = await asked;
    if (response.ok) return await response.json();
    throw new Error(`${response.status} ${await response.text()}`);
  } catch (cause) {
    throw Object.assign(unavailable(name), { cause });
  }
}
