/**
 * The domain said no. `code` is stable and public (`line_full`, `stale_version`, `wrong_state` …); the message says what
 * happened and what to do next; `details` are plain JSON facts the caller needs (what is still open, which version is current).
 * The platform alone knows which HTTP status a code gets.
 */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** Refuses with `wrong_state` unless the current state is one of those the command may start from (domain.md section 4). */
export function requireState<S extends string>(what: string, current: S, ...allowed: readonly S[]): void {
  if (allowed.includes(current)) return;
  throw new Refused('wrong_state', `This ${what} is ${current}; the step is possible only from: ${allowed.join(', ')}.`, {
    state: current,
    allowed,
  });
}

/** Refuses with `stale_version` when the hash a person acted on is not the current one (R26). */
export function requireHash(what: string, given: string, current: string): void {
  if (given === current) return;
  throw new Refused(
    'stale_version',
    `The ${what} has changed since you read it. Read it again and repeat the step with its current hash.`,
    {
      given,
      current,
    },
  );
}

/** A broken invariant: a bug, never a user's fault. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${invariant}`);
}
