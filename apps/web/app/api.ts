// Shapes of answers that every list and history of the API shares; resources are `z.output<typeof XResource>` of @concord/contracts.

/** A page of a list; `facets` and `count` where they were asked for. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
  readonly count?: { readonly value: number; readonly more: boolean };
  readonly facets?: Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;
}

/** An event of an object's history, as `GET …/history` lists it. */
export interface HistoryEntry {
  readonly version: number;
  /** Name of the event: `NeedPublished`. */
  readonly kind: string;
  readonly at: string;
  /** Absent when the clock or a reaction did it. */
  readonly organisation?: string;
  readonly reason?: { readonly code?: string; readonly text?: string };
  readonly data: unknown;
  readonly hash: string;
}
