import { setTimeout as pause } from 'node:timers/promises';

/** Asks again and again, until the answer is truthy. Throws after two minutes, with what was waited for. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > deadline) throw new Error(`waited too long for ${what}`);
    await pause(50);
  }
}
