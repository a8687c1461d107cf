import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { History } from './history.js';
import type { RunningApp } from './running-app.js';

/** The moments between a fault and the next: U(0, 2 s). */
const MOMENT_MS_MAX = 2_000;
/** The supervisor of the database gives up after five deaths in a minute, as it should; a new app counts afresh. */
const POSTMASTERS_IN_A_ROW_MAX = 4;

/** A killed database is back within seconds; a minute without any acknowledgement is a failure of its own. */
const RECOVERY_MS_MAX = 60_000;

/** A fault that was injected. */
export interface Kill {
  readonly victim: 'app' | 'postmaster';
  readonly at: number;
  /** Until the first acknowledgement of a command sent after the fault; undefined when the next fault came before. */
  readonly recoveryMs?: number;
}

/** Kills the app and its database at random moments, a fifth of the times before they have recovered from the last one. */
export async function killAtRandom(app: RunningApp, history: History, chance: Chance, count: number): Promise<Kill[]> {
  const kills: Kill[] = [];
  let postmasters = 0;
  let starting: Promise<void> = Promise.resolve();
  while (kills.length < count) {
    await pause(chance.next() * MOMENT_MS_MAX);
    const victim = postmasters < POSTMASTERS_IN_A_ROW_MAX && chance.happens(0.5) ? 'postmaster' : 'app';
    const at = performance.now();
    if (victim === 'postmaster') {
      if (!(await app.killPostmaster())) continue;
      postmasters += 1;
    } else {
      await app.kill();
      postmasters = 0;
      // Killed in the middle of a start, it is started again by whoever waits for that start.
      if (!app.isStarting) starting = app.start();
      starting.catch(() => undefined);
    }
    const recovered = history.acknowledgedAfter(at, RECOVERY_MS_MAX);
    if (kills.length < count - 1 && chance.happens(0.2)) kills.push({ victim, at });
    else {
      await starting;
      const acknowledged = await recovered;
      if (acknowledged === undefined)
        throw new Error(`no recovery from the kill of the ${victim}. The app said:\n${app.said.join('\n')}`);
      kills.push({ victim, at, recoveryMs: acknowledged - at });
    }
  }
  return kills;
}
