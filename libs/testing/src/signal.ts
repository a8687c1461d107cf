/** Something a spec waits for instead of sleeping. */
export interface Signal {
  /** Resolves after `give`. */
  readonly given: Promise<void>;
  give(): void;
}

/** Makes a signal. */
export function signal(): Signal {
  let give!: () => void;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { given, give };
}
