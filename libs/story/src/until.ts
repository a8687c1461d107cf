import { StoryFailed } from './step.js';

const PROBE_MS = 15;
const WAIT_MS_MAX = 20_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Shortens what is shown in messages. */
export const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 1_000);

/** Probes until the condition holds and returns what was seen then; gives up after 20 s with the last status. */
export async function until<T>(what: string, probe: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const end = performance.now() + WAIT_MS_MAX;
  for (;;) {
    const seen = await probe();
    if (holds(seen)) return seen;
    if (performance.now() > end) throw new StoryFailed(`Waited ${WAIT_MS_MAX / 1000} s for: ${what}. Last seen: ${shown(seen)}`);
    await pause(PROBE_MS);
  }
}
