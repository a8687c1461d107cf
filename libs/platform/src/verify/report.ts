/** One place where what is stored is not what it should be. */
export interface Difference {
  /** `stream 0189…, version 3`, `table titles`, `checkpoint 4`. */
  readonly where: string;
  readonly what: string;
}

/** What one check looked at and found. */
export interface Check {
  readonly name: string;
  /** Things looked at: events, streams, rows. */
  readonly checked: number;
  readonly differences: number;
  /** The first of them; the rest is only counted. */
  readonly first: readonly Difference[];
  /** Why less was looked at than the name says. */
  readonly note?: string;
}

/** What a verification of a context found. */
export interface Report {
  readonly context: string;
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** Hash over every stream's id, version and hash; see `stateHash`. */
  readonly hash: string;
  readonly seconds: number;
}

const FIRST_MAX = 20;

/** A check while it runs. */
export class Tally {
  private checked = 0;
  private differences = 0;
  private readonly first: Difference[] = [];
  private note: string | undefined;

  constructor(readonly name: string) {}

  /** Counts what was looked at. */
  looked(things = 1): void {
    this.checked += things;
  }

  differs(where: string, what: string): void {
    this.differences += 1;
    if (this.first.length < FIRST_MAX) this.first.push({ where, what: what.slice(0, 500) });
  }

  remark(note: string): void {
    this.note = note;
  }

  done(): Check {
    const { name, checked, differences, first, note } = this;
    return { name, checked, differences, first, ...(note === undefined ? {} : { note }) };
  }
}

/** What went wrong, in one line. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
