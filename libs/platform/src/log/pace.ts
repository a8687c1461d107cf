/** Events gather this long between two batches: one batch of ten costs a fraction of ten of one. The first after a rest goes at once. */
const GATHER_MS = 100;
const GATHER_WATCHED_MS = 2;
/** How many times as long as its last batch took a tail rests that nobody watches and that is not behind by a page. */
const REST = 3;
/** The least of work that counts while commands need the machine, and the least rest then where people watch. */
const GATHER_BUSY_MS = 50;
const GATHER_BUSY_WATCHED_MS = 150;
const REST_BUSY_WATCHED = 4;
/** While commands need the machine, a tail rests up to so many times as long as it worked; from ten seconds behind on, each second takes one from it. */
const PATIENCE = 10;
const PATIENT_MS = 10_000;
const REST_MS_MAX = 2_000;

/** What the rest between two batches depends on. */
export interface Pace {
  /** How long the last batch took, milliseconds. */
  readonly workedMs: number;
  /** The batch was a full page: there is more. */
  readonly more: boolean;
  /** People watch what comes of it. */
  readonly watched: boolean;
  /** Many requests wait. */
  readonly busy: boolean;
  /** How long the tail has been behind the log, milliseconds. */
  readonly behindMs: number;
}

/**
 * Milliseconds that a tail leaves the machine to others before its next batch. Under a load that does not end the rest shrinks, so that
 * it falls seconds behind and not hours.
 */
export function restMs({ workedMs, more, watched, busy, behindMs }: Pace): number {
  if (watched) return busy ? Math.max(GATHER_BUSY_WATCHED_MS, REST_BUSY_WATCHED * workedMs) : GATHER_WATCHED_MS;
  const patience = Math.max(1, PATIENCE - Math.max(0, behindMs - PATIENT_MS) / 1_000);
  const ms = busy ? patience * Math.max(GATHER_BUSY_MS, workedMs) : more ? workedMs : Math.max(GATHER_MS, REST * workedMs);
  return Math.min(ms, REST_MS_MAX);
}
