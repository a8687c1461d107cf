import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from './chance.js';
import type { Fault, World } from './world.js';

/** The moments between a fault and the next of the same lane: U(0, 2 s). */
const MOMENT_MS_MAX = 2_000;
/** A minute without any acknowledgement after the end of a fault is a failure of its own. */
const RECOVERY_MS_MAX = 60_000;

/** A fault that was injected and has ended. */
export interface Injected {
  readonly row: Fault['row'];
  readonly name: string;
  /** When it began, on the monotonic clock. */
  readonly at: number;
  /** How long it held, milliseconds. */
  readonly heldMs: number;
  /** From its end to the first acknowledgement of a command that was sent after it. */
  readonly recoveryMs: number;
}

/** When to stop: after so many faults, each kind among them, or at a moment of the monotonic clock. */
export interface Until {
  readonly faults?: number;
  readonly moment?: number;
}

/** Deals kinds of faults as from a pack of cards: all of them, in a new order each time. */
class Deck {
  private left: Fault[] = [];
  /** How many were dealt. */
  dealt = 0;

  constructor(
    private readonly faults: readonly Fault[],
    private readonly chance: Chance,
  ) {}

  draw(): Fault {
    if (this.left.length === 0) this.left = [...this.faults];
    this.dealt += 1;
    return this.left.splice(this.chance.between(0, this.left.length - 1), 1)[0]!;
  }
}

/**
 * Injects faults until it is time: each lane one after the other, the lanes side by side, so that faults of different lanes meet.
 * `log` is told of each fault.
 */
export async function unleash(
  world: World,
  lanes: readonly (readonly Fault[])[],
  chance: Chance,
  until: Until,
  log: (line: string) => void,
): Promise<Injected[]> {
  const injected: Injected[] = [];
  let begun = 0;
  const isOver = (dealt: number, kinds: number): boolean =>
    until.faults === undefined ? performance.now() > (until.moment ?? 0) : begun >= until.faults && dealt >= kinds;
  const began = performance.now();
  let failed = false;
  const run = async (faults: readonly Fault[], own: Chance): Promise<void> => {
    const deck = new Deck(faults, own);
    while (!isOver(deck.dealt, faults.length) && !failed) {
      await pause(own.next() * MOMENT_MS_MAX);
      const { row, name, inject } = deck.draw();
      begun += 1;
      const at = performance.now();
      try {
        await inject(world, own.fork());
      } catch (cause) {
        failed = true;
        throw new Error(`${row}, ${name}: ${String((cause as Error).message)}`, { cause });
      }
      const ended = performance.now();
      const acknowledged = await world.history.acknowledgedAfter(ended, RECOVERY_MS_MAX);
      if (acknowledged === undefined) {
        failed = true;
        throw new Error(`no recovery within ${RECOVERY_MS_MAX} ms of ${row}, ${name}`);
      }
      injected.push({ row, name, at, heldMs: ended - at, recoveryMs: acknowledged - ended });
      log(
        `${((at - began) / 1_000).toFixed(1)} s ${row} ${name}: held ${((ended - at) / 1_000).toFixed(1)} s, recovered in ${Math.round(acknowledged - ended)} ms`,
      );
      await world.cluster.reviveFallen();
    }
  };
  const ends = await Promise.allSettled(lanes.map((faults) => run(faults, chance.fork())));
  world.cluster.healWays();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return injected;
}
