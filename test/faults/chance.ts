/** Seeded chance (mulberry32): the same seed gives the same sequence, so that a run's faults and commands can be had again. */
export class Chance {
  constructor(private state: number) {}

  /** From 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[Math.floor(this.next() * list.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }

  /** A source of its own, so that what runs beside it does not disturb its sequence. */
  fork(): Chance {
    return new Chance(this.between(0, 2 ** 31));
  }
}

/** The seed of this run: FAULT_SEED to have one again, else a new one. */
export const seedOfRun = (): number => Number(process.env['FAULT_SEED'] ?? Math.floor(Math.random() * 1_000_000));
