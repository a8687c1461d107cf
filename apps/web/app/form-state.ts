/** Hidden field with the idempotency key: two sends of one page have one effect. */
export const KEY_FIELD = '_key';
/** Hidden field with the ETag that the object must still have. */
export const ETAG_FIELD = '_etag';
/** Prefix of the choice between two versions of a field. */
export const CHOICE = '_choose.';
/** Prefix of the other version's value of a field. */
export const THEIRS = '_theirs.';
/** Fields of the conflict page, which are not what somebody typed. */
export const AGAIN_FIELDS = /^_(choose|theirs)\./u;

/** A fault of a form: at a field, or of the whole. */
export interface FormFault {
  readonly field?: string;
  readonly text: string;
}

/** What a form is shown again with: everything that was typed, and everything that is wrong. */
export interface FormState {
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly faults: readonly FormFault[];
  /** Code of the problem: see `/problems/:code`. */
  readonly code: string;
  readonly status: number;
  /** What the code means, in the reader's language. */
  readonly text: string;
  /** The key to send again with: only where it is unknown whether the first send had an effect. */
  readonly key?: string;
  readonly correlationId?: string;
  readonly retryAfterS?: number;
  /** Somebody else changed the object: their values of the fields that differ, and the ETag to go on with. */
  readonly conflict?: { readonly theirs: Readonly<Record<string, string>>; readonly etag: string };
}
