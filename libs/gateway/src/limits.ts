/** Bounds of the realtime endpoint; what happens at each is in the README and in the realtime spec. */
export interface RealtimeLimits {
  /** Sockets of this instance; the handshake beyond it is refused. */
  readonly socketsMax: number;
  /** Rooms of one socket; the join beyond it is denied `too_many`. */
  readonly roomsMax: number;
  /** Events in one replay; a longer gap is answered `reset`. */
  readonly replayEventsMax: number;
  /** Bytes of one replay; a larger one is answered `reset`. */
  readonly replayBytesMax: number;
  /** Bytes that may wait for one reader; beyond them it is put out of its rooms with `reset`. */
  readonly backlogBytesMax: number;
  /** Bytes of one frame from a client; a larger one ends the connection. */
  readonly frameBytesMax: number;
  /** How often the open rooms are compared with the table, milliseconds. */
  readonly pollMs: number;
  /** History of a room, days; what is older cannot be replayed. */
  readonly historyDays: number;
}

/** Bounds that fit one process on a small machine. */
export const DEFAULT_LIMITS: RealtimeLimits = {
  socketsMax: 10_000,
  roomsMax: 200,
  replayEventsMax: 1_000,
  replayBytesMax: 512 * 1024,
  backlogBytesMax: 1024 * 1024,
  frameBytesMax: 64 * 1024,
  pollMs: 1_000,
  historyDays: 30,
};
