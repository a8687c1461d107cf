/** Times of a group's supervision, milliseconds. */
export interface GroupTimes {
  /** A member that was not heard of for so long has lost its partitions. */
  readonly sessionMs: number;
  /** A broker waits so long for something to fetch. */
  readonly fetchWaitMs: number;
  /** A batch that takes longer lets the others go on without it. */
  readonly slowMs: number;
  /** How often the supervisor looks. */
  readonly lookMs: number;
  /** A partition that has messages and does not move for so long makes it build the consumer anew. */
  readonly stuckMs: number;
  /** A consumer that has not joined after so long is built anew. */
  readonly joinMs: number;
  /** How long to wait for what is under way at the end. */
  readonly stopMs: number;
}

/** For production. */
export const GROUP_TIMES: GroupTimes = {
  sessionMs: 10_000,
  fetchWaitMs: 500,
  slowMs: 400,
  lookMs: 5_000,
  stuckMs: 15_000,
  joinMs: 60_000,
  stopMs: 10_000,
};
