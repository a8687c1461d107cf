import type { Aggregate, DomainEvent, EventDefinition, Policy, Subject } from '@concord/kernel';
import type { z } from 'zod';
import type { Database, Table } from '../database/table.js';
import type { Decision, StreamRef } from './decision.js';
import type { ConsumerDefinition, ExpansionDefinition, ReactionDefinition } from './listening.js';
import type { Resource } from './resource.js';

/** A decision about one object. */
export interface ObjectDecision<State, Input> extends Decision {
  readonly id: string;
  readonly state: State;
  readonly version: number;
  readonly input: Input;
  readonly subject: Subject;
}

interface Described {
  /** operationId: verb and noun in camel case. */
  readonly name: string;
  /** One line for the API document: what it does, and the rules that may refuse it. */
  readonly summary: string;
}

/** A step on a resource that appends events. */
export interface CommandDefinition<State = unknown, Input extends z.ZodType = z.ZodType> extends Described {
  readonly on: Resource<State>;
  /**
   * `create`: POST /<plural>, the id comes from `input.id` or is made; refused `already_exists` when the stream exists.
   * `revise`: PATCH /<plural>/{id}, needs If-Match. Anything else: POST /<plural>/{id}/<verb>.
   */
  readonly verb: string;
  readonly input: Input;
  /** Checked against the object's state after `on.readable` (for `create`: the initial state). */
  readonly allows: Policy<NoInfer<State>>;
  /** Streams the decision will read beside its object, where the input tells. */
  reads?(input: z.output<Input>): readonly StreamRef[];
  /** Returns the events of the object itself, or throws `Refused`; other streams by `append`. */
  decide(decision: ObjectDecision<State, z.output<Input>>): DomainEvent | readonly DomainEvent[] | void;
}

/** What a query or an action may use beside its input. */
export interface Call<Params, Query> {
  readonly params: Params;
  readonly query: Query;
  readonly subject: Subject | undefined;
  readonly db: Database;
  /** Business time. */
  readonly at: string;
  /** Real time for security (tokens, throttles), milliseconds since 1970. */
  readonly realTimeMs: number;
  /** Address the request came from, for throttles. */
  readonly address: string;
}

/** A read that is not a single resource: lists, boards, totals. */
export interface QueryDefinition<Query extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> extends Described {
  /** Path below /api/v1, with `:names`: `/needs/:id/lines`. */
  readonly path: string;
  readonly query: Query;
  readonly output: Output;
  readonly allows: Policy<undefined>;
  run(call: Call<Record<string, string>, z.output<Query>>): Promise<Answer<z.input<Output>>>;
}

/** A body, with headers where a list has a next page. `undefined` body: the same 404 as for an object that is hidden. */
export interface Answer<Body> {
  readonly body: Body | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  /** Sent instead of the body: a file. The headers then name its content-type. */
  readonly bytes?: Uint8Array;
}

/** A request that is no decision of an aggregate (sign-in, tokens, file uploads), behind the same door. */
export interface ActionDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> extends Described {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** JSON body; `z.instanceof(Buffer)` takes any content type as bytes. */
  readonly input: Input;
  readonly output: Output;
  readonly allows: Policy<undefined>;
  /** Why the route takes no Idempotency-Key; without a reason it needs one. */
  readonly withoutKey?: string;
  run(
    call: Call<Record<string, string>, unknown> & ActionTools & { readonly input: z.output<Input> },
  ): Promise<Answer<z.input<Output>>>;
}

/** What an action may do to the world beside reading. */
export interface ActionTools {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /**
   * Runs a decision through the log and returns what it returned. With `answer`, the answer to the request is kept under its key in the
   * same statement, so that no crash comes between the effect and the answer; an action that takes a key makes its one decision so.
   */
  execute<Result>(
    decide: (decision: Decision) => Result,
    reads?: readonly StreamRef[],
    answer?: (result: Result) => Answer<unknown>,
  ): Promise<Result>;
}

/** An event as the own log holds it. */
export interface LoggedEvent {
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly data: never;
  readonly at: string;
  readonly person?: string;
  readonly organisation?: string;
}

/**
 * A read model folded from the own log, behind the commands by milliseconds. `apply` runs in order of the log, a batch per
 * transaction; it uses unqualified table names, so that the same code fills a shadow copy when the model is rebuilt or verified.
 */
export interface ProjectionDefinition {
  readonly name: string;
  readonly tables: readonly string[];
  readonly kinds: readonly string[];
  apply(events: readonly LoggedEvent[], db: Database): Promise<void>;
}

/** A deadline that falls due by business time: rows, never timers in memory. */
export interface ScheduleDefinition<State = unknown> {
  readonly name: string;
  readonly aggregate: Aggregate<State>;
  /** Ids of streams that are due at `at`, at most `limit`, oldest first. */
  due(db: Database, at: string, limit: number): Promise<readonly string[]>;
  /** Decides on the current state, which may have moved on: then it returns nothing. */
  decide(
    decision: Decision & { readonly id: string; readonly state: State; readonly version: number },
  ): DomainEvent | readonly DomainEvent[] | void;
}

/** One forward-only change of a context's tables; runs once, in order, under a lock. SQL uses unqualified names. */
export interface MigrationDefinition {
  /** `0001-pledge-board` */
  readonly name: string;
  readonly sql: string;
}

/** A context: its table of contents as one plain value. */
export interface ServiceDefinition {
  /** Schema, role, topic and event source: `pledges`. */
  readonly name: string;
  readonly resources: readonly Resource[];
  /** Aggregates without routes of their own. */
  readonly aggregates?: readonly Aggregate[];
  readonly commands: readonly CommandDefinition[];
  readonly queries: readonly QueryDefinition[];
  readonly actions?: readonly ActionDefinition[];
  readonly reactions: readonly ReactionDefinition[];
  readonly expansions?: readonly ExpansionDefinition[];
  readonly consumers?: readonly ConsumerDefinition[];
  readonly projections: readonly ProjectionDefinition[];
  readonly schedules: readonly ScheduleDefinition[];
  readonly migrations: readonly MigrationDefinition[];
  /** Tables that decisions write beside the log. */
  readonly tables?: readonly Table[];
  /** Private event → public event, or nothing. Pure; decided when the event is appended. */
  published(event: DomainEvent): DomainEvent | undefined;
  /** Public events this context sends, with the schemas of the contract. */
  readonly publishes: readonly EventDefinition[];
  /** What has to hold across its tables beside the fold: books that sum to zero, lines that conserve. Run by every verification. */
  readonly checks?: readonly CheckDefinition[];
  /** Runs at every start after the migrations, before the first request: what must exist once. Has to be idempotent. */
  start?(tools: StartTools): Promise<void>;
}

/** A check of a context's own: reads one snapshot and tells each difference in a line; no line means that it holds. */
export interface CheckDefinition {
  readonly name: string;
  run(db: Database): Promise<readonly string[]>;
}

/** What a context's start may use. */
export interface StartTools {
  readonly db: Database;
  readonly realTimeMs: number;
  execute<Result>(decide: (decision: Decision) => Result, reads?: readonly StreamRef[]): Promise<Result>;
}

// Definitions of different states and inputs stand in one list, so the helpers below check each one and then forget its types.
// Method parameters of a policy or a decision are contravariant: the list could not be typed otherwise.

/** Declares how an aggregate is shown. */
export const defineResource = <State, Output extends z.ZodType>(resource: Resource<State, Output>): Resource<State, Output> =>
  resource;

/** Declares a command. */
export const defineCommand = <State, Input extends z.ZodType>(command: CommandDefinition<State, Input>): CommandDefinition =>
  command as unknown as CommandDefinition;

/** Declares a query. */
export const defineQuery = <Query extends z.ZodType, Output extends z.ZodType>(
  query: QueryDefinition<Query, Output>,
): QueryDefinition => query as unknown as QueryDefinition;

/** Declares an action. */
export const defineAction = <Input extends z.ZodType, Output extends z.ZodType>(
  action: ActionDefinition<Input, Output>,
): ActionDefinition => action as unknown as ActionDefinition;

/** Declares a schedule. */
export const defineSchedule = <State>(schedule: ScheduleDefinition<State>): ScheduleDefinition =>
  schedule as unknown as ScheduleDefinition;

/** Declares a projection. */
export const defineProjection = (projection: ProjectionDefinition): ProjectionDefinition => projection;

/** Declares a context. */
export const defineService = (service: ServiceDefinition): ServiceDefinition => service;
