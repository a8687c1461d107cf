import type { Aggregate, Policy, Subject } from '@concord/kernel';
import type { z } from 'zod';
import type { Row, Table } from '../database/table.js';

/** Facts beside a state that a presentation may show. */
export interface Presented<State> {
  readonly id: string;
  readonly version: number;
  readonly state: State;
  /** Who reads; undefined for an anonymous reader. Leave out what this reader may not see. */
  readonly subject: Subject | undefined;
  /** Business time of the reading, for what is derived from it (overdue, health). */
  readonly at: string;
}

/** A row beside the stream, written in the statement that appends, so that lists can filter, search and sort. */
export interface InlineView<State = unknown> {
  readonly table: Table;
  /** The row of a stream in this state (its key column is `id`), or undefined when the stream has none. Never removes a row: mark it by a column. */
  row(id: string, state: State): Row | undefined;
}

/**
 * An aggregate as the API shows it. Gives the routes `GET /<plural>/{id}`, `/history` (who did what, when, why) and `/stream`
 * (events with their hashes, to be verified offline).
 */
export interface Resource<State = unknown, Output extends z.ZodType = z.ZodType> {
  readonly aggregate: Aggregate<State>;
  /** Plural noun of the path: `pledges`. */
  readonly plural: string;
  /** Shape of the answer; `id` and `version` are part of it. */
  readonly output: Output;
  present(presented: Presented<State>): z.input<Output>;
  /** Who may read the object; for everyone else it looks absent (404). */
  readonly readable: Policy<State>;
  readonly view?: InlineView<State>;
}
