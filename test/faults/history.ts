/** What the load may ask for. */
export type CommandName = 'make' | 'amend' | 'accept' | 'confirm' | 'withdraw' | 'decline';

/** One intent of a client: a command under one Idempotency-Key, however often it is sent. */
export interface Intent {
  /** The key; every attempt's correlation id begins with it, so that events can be traced to it. */
  readonly key: string;
  readonly command: CommandName;
  /** Organisation acted for: the scope of the key. */
  readonly organisation: string;
  readonly path: string;
  readonly body: unknown;
}

/** An answer as it came. */
export interface Answered {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: string;
  /** The server said that this is the stored answer of an earlier attempt. */
  readonly replayed?: boolean;
}

/**
 * What a client saw, in the order of `at` (milliseconds of the monotonic clock). `ok`: done; `fail`: refused, for good; `info`: no
 * answer, or one that only says to come again: the command took effect at most once, and its key has to settle which.
 */
export type Entry = { readonly key: string; readonly attempt: number; readonly at: number } & (
  | { readonly type: 'invoke' }
  | { readonly type: 'ok' | 'fail'; readonly answer: Answered }
  | { readonly type: 'info'; readonly why: string }
);

/** An object as a client read it, with the moments before and after. `taken` and `target` are a line's. */
export interface Reading {
  readonly object: string;
  readonly version: number;
  readonly from: number;
  readonly to: number;
  readonly taken?: number;
  readonly target?: number;
}

/** A key sent once more with another body, after it had been answered. */
export interface Probe {
  readonly key: string;
  readonly status: number;
}

/** Everything the checks need to know of what clients did and saw. */
export interface RunRecord {
  readonly intents: readonly Intent[];
  readonly entries: readonly Entry[];
  readonly readings: readonly Reading[];
  readonly probes: readonly Probe[];
}

/** A record in the making. */
export class History implements RunRecord {
  readonly intents: Intent[] = [];
  readonly entries: Entry[] = [];
  readonly readings: Reading[] = [];
  readonly probes: Probe[] = [];
  private waiting: { readonly after: number; readonly done: (at: number) => void }[] = [];
  private readonly invoked = new Map<string, number>();

  add(entry: Entry): void {
    this.entries.push(entry);
    const id = `${entry.key}/${entry.attempt}`;
    if (entry.type === 'invoke') this.invoked.set(id, entry.at);
    else if (entry.type === 'ok') this.acknowledged(this.invoked.get(id) ?? 0, entry.at);
  }

  /** Resolves with the moment of the first acknowledgement of something sent after this moment; undefined when none comes in time. */
  acknowledgedAfter(after: number, waitMsMax: number): Promise<number | undefined> {
    return new Promise((done) => {
      const timer = setTimeout(() => done(undefined), waitMsMax);
      const acknowledged = (at: number): void => {
        clearTimeout(timer);
        done(at);
      };
      this.waiting.push({ after, done: acknowledged });
    });
  }

  private acknowledged(invoked: number, at: number): void {
    for (const { after, done } of this.waiting) if (invoked > after) done(at);
    this.waiting = this.waiting.filter(({ after }) => invoked <= after);
  }
}

/** The final answers of each key, in the order they came. */
export function answersByKey(entries: readonly Entry[]): Map<string, { readonly at: number; readonly answer: Answered }[]> {
  const answers = new Map<string, { at: number; answer: Answered }[]>();
  for (const entry of entries) {
    if (entry.type !== 'ok' && entry.type !== 'fail') continue;
    const known = answers.get(entry.key);
    if (known) known.push(entry);
    else answers.set(entry.key, [entry]);
  }
  return answers;
}

/** Version in an ETag. */
export const versionOf = (etag: string | undefined): number => Number(/^"(\d+)"$/u.exec(etag ?? '')?.[1] ?? Number.NaN);
