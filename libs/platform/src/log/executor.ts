import { useDigest, type Aggregate } from '@concord/kernel';
import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Draft, StreamMissing, type LogModel } from './draft.js';
import { HeadCache } from './head-cache.js';
import { Heads, StreamHeld } from './heads.js';
import { handledId, replay, takeBatch, toStore, type Pending, type Settled } from './pending.js';
import { isConnectionLoss, type LogStorage } from './storage.js';
import type { StoredRequest } from './statement.js';
import { appendSpans } from '../telemetry/tracing.js';
import {
  AlreadyHandled,
  KeyReused,
  Overloaded,
  type Done,
  type Handled,
  type Outcome,
  type RequestKey,
  type Work,
} from './work.js';

// Version hashes and the chain are on the hot path: Node's digest is ten times the portable one.
useDigest((text) => hash('sha256', text));

/** Commands in one statement. More would hold the first ones back; fewer would cost a commit each. */
const BATCH_MAX = 64;
/** Statements under way: while one commits, the next is decided. */
const IN_FLIGHT_MAX = 2;
/** Commands waiting; beyond that the caller gets 503 and comes back. */
const QUEUE_MAX = 512;
const ATTEMPTS_MAX = 8;
const ANSWERS_MAX = 10_000;
/** How long a batch waits for a database that went away, before its commands get 503. */
const OUTAGE_MS_MAX = 20_000;

/**
 * Runs decisions in batches and writes each batch in one statement (reliability.md 4.1). A stream is in one batch at a time;
 * a batch goes as soon as one of two places is free, so a lone command waits for nobody. The statement checks the version of
 * every stream that was read; when another instance was first, nothing is written and the batch decides again.
 */
export class Executor {
  private readonly queue: Pending[] = [];
  private readonly heads: Heads;
  private readonly answers = new HeadCache<{ hash: string; outcome: Outcome }>(ANSWERS_MAX);
  private readonly running = new Map<string, { hash: string; done: Promise<Done<unknown>> }>();
  private readonly handling = new Map<string, Promise<unknown>>();
  private inFlight = 0;
  private idle: (() => void)[] = [];

  constructor(
    private readonly model: LogModel,
    private readonly storage: LogStorage,
    private readonly clock: { now(): string },
    private readonly ids: () => string,
    private readonly committed: (batch: { events: number }) => void,
  ) {
    this.heads = new Heads((streams) => storage.heads(streams));
  }

  /** Commands waiting or under way. */
  get depth(): number {
    return this.queue.length + this.inFlight;
  }

  /**
   * Runs one unit of work. Resolves after its statement has committed. Throws `Refused` as the decision said it (when there is
   * no request to store it under), `KeyReused`, `AlreadyHandled`, or `Overloaded` when nothing was written.
   */
  execute<Result>(work: Work<Result>): Promise<Done<Result>> {
    const { request, handled } = work;
    if (handled) return this.once(handled, work);
    if (!request) return this.enqueue(work);
    const id = `${request.scope}\n${request.key}`;
    const known = this.running.get(id);
    if (known)
      return known.hash === request.hash ? (known.done.then(replay) as Promise<Done<Result>>) : Promise.reject(new KeyReused());
    const answered = this.answers.get(id);
    if (answered)
      return answered.hash === request.hash ? Promise.resolve({ replayed: answered.outcome }) : Promise.reject(new KeyReused());
    const done = this.enqueue(work, () => this.running.delete(id));
    this.running.set(id, { hash: request.hash, done });
    return done;
  }

  /** Copies of an event that arrive while the first is under way wait for it: two inbox rows of one key never meet in a statement. */
  private async once<Result>(handled: Handled, work: Work<Result>): Promise<Done<Result>> {
    const id = handledId(handled);
    for (let first = this.handling.get(id); first; first = this.handling.get(id)) {
      const took = await first.then(
        () => true,
        () => false,
      );
      if (took) throw new AlreadyHandled(handled);
    }
    const done = this.enqueue(work, () => this.handling.delete(id));
    this.handling.set(id, done);
    return done;
  }

  /** The answer kept under a key, if there is one. Throws `KeyReused` when it answers another request. */
  async answered(request: RequestKey): Promise<Outcome | undefined> {
    const id = `${request.scope}\n${request.key}`;
    const known = this.answers.get(id) ?? (await this.storage.known([request], [])).requests.get(id);
    if (known && known.hash !== request.hash) throw new KeyReused();
    return known?.outcome;
  }

  /** Forgets what it knows of streams, so that the next decision reads them again. */
  forget(): void {
    this.heads.clear();
    this.answers.clear();
  }

  /** Resolves when nothing waits and nothing is under way. */
  async drained(): Promise<void> {
    while (this.depth > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Queues a work; `ended` is called when its outcome is known, just before its caller learns of it. */
  private enqueue<Result>(work: Work<Result>, ended?: () => void): Promise<Done<Result>> {
    if (this.queue.length >= QUEUE_MAX) {
      return Promise.reject(new Overloaded('The queue of commands is full. Try again in a moment.'));
    }
    return new Promise<Done<Result>>((resolve, reject) => {
      const streams = new Map<string, Aggregate>();
      for (const { aggregate, id } of work.reads) streams.set(id, aggregate);
      if (work.fresh !== undefined) this.heads.made(work.fresh);
      const leave = (): void => {
        this.heads.ended(work.fresh === undefined ? pending.ids : [work.fresh, ...pending.ids]);
        ended?.();
      };
      const pending: Pending = {
        work: work as unknown as Work,
        streams,
        ids: [],
        resolve: (done) => {
          leave();
          resolve(done as Done<Result>);
        },
        reject: (error) => {
          leave();
          reject(error as Error);
        },
      };
      this.queue.push(pending);
      this.pump();
    });
  }

  private pump(): void {
    while (this.inFlight < IN_FLIGHT_MAX && this.queue.length > 0) {
      const batch = takeBatch(this.queue, this.heads.held, BATCH_MAX);
      if (batch.length === 0) return;
      this.inFlight += 1;
      const ended = appendSpans(batch);
      void this.runBatch(batch).finally(() => {
        ended();
        this.inFlight -= 1;
        if (this.queue.length > 0) this.pump();
        if (this.depth === 0) for (const wake of this.idle.splice(0)) wake();
      });
    }
  }

  private async runBatch(batch: Pending[]): Promise<void> {
    const holds = new Set<string>();
    for (const pending of batch) for (const id of pending.streams.keys()) holds.add(id);
    try {
      await this.attempt(batch, holds);
    } catch (error) {
      // Errors of a single command were split off inside; what arrives here concerns them all.
      this.heads.distrust(holds);
      for (const pending of batch) pending.reject(error);
    } finally {
      for (const id of holds) this.heads.held.delete(id);
    }
  }

  private async attempt(batch: Pending[], holds: Set<string>): Promise<void> {
    const since = performance.now();
    for (let attempt = 1; attempt <= ATTEMPTS_MAX;) {
      try {
        if (attempt > 1) await this.answerKnown(batch);
        const { draft, settled, requests, handled } = await this.decide(batch, holds);
        if (batch.length === 0) return;
        const outcome = await this.storage.append(draft, requests, handled);
        if (outcome === 'written') return this.settle(batch, draft, settled, requests);
        this.heads.distrust(holds);
        if (outcome.of === 'command' && batch.length > 1) return await this.splitUp(batch, holds);
        if (outcome.of === 'command') return batch[0]!.reject(outcome.cause);
        attempt += 1;
      } catch (error) {
        // The connection went away, perhaps in the middle of a commit: what was written is known only when the tables can be read
        // again, so the next attempt looks the keys up first (reliability.md 4.1, rule 7).
        if (!isConnectionLoss(error)) throw error;
        if (performance.now() - since > OUTAGE_MS_MAX)
          throw new Overloaded('The database cannot be reached. Try again with the same key.');
        this.heads.distrust(holds);
        attempt = Math.max(attempt, 2);
        await delay(200);
      }
    }
    throw new Overloaded('Other writers kept changing the same objects. Try again.');
  }

  /** One command of the batch made the statement fail: each runs alone, so that only that one fails. */
  private async splitUp(batch: Pending[], holds: Set<string>): Promise<void> {
    for (const pending of batch) {
      await this.attempt([pending], holds).catch((error: unknown) => pending.reject(error));
    }
  }

  /** After a conflict: requests and events that another instance, or this one before a lost connection, has settled. */
  private async answerKnown(batch: Pending[]): Promise<void> {
    const requests = batch.flatMap(({ work }) => (work.request ? [work.request] : []));
    const handled = batch.flatMap(({ work }) => (work.handled ? [work.handled] : []));
    const known = await this.storage.known(requests, handled);
    for (let index = batch.length - 1; index >= 0; index -= 1) {
      const { work, resolve, reject } = batch[index]!;
      const stored = work.request && known.requests.get(`${work.request.scope}\n${work.request.key}`);
      if (stored && stored.hash !== work.request!.hash) reject(new KeyReused());
      else if (stored) resolve({ replayed: stored.outcome });
      else if (work.handled && known.handled.has(handledId(work.handled))) reject(new AlreadyHandled(work.handled));
      else continue;
      batch.splice(index, 1);
    }
  }

  /** Decides every command of the batch against one draft, loading what they turn out to need. Removes those that must wait. */
  private async decide(batch: Pending[], holds: Set<string>) {
    await this.heads.load(batch);
    for (;;) {
      const draft = new Draft(this.model, (aggregate, id) => this.heads.take(aggregate, id, holds));
      const settled = new Map<Pending, Settled>();
      let missing = false;
      const at = this.clock.now();
      for (const pending of [...batch]) {
        try {
          settled.set(pending, {
            done: { result: draft.run(at, pending.work.trace, this.idsOf(pending), (decision) => pending.work.decide(decision)) },
          });
        } catch (error) {
          if (error instanceof StreamMissing) {
            missing = true;
            pending.streams.set(error.id, error.aggregate);
          } else if (error instanceof StreamHeld) {
            pending.streams.set(error.id, error.aggregate);
            batch.splice(batch.indexOf(pending), 1);
            this.queue.unshift(pending);
          } else settled.set(pending, { error });
        }
      }
      if (missing) {
        await this.heads.load(batch);
        continue;
      }
      return { draft, settled, ...toStore(batch, settled) };
    }
  }

  /** Hands out a pending decision's ids, from the first one at each run. */
  private idsOf({ ids }: Pending): () => string {
    let next = 0;
    return () => {
      const known = ids[next];
      if (known === undefined) this.heads.made((ids[next] = this.ids()));
      return ids[next++]!;
    };
  }

  private settle(
    batch: readonly Pending[],
    draft: Draft,
    settled: ReadonlyMap<Pending, Settled>,
    requests: readonly StoredRequest[],
  ): void {
    for (const { id, head } of draft.streams()) this.heads.set(id, head);
    for (const { scope, key, hash, outcome } of requests) this.answers.set(`${scope}\n${key}`, { hash, outcome });
    const outcomes = new Map(requests.map((request) => [`${request.scope}\n${request.key}`, request.outcome]));
    for (const pending of batch) {
      const { request } = pending.work;
      const outcome = request && outcomes.get(`${request.scope}\n${request.key}`);
      const end = settled.get(pending)!;
      if ('done' in end) pending.resolve(outcome ? { ...(end.done as { result: unknown }), outcome } : end.done);
      else if (outcome) pending.resolve({ result: undefined, outcome });
      else pending.reject(end.error);
    }
    if (draft.events.length > 0) this.committed({ events: draft.events.length });
  }
}
