import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `check` every 25 ms until it answers something truthy, and returns that. Returns undefined after `waitMsMax`.
 * The interval is short because what we wait for (a server that starts or ends) takes tens of milliseconds.
 */
export async function until<T>(waitMsMax: number, check: () => T | Promise<T>): Promise<T | undefined> {
  const deadline = performance.now() + waitMsMax;
  for (;;) {
    const answer = await check();
    if (answer) return answer;
    if (performance.now() >= deadline) return undefined;
    await pause(25);
  }
}
