import { Refused, type Subject } from '@concord/kernel';
import { z } from 'zod';
import { uuidv7 } from '../clock.js';
import type { Context } from '../context/context.js';
import type { Outcome, RequestKey } from '../log/work.js';
import type { Decision, StreamRef } from '../service/decision.js';
import type { ActionDefinition, ActionTools, Answer, CommandDefinition, QueryDefinition } from '../service/definitions.js';
import type { Resource } from '../service/resource.js';
import { invalid, isKept, problem } from './problem.js';
import {
  changed,
  forbidden,
  notFound,
  objectId,
  precondition,
  requestKey,
  requireScope,
  traceOf,
  unauthenticated,
  type Visit,
} from './visit.js';

/** What goes over the wire: a stored outcome, or a file. */
export interface Reply extends Outcome {
  readonly bytes?: Uint8Array;
}

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' } as const;

const replayed = (outcome: Outcome): Outcome => ({
  ...outcome,
  headers: { ...outcome.headers, 'idempotent-replayed': 'true' },
});

const etag = (version: number): string => `"${version}"`;

/** The ways into a context: each checks who asks and what was sent, and answers as HTTP does. */
export class Door {
  private readonly acting = new Map<string, Promise<Outcome>>();

  constructor(readonly context: Context) {}

  /** Runs a command: input, key, then in one decision existence, visibility, permission, precondition and the domain. */
  async command(command: CommandDefinition, visit: Visit): Promise<Outcome> {
    const { subject } = visit;
    if (!subject) throw unauthenticated();
    requireScope(subject, 'write');
    const input = parse(command.input, sent(visit)) as { id?: string };
    const creates = command.verb === 'create';
    const fresh = creates && input.id === undefined ? uuidv7() : undefined;
    const id = creates ? (fresh ?? input.id!) : objectId(visit.params['id']);
    const request = creates || command.verb !== 'revise' ? requestKey(visit, subject, command.name) : undefined;
    const expected = precondition(visit.headers['if-match'], command.verb === 'revise');
    const resource = command.on;
    const done = await this.context.executor.execute<Outcome>({
      ...(request ? { request } : {}),
      ...(fresh === undefined ? {} : { fresh }),
      trace: traceOf(visit, subject),
      reads: [{ aggregate: resource.aggregate, id }, ...(command.reads?.(input as never) ?? [])],
      decide: (decision) => {
        const before = decision.read(resource.aggregate, id);
        if (creates && before.version > 0)
          throw new Refused('already_exists', 'An object with this id exists. Read it, or use another id.', { id });
        if (!creates && (before.version === 0 || !resource.readable.permits(subject, before.state))) throw notFound();
        if (!command.allows.permits(subject, before.state)) throw forbidden(command.allows.label);
        if (expected !== undefined && expected !== before.version) throw changed(before.version);
        const events = command.decide({
          ...decision,
          id,
          state: before.state,
          version: before.version,
          input: input as never,
          subject,
        });
        if (events) decision.append(resource.aggregate, id, ...(Array.isArray(events) ? events : [events]));
        return this.present(resource, decision, id, subject, creates);
      },
      answer: (end) => ('value' in end ? end.value : isKept(end.refused) ? problem(end.refused, visit.correlation) : undefined),
    });
    return 'replayed' in done ? replayed(done.replayed) : (done.outcome ?? done.result);
  }

  /** Reads one object; for whoever may not see it, it looks absent. */
  async read(resource: Resource, visit: Visit): Promise<Outcome> {
    const { id, version, state } = await this.visible(resource, visit);
    const tag = etag(version);
    if (visit.headers['if-none-match'] === tag) return { status: 304, headers: { etag: tag }, body: '' };
    const body = resource.present({ id, version, state, subject: visit.subject, at: this.context.surroundings.clock.now() });
    return { status: 200, headers: { ...JSON_HEADERS, etag: tag }, body: JSON.stringify(body) };
  }

  /** Who did what to an object, for whom, when and why: a page of its events, oldest first. */
  async history(resource: Resource, visit: Visit): Promise<Outcome> {
    const { id } = await this.visible(resource, visit);
    const { after, limit } = parse(HistoryQuery, visit.query);
    const rows = await this.context.database.query<HistoryRow>(
      `SELECT version, kind, schema_version AS "schemaVersion", data, meta, hash FROM events WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3`,
      [id, after, limit + 1],
    );
    const page = rows.slice(0, limit);
    const items = page.map(({ version, kind, data, meta, hash: eventHash }) => ({
      version,
      kind,
      at: meta['at'],
      person: meta['person'],
      organisation: meta['organisation'],
      reason: (data as { reason?: unknown }).reason,
      data,
      hash: eventHash,
    }));
    return json({ items, ...(rows.length > limit ? { next: page.at(-1)!.version } : {}) });
  }

  /** An object's events as they are hashed, so that anyone can verify them without this server (R50). */
  async stream(resource: Resource, visit: Visit): Promise<Outcome> {
    const { id, version } = await this.visible(resource, visit);
    const { after, limit } = parse(HistoryQuery, visit.query);
    const rows = await this.context.database.query<HistoryRow>(
      `SELECT version, kind, schema_version AS "schemaVersion", data, meta, hash FROM events WHERE stream = $1 AND version > $2 ORDER BY version LIMIT $3`,
      [id, after, limit],
    );
    return json({
      context: this.context.service.name,
      kind: resource.aggregate.kind,
      stream: id,
      version,
      events: rows.map((row) => ({ stream: id, ...row })),
    });
  }

  /** Runs a query. */
  async query(query: QueryDefinition, visit: Visit): Promise<Reply> {
    this.admit(query.allows, visit.subject, 'read');
    const input = parse(query.query, visit.query);
    return rendered(await query.run({ ...this.call(visit), query: input as never }));
  }

  /** Runs an action: behind its key where it takes one. */
  async action(action: ActionDefinition, visit: Visit): Promise<Reply> {
    this.admit(action.allows, visit.subject, 'write');
    const input = parse(action.input, sent(visit));
    const run = (execute: ActionTools['execute']) => action.run({ ...this.call(visit), input: input as never, execute });
    if (action.withoutKey !== undefined) return rendered(await run((decide, reads) => this.decided(visit, decide, reads)));
    const request = requestKey(visit, visit.subject, action.name);
    const key = `${request.scope}\n${request.key}\n${request.hash}`;
    const running = this.acting.get(key);
    if (running) return running;
    const acting = this.keyed(request, visit, run).finally(() => this.acting.delete(key));
    this.acting.set(key, acting);
    return acting;
  }

  /** Answers an action's key from the table, or runs it and keeps its answer: with its effect where it has one in the log. */
  private async keyed(
    request: RequestKey,
    visit: Visit,
    run: (execute: ActionTools['execute']) => Promise<Answer<unknown>>,
  ): Promise<Outcome> {
    const stored = await this.context.executor.answered(request);
    if (stored) return replayed(stored);
    const trace = traceOf(visit, visit.subject);
    let kept: Outcome | undefined;
    const execute: ActionTools['execute'] = async (decide, reads = [], answer) => {
      if (!answer) return this.decided(visit, decide, reads);
      const done = await this.context.executor.execute({
        request,
        trace,
        reads,
        decide: (decision) => {
          const result = decide(decision);
          return { result, outcome: rendered(answer(result)) };
        },
        answer: (end) => ('value' in end ? end.value.outcome : undefined),
      });
      if ('replayed' in done) {
        kept = replayed(done.replayed);
        throw new Error('another instance answered this key meanwhile');
      }
      kept = done.result.outcome;
      return done.result.result;
    };
    const outcome = await run(execute).then(rendered, (error: unknown) => {
      if (kept) return kept;
      throw error;
    });
    if (kept) return kept;
    await this.context.executor.execute({ request, trace, reads: [], decide: () => outcome, answer: () => outcome });
    return outcome;
  }

  private async decided<Result>(
    visit: Visit,
    decide: (decision: Decision) => Result,
    reads: readonly StreamRef[] = [],
  ): Promise<Result> {
    const done = await this.context.executor.execute<Result>({ trace: traceOf(visit, visit.subject), reads, decide });
    if ('replayed' in done) throw new Error('a decision without a key was replayed');
    return done.result;
  }

  private call(visit: Visit) {
    const { params, query, subject, headers, address } = visit;
    return {
      params,
      query,
      subject,
      headers,
      address,
      db: this.context.database,
      at: this.context.surroundings.clock.now(),
      realTimeMs: Date.now(),
    };
  }

  private admit(policy: QueryDefinition['allows'], subject: Subject | undefined, scope: 'read' | 'write'): void {
    if (subject) requireScope(subject, scope);
    if (policy.permits(subject, undefined)) return;
    throw subject ? forbidden(policy.label) : unauthenticated();
  }

  private async visible(resource: Resource, visit: Visit): Promise<{ id: string; version: number; state: never }> {
    if (visit.subject) requireScope(visit.subject, 'read');
    const id = objectId(visit.params['id']);
    const [row] = await this.context.database.query<{ version: number; state: never }>(
      'SELECT version, state FROM streams WHERE id = $1 AND kind = $2',
      [id, resource.aggregate.kind],
    );
    if (!row || !resource.readable.permits(visit.subject, row.state)) throw notFound();
    return { id, ...row };
  }

  private present(resource: Resource, decision: Decision, id: string, subject: Subject, created: boolean): Outcome {
    const { state, version } = decision.read(resource.aggregate, id);
    const body = JSON.stringify(resource.present({ id, version, state, subject, at: decision.at }));
    const headers = { ...JSON_HEADERS, etag: etag(version), ...(created ? { location: `/api/v1/${resource.plural}/${id}` } : {}) };
    return { status: created ? 201 : 200, headers, body };
  }
}

interface HistoryRow {
  readonly version: number;
  readonly kind: string;
  readonly schemaVersion: number;
  readonly data: unknown;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

/** Paging of histories: by version, because a history only grows at its end. */
export const HistoryQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

/** No body is an empty one; `null` is a body, and not an object. */
const sent = ({ body }: Visit): unknown => (body === undefined ? {} : body);

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data;
}

const json = (body: unknown, status = 200): Outcome => ({ status, headers: JSON_HEADERS, body: JSON.stringify(body) });

/** An answer of a query or an action as HTTP. */
function rendered({ body, headers, status, bytes }: Answer<unknown>): Reply {
  if (bytes) return { status: status ?? 200, headers: { ...headers }, body: '', bytes };
  if (body === undefined && status !== 204) throw notFound();
  return { status: status ?? 200, headers: { ...JSON_HEADERS, ...headers }, body: body === undefined ? '' : JSON.stringify(body) };
}
