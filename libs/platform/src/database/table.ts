/** A value a column can hold; arrays and objects go into array and jsonb columns. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly string[]
  | { readonly [key: string]: unknown }
  | readonly { readonly [key: string]: unknown }[];
export type Row = Readonly<Record<string, Value | undefined>>;

/** A table that decisions and inline views write: PostgreSQL column types by column name. The first migration that needs it creates it. */
export interface Table<R extends Row = Row> {
  readonly name: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  /** PostgreSQL types: `{ id: 'uuid', status: 'text', sdgs: 'text[]' }`. */
  readonly columns: { readonly [Column in keyof R]-?: string };
  /** Refusal code and message for each unique index a writer may run into. */
  readonly unique?: Readonly<Record<string, { readonly code: string; readonly message: string }>>;
}

/** Declares a table. */
export const defineTable = <R extends Row>(table: Table<R>): Table<R> => table;

/** The context's own schema. Parameters are `$1`, `$2`, …; never put values into the text. */
export interface Database {
  query<R = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
}
