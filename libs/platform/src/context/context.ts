import { type DomainEvent } from '@concord/kernel';
import type { Bus } from '../bus/bus.js';
import { Listener } from '../bus/listener.js';
import { Publisher } from '../bus/public-event.js';
import { followedTable } from '../bus/succession.js';
import { uuidv7, type Clock } from '../clock.js';
import { ContextDatabase, type ContextAccess } from '../database/context-database.js';
import { Authenticator } from '../identity/authenticator.js';
import { standingConsumer, standingTables, type StandingChange, type StandingChanges } from '../identity/standing.js';
import { coreTables } from '../log/core-tables.js';
import { Executor } from '../log/executor.js';
import { PostgresStorage } from '../log/storage.js';
import type { Decision, StreamRef } from '../service/decision.js';
import type { LoggedEvent, ProjectionDefinition, ServiceDefinition } from '../service/definitions.js';
import type { InlineView } from '../service/resource.js';
import { checkpointTables } from '../verify/checkpoint.js';
import { Checkpoints } from '../verify/checkpoints.js';
import { Schedules } from './schedules.js';
import { StandbyTail } from './standby-tail.js';

/** What every context of a process shares. */
export interface Surroundings {
  readonly clock: Clock;
  readonly standingChanges: StandingChanges;
  /** The contexts of this process by name, once all are open: a verification compares a listener with those it follows. */
  readonly contexts?: ReadonlyMap<string, Context>;
  /** Called after every commit, with the context's name. */
  committed(context: string): void;
  /** Resolves when a context knows what the directory has said so far. */
  catchUp(context: string): Promise<void>;
  /** Whether commands need the machine more than what runs behind them. */
  busy(): boolean;
  /** Reports what went wrong away from any request. */
  failed(where: string, error: unknown): void;
  /** Called when who may do what has changed, so that open sockets can be looked at again. */
  standingChanged?(change: StandingChange): void;
}

/**
 * One running context: its service definition over its database. Owns the log's executor, the listener to other contexts, the
 * projections and the schedules.
 */
export class Context {
  private projections: StandbyTail[] = [];
  readonly schedules: Schedules;
  readonly checkpoints: Checkpoints;

  private constructor(
    readonly service: ServiceDefinition,
    readonly database: ContextDatabase,
    readonly executor: Executor,
    readonly publisher: Publisher,
    readonly authenticator: Authenticator,
    readonly listener: Listener,
    readonly surroundings: Surroundings,
  ) {
    this.schedules = new Schedules(service, database, executor, surroundings);
    this.checkpoints = new Checkpoints(service.name, database, (error) =>
      surroundings.failed(`${service.name}: checkpoints`, error),
    );
  }

  /** Connects, migrates and wires a context; nothing runs yet. */
  static async open(service: ServiceDefinition, access: ContextAccess, surroundings: Surroundings): Promise<Context> {
    const database = await openDatabase(service, access);
    const publisher = new Publisher(service);
    const views = new Map<string, InlineView>();
    for (const { aggregate, view } of service.resources) if (view) views.set(aggregate.kind, view);
    const tables = [...[...views.values()].map(({ table }) => table), ...(service.tables ?? [])];
    const uniques = new Map(tables.flatMap(({ unique }) => Object.entries(unique ?? {})));
    const model = { isPublic: (event: DomainEvent) => publisher.isPublic(event), views };
    const committed = () => context.committed();
    const executor = new Executor(model, new PostgresStorage(database.pool, uniques), surroundings.clock, uuidv7, committed);
    const authenticator = new Authenticator(database, () => surroundings.catchUp(service.name));
    const standing = standingConsumer(surroundings.standingChanges, (change) => {
      authenticator.changed(change);
      surroundings.standingChanged?.(change);
    });
    const listener = new Listener(
      service,
      database,
      executor,
      (event, consumer, error) =>
        surroundings.failed(`${service.name}: ${consumer} parked ${event.type} ${event.subject}/${event.sequence}`, error),
      [standing, ...(service.consumers ?? [])],
    );
    const context: Context = new Context(service, database, executor, publisher, authenticator, listener, surroundings);
    return context;
  }

  /** Joins the bus and starts the projections. */
  async start(bus: Bus): Promise<void> {
    this.listener.subscribe(bus);
    this.projections = this.service.projections.map((projection) => this.project(projection));
    for (const tail of this.projections) await tail.start();
    await this.service.start?.({
      db: this.database,
      realTimeMs: Date.now(),
      execute: (decide, reads) => this.execute(decide, reads),
    });
  }

  /** Starts what acts by itself. After the bus runs. */
  run(): void {
    this.schedules.start();
    this.checkpoints.start();
  }

  async stop(): Promise<void> {
    await this.schedules.stop();
    await this.checkpoints.stop();
    await this.executor.drained();
    await Promise.all(this.projections.map((tail) => tail.stop()));
  }

  async close(): Promise<void> {
    await this.database.close();
  }

  /** Resolves when nothing is under way and the projections have seen the whole log. */
  async settled(): Promise<void> {
    await this.executor.drained();
    await this.projected();
  }

  /** Resolves when the projections have seen what the log holds at the call. */
  async projected(): Promise<void> {
    for (const tail of this.projections) await tail.caughtUp();
  }

  /** Longest time a projection has been behind the log, milliseconds. */
  ageMs(): number {
    return Math.max(0, ...this.projections.map((tail) => tail.ageMs));
  }

  /** Runs a decision that no request asked for. */
  async execute<Result>(decide: (decision: Decision) => Result, reads: readonly StreamRef[] = []): Promise<Result> {
    const done = await this.executor.execute({ trace: { correlation: uuidv7() }, reads, decide });
    if ('replayed' in done) throw new Error('a decision without a key was replayed');
    return done.result;
  }

  /** Holds a projection's tail still while `work` runs; afterwards a new one goes on from the cursor. */
  async whileHeld<T>(projection: ProjectionDefinition, work: () => Promise<T>): Promise<T> {
    const place = this.projections.findIndex(({ name }) => name === tailName(projection));
    await this.projections[place]?.stop();
    try {
      return await work();
    } finally {
      const tail = this.project(projection);
      if (place >= 0) this.projections[place] = tail;
      await tail.start();
    }
  }

  private committed(): void {
    for (const tail of this.projections) tail.wake();
    this.surroundings.committed(this.service.name);
  }

  private project(projection: ProjectionDefinition): StandbyTail {
    return new StandbyTail({
      pool: this.database.pool,
      name: tailName(projection),
      kinds: projection.kinds,
      batch: 1_000,
      pollMs: 1_000,
      deliver: (rows, save) =>
        this.database.transaction(async (db, client) => {
          await projection.apply(
            rows.map((row) => loggedEvent({ ...row, ...this.publisher.lifted(row) })),
            db,
          );
          await save(client);
        }),
      failed: (error) => this.surroundings.failed(`${this.service.name}: projection ${projection.name}`, error),
      busy: () => this.surroundings.busy(),
    });
  }
}

/** Connects to a context's database and brings it to this build's version; nothing else is started. */
export const openDatabase = (service: ServiceDefinition, access: ContextAccess): Promise<ContextDatabase> =>
  ContextDatabase.open(access, { core: [coreTables, standingTables, checkpointTables, followedTable], own: service.migrations });

/** Name of a projection's cursor. */
export const tailName = ({ name }: ProjectionDefinition): string => `projection ${name}`;

/** A row of the log, lifted, as projections see it. */
export const loggedEvent = ({
  stream,
  version,
  kind,
  data,
  meta,
}: {
  stream: string;
  version: number;
  kind: string;
  data: unknown;
  meta: { at: string; person?: string; organisation?: string };
}): LoggedEvent => ({
  stream,
  version,
  kind,
  data: data as never,
  at: meta.at,
  ...(meta.person === undefined ? {} : { person: meta.person }),
  ...(meta.organisation === undefined ? {} : { organisation: meta.organisation }),
});
