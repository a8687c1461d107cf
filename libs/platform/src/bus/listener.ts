import { setTimeout as delay } from 'node:timers/promises';
import type { ContextDatabase } from '../database/context-database.js';
import type { Executor } from '../log/executor.js';
import { handledId } from '../log/pending.js';
import { AlreadyHandled } from '../log/work.js';
import type { Decision, EventDecision } from '../service/decision.js';
import type { ServiceDefinition } from '../service/definitions.js';
import type { ConsumerDefinition, ExpansionDefinition, ReactionDefinition } from '../service/listening.js';
import type { PublicEvent } from '../service/public-event.js';
import { reactionSpan } from '../telemetry/tracing.js';
import type { Bus, Step } from './bus.js';
import { hadEffect } from './had-effect.js';
import { isMachinery } from './machinery.js';
import { Parking } from './parking.js';
import { kindOf, markNameFrom, markNameOf, schemaVersionOf } from './public-event.js';
import { Succession } from './succession.js';
import { together } from './together.js';

/** Tries of an event that fails for a reason of its own, before its key is parked. */
const TRIES_MAX = 3;
/** Subjects handled side by side. */
const SUBJECTS_AT_ONCE = 64;

type Handle = (event: PublicEvent) => Promise<void>;

/** Those of a context who listen to one other. */
interface Listening {
  readonly reactions: readonly ReactionDefinition[];
  readonly expansions: readonly ExpansionDefinition[];
  readonly consumers: readonly ConsumerDefinition[];
}

/**
 * The listening side of a context (reliability.md 4.4): hands each public event to the reactions, expansions and consumers that
 * want it. Effect once by inbox rows written with the effect. An event that keeps failing is parked with everything later of the
 * same subject; other subjects go on. Faults of the machinery (database away, queue full) are waited out and never park.
 */
export class Listener {
  private readonly parking: Parking;
  private readonly successions = new Map<string, Succession>();
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly batches = new Map<string, (events: readonly PublicEvent[]) => Promise<void>>();

  constructor(
    private readonly service: ServiceDefinition,
    private readonly database: ContextDatabase,
    private readonly executor: Executor,
    private readonly report: (event: { type: string; subject: string; sequence: number }, consumer: string, error: unknown) => void,
    readonly consumers: readonly ConsumerDefinition[] = service.consumers ?? [],
  ) {
    this.parking = new Parking(database);
  }

  /** Registers one subscription per context it follows. */
  subscribe(bus: Bus): void {
    const { reactions, expansions = [] } = this.service;
    const sources = new Set([
      ...reactions.map(({ from }) => from),
      ...expansions.flatMap(({ from }) => from),
      ...this.consumers.flatMap(({ from }) => from),
    ]);
    for (const from of sources) {
      const listening = this.listeningTo(from);
      const everything = [...listening.expansions, ...listening.consumers].some(({ kinds }) => !kinds);
      const kinds = [
        ...listening.reactions.map(({ on }) => on.kind),
        ...[...listening.expansions, ...listening.consumers].flatMap((definition) => definition.kinds ?? []),
      ];
      const succession = this.successionOf(from, listening);
      bus.subscribe({
        group: this.service.name,
        from,
        ...(everything ? {} : { kinds: [...new Set(kinds)] }),
        ...(listening.consumers.some(({ watched }) => watched) ? { watched: true } : {}),
        handle: (events) => this.handle(events, listening),
        follow: (steps: readonly Step[]) => succession.follow(steps),
      });
    }
  }

  /**
   * Hands parked events of a subject over again, in order, and then what was parked behind them meanwhile, until nothing is left: only
   * then is the subject live again. Returns how many went through; throws as the first that still fails, which stays parked with the rest.
   */
  async release(consumer: string, stream: string): Promise<number> {
    const succession = [...this.successions.values()].find(({ name }) => name === consumer);
    if (succession) return succession.release(stream);
    const { handle, kinds } = this.handlerNamed(consumer);
    return this.parking.release<PublicEvent>(consumer, stream, async ({ unreadable, ...event }) => {
      // What cannot be read has no effect to wait for: whoever releases it lets it go. A kind that was unknown may be wanted by now.
      if (unreadable === undefined || (event.sequence > 0 && wants(kinds, event))) await handle(event);
    });
  }

  /** Select of (stream, sequence) that tells how far each stream of a context was followed, in order of the streams. */
  followedOf(source: string): string {
    return this.successions.get(source)?.followed ?? this.successionOf(source, this.listeningTo(source)).followed;
  }

  private listeningTo(from: string): Listening {
    const follows = (definition: { from: string | readonly string[] }) =>
      typeof definition.from === 'string' ? definition.from === from : definition.from.includes(from);
    return {
      reactions: this.service.reactions.filter(follows),
      expansions: (this.service.expansions ?? []).filter(follows),
      consumers: this.consumers.filter(follows),
    };
  }

  private successionOf(source: string, listening: Listening): Succession {
    const last = listening.consumers.at(-1);
    const isWitness = last && !last.kinds && listening.reactions.length + listening.expansions.length === 0;
    const succession = new Succession({
      database: this.database,
      parking: this.parking,
      source,
      ...(isWitness ? { witness: markNameFrom(last, source) } : {}),
      handOn: (events) => this.deliver(events, listening),
      report: this.report,
    });
    this.successions.set(source, succession);
    return succession;
  }

  private async handle(events: readonly PublicEvent[], listening: Listening): Promise<void> {
    await this.parking.learn(events.map(({ subject }) => subject));
    await this.deliver(events, listening);
  }

  private async deliver(events: readonly PublicEvent[], listening: Listening): Promise<void> {
    for (const consumer of listening.consumers) {
      const wanted = events.filter((event) => wants(consumer.kinds, event));
      if (wanted.length > 0) await this.consume(consumer, wanted);
    }
    const bySubject = new Map<string, PublicEvent[]>();
    for (const event of events) bySubject.set(event.subject, [...(bySubject.get(event.subject) ?? []), event]);
    const subjects = [...bySubject.values()];
    const worker = async (): Promise<void> => {
      for (let next = subjects.shift(); next; next = subjects.shift()) {
        for (const event of next) {
          for (const reaction of listening.reactions) {
            if (wants([reaction.on.kind], event)) await this.once(reaction.name, event, this.reactionHandle(reaction));
          }
          for (const expansion of listening.expansions) {
            if (wants(expansion.kinds, event))
              await this.once(markNameOf(expansion, event), event, this.expansionHandle(expansion));
          }
        }
      }
    };
    // All of them end before the same events are handed over again.
    const ends = await Promise.allSettled(Array.from({ length: SUBJECTS_AT_ONCE }, worker));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    // After the own ones have ended: two batches that waited for each other's would stand still.
    for (const consumer of listening.consumers) await this.serveLate(consumer, events);
  }

  private async serveLate(consumer: ConsumerDefinition, events: readonly PublicEvent[]): Promise<void> {
    if (!('belated' in consumer) || !consumer.belated) return;
    const applied = events.filter((event) => event.unreadable === undefined && wants(consumer.kinds, event));
    for (const event of await consumer.belated(applied, this.database))
      for (const expansion of this.service.expansions ?? [])
        if (expansion.again && wants(expansion.kinds, event)) await this.expandAgain(expansion, event);
  }

  private async expandAgain(expansion: ExpansionDefinition, event: PublicEvent): Promise<void> {
    const mark = markNameOf(expansion, event);
    if (!(await hadEffect(mark, event, this.database))) return;
    for (const [name, targets] of await expansion.again!(event, this.database)) {
      const decide = (decision: Decision) => expansion.decide({ ...decision, event, targets } as never);
      await this.execute(`${mark} for ${name}`, event, decide, expansion.reads?.(targets));
    }
  }

  private handlerNamed(name: string): { handle: Handle; kinds: readonly string[] | undefined } {
    const reaction = this.service.reactions.find((one) => one.name === name);
    if (reaction) return { handle: this.reactionHandle(reaction), kinds: [reaction.on.kind] };
    const named = (one: { readonly name: string }) => name === one.name || name.startsWith(`${one.name} `);
    const expansion = this.service.expansions?.find(named);
    if (expansion) return { handle: this.expansionHandle(expansion), kinds: expansion.kinds };
    const consumer = this.consumers.find(named);
    if (consumer) return { handle: (event) => this.applyBatch(consumer, [event]), kinds: consumer.kinds };
    throw new Error(`${this.service.name} has no listener named ${name}`);
  }

  private reactionHandle(reaction: ReactionDefinition): Handle {
    return async (event) => {
      const parsed = { ...event, data: reaction.on.parse(event.data, schemaVersionOf(event)) } as PublicEvent<never>;
      await this.execute(
        reaction.name,
        parsed,
        (decision) => reaction.decide({ ...decision, event: parsed } as EventDecision<never>),
        reaction.reads?.(parsed),
      );
    };
  }

  private expansionHandle(expansion: ExpansionDefinition): Handle {
    return async (event) => {
      const targets = await expansion.expand(event, this.database);
      const decide = (decision: Decision) => expansion.decide({ ...decision, event, targets } as never);
      await this.execute(markNameOf(expansion, event), event, decide, expansion.reads?.(targets));
    };
  }

  private execute(
    consumer: string,
    event: PublicEvent,
    decide: (decision: Decision) => void,
    reads: Parameters<Executor['execute']>[0]['reads'] = [],
  ): Promise<void> {
    const handled = { consumer, stream: event.subject, sequence: event.sequence };
    const id = handledId(handled);
    // Copies under way at the same time would meet in one statement and refuse each other: a later one shares the end of the first.
    const known = this.underWay.get(id);
    if (known) return known;
    const span = reactionSpan(consumer, event);
    const traceparent = span?.traceparent ?? event.traceparent;
    const trace = { correlation: event.correlationid, causation: event.id, ...(traceparent ? { traceparent } : {}) };
    const done = this.executor
      .execute({ handled, trace, reads, decide })
      .then(
        () => span?.end(),
        (error: unknown) => {
          span?.end({}, !(error instanceof AlreadyHandled));
          if (!(error instanceof AlreadyHandled)) throw error;
        },
      )
      .finally(() => this.underWay.delete(id));
    this.underWay.set(id, done);
    return done;
  }

  /** Runs a handler for one event until it took effect or is parked. */
  private async once(consumer: string, event: PublicEvent, handle: Handle): Promise<void> {
    if (await this.parking.behind(consumer, event)) return;
    if (event.unreadable !== undefined) return this.giveUp(consumer, event, new Error(event.unreadable));
    for (let tries = 1; ; tries += 1) {
      try {
        return await handle(event);
      } catch (error) {
        const machinery = isMachinery(error);
        if (!machinery && tries >= TRIES_MAX) return this.giveUp(consumer, event, error);
        if (machinery) tries -= 1;
        await delay(machinery ? 250 : 20 * tries);
      }
    }
  }

  private giveUp(consumer: string, event: PublicEvent, error: unknown): Promise<void> {
    this.report(event, consumer, error);
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return this.parking.turn(consumer, event.subject, () => this.parking.park(consumer, event, why));
  }

  /** Applies a batch of one context's events in one transaction; when it fails, each event alone, so that only the bad one is parked. */
  private async consume(consumer: ConsumerDefinition, events: readonly PublicEvent[]): Promise<void> {
    const [first] = events;
    const name = first ? markNameOf(consumer, first) : consumer.name;
    if (!events.some((event) => event.unreadable !== undefined || this.parking.holds(name, event.subject))) {
      try {
        return await this.applying(consumer, name)(events);
      } catch (error) {
        if (isMachinery(error)) throw error;
      }
    }
    for (const event of events) await this.once(name, event, (one) => this.applyBatch(consumer, [one]));
  }

  /** Batches of several partitions that come at once are one. */
  private applying(consumer: ConsumerDefinition, mark: string): (events: readonly PublicEvent[]) => Promise<void> {
    let apply = this.batches.get(mark);
    if (!apply) this.batches.set(mark, (apply = together((events) => this.applyBatch(consumer, events))));
    return apply;
  }

  private async applyBatch(consumer: ConsumerDefinition, events: readonly PublicEvent[]): Promise<void> {
    const mark = markNameOf(consumer, events[0]!);
    if ('write' in consumer) {
      const once = new Map(events.map((event) => [`${event.subject}/${event.sequence}`, event]));
      return consumer.write(mark, [...once.values()], this.database);
    }
    await this.database.transaction(async (db) => {
      const rows = await db.query<{ stream: string; sequence: number }>(
        `INSERT INTO inbox (consumer, stream, sequence) SELECT $1, * FROM unnest($2::uuid[], $3::int[]) ON CONFLICT DO NOTHING RETURNING stream, sequence`,
        [mark, events.map(({ subject }) => subject), events.map(({ sequence }) => sequence)],
      );
      const taken = new Set(rows.map(({ stream, sequence }) => `${stream}/${sequence}`));
      // Of several copies in one batch only the first.
      const unseen = events.filter(({ subject, sequence }) => taken.delete(`${subject}/${sequence}`));
      if (unseen.length > 0) await consumer.apply(unseen, db);
    });
    // Also for what was handled before: the commit may have gone through when only its answer was lost.
    consumer.after?.(events);
  }
}

/** What cannot be read might be of any kind. */
const wants = (kinds: readonly string[] | undefined, event: PublicEvent): boolean =>
  kinds === undefined || event.unreadable !== undefined || kinds.includes(kindOf(event));
