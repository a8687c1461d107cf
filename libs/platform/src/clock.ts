import { randomFillSync } from 'node:crypto';

/** Business time: what deadlines and events go by. Security (tokens, throttles) uses real time instead. */
export abstract class Clock {
  /** RFC 3339 UTC with milliseconds. */
  abstract now(): string;
}

/** Real time. */
export class SystemClock extends Clock {
  now(): string {
    return new Date().toISOString();
  }
}

/** Real time moved forward by an offset, for tests, the seed and the demo. Time never goes back: it would break the order of deadlines. */
export class AdjustableClock extends Clock {
  constructor(private offsetMs = 0) {
    super();
  }

  now(): string {
    return new Date(Date.now() + this.offsetMs).toISOString();
  }

  /** Moves business time to an instant not before the present business time; returns the new offset from real time in milliseconds. */
  moveTo(instant: string): number {
    const offset = Date.parse(instant) - Date.now();
    if (!(offset >= this.offsetMs))
      throw new RangeError(`business time is ${this.now()} and only moves forward; ${instant} lies before it`);
    this.offsetMs = offset;
    return offset;
  }
}

const random = Buffer.alloc(4096);
let used = random.length;

/** A new UUIDv7: milliseconds of real time, then 74 random bits. */
export function uuidv7(): string {
  if (used + 10 > random.length) {
    randomFillSync(random);
    used = 0;
  }
  const tail = random.toString('hex', used, used + 10);
  used += 10;
  const time = Date.now().toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(tail[3]!, 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${variant}${tail.slice(4, 7)}-${tail.slice(7, 19)}`;
}
