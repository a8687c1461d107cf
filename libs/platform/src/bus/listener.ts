import { setTimeout as delay } from 'node:timers/promises';
import type { ContextDatabase } from '../database/context-database.js';
import type { Executor } from '../log/executor.js';
import { handledId } from '../log/pending.js';
import { isConnectionLoss } from '../log/storage.js';
import { AlreadyHandled, Overloaded } from '../log/work.js';
import type {
  ConsumerDefinition,
  Decision,
  EventDecision,
  ExpansionDefinition,
  ReactionDefinition,
  ServiceDefinition,
} from '../service/definitions.js';
import type { PublicEvent } from '../service/public-event.js';
import { reactionSpan } from '../telemetry/tracing.js';
import type { Bus } from './bus.js';
import { kindOf, markNameOf, schemaVersionOf } from './public-event.js';
import { Turns } from './turns.js';

/** Tries of an event that fails for a reason of its own, before its key is parked. */
const TRIES_MAX = 3;
/** Subjects handled side by side. */
const SUBJECTS_AT_ONCE = 64;

type Handle = (event: PublicEvent) => Promise<void>;

/**
 * The listening side of a context (reliability.md 4.4): hands each public event to the reactions, expansions and consumers that
 * want it. Effect once by inbox rows written with the effect. An event that keeps failing is parked with everything later of the
 * same subject; other subjects go on. Faults of the machinery (database away, queue full) are waited out and never park.
 */
export class Listener {
  /** Subjects that were parked when last looked at, by consumer: a hint, so that live subjects cost no query each. The table decides. */
  private readonly parked = new Map<string, Set<string>>();
  /** Parking and releasing of one subject take turns: an event parked behind the last one released would wait for ever. */
  private readonly turns = new Turns();
  private readonly underWay = new Map<string, Promise<void>>();

  constructor(
    private readonly service: ServiceDefinition,
    private readonly database: ContextDatabase,
    private readonly executor: Executor,
    private readonly report: (event: PublicEvent, consumer: string, error: unknown) => void,
    readonly consumers: readonly ConsumerDefinition[] = service.consumers ?? [],
  ) {}

  /** Registers one subscription per context it follows. */
  subscribe(bus: Bus): void {
    const reactions = this.service.reactions;
    const expansions = this.service.expansions ?? [];
    const sources = new Set([
      ...reactions.map(({ from }) => from),
      ...expansions.flatMap(({ from }) => from),
      ...this.consumers.flatMap(({ from }) => from),
    ]);
    for (const from of sources) {
      const follows = (definition: { from: string | readonly string[] }) =>
        typeof definition.from === 'string' ? definition.from === from : definition.from.includes(from);
      const listening = {
        reactions: reactions.filter(follows),
        expansions: expansions.filter(follows),
        consumers: this.consumers.filter(follows),
      };
      const everything = [...listening.expansions, ...listening.consumers].some(({ kinds }) => !kinds);
      const kinds = [
        ...listening.reactions.map(({ on }) => on.kind),
        ...[...listening.expansions, ...listening.consumers].flatMap((definition) => definition.kinds ?? []),
      ];
      bus.subscribe({
        group: this.service.name,
        from,
        ...(everything ? {} : { kinds: [...new Set(kinds)] }),
        handle: (events) => this.handle(events, listening),
      });
    }
  }

  /**
   * Hands parked events of a subject over again, in order, and then what was parked behind them meanwhile, until nothing is left: only
   * then is the subject live again. Returns how many went through; throws as the first that still fails, which stays parked with the rest.
   */
  async release(consumer: string, stream: string): Promise<number> {
    const { handle, kinds } = this.handlerNamed(consumer);
    return this.turns.take(`${consumer}\n${stream}`, async () => {
      for (let released = 0; ; released += 1) {
        const [row] = await this.database.query<{ event: PublicEvent; sequence: number }>(
          'SELECT event, sequence FROM parked WHERE consumer = $1 AND stream = $2 ORDER BY sequence LIMIT 1',
          [consumer, stream],
        );
        if (!row) {
          this.parkedOf(consumer).delete(stream);
          return released;
        }
        const { unreadable, ...event } = row.event;
        // What cannot be read has no effect to wait for: whoever releases it lets it go. A kind that was unknown may be wanted by now.
        if (unreadable === undefined || (event.sequence > 0 && wants(kinds, event))) await handle(event);
        await this.database.query('DELETE FROM parked WHERE consumer = $1 AND stream = $2 AND sequence = $3', [
          consumer,
          stream,
          row.sequence,
        ]);
      }
    });
  }

  private async handle(
    events: readonly PublicEvent[],
    listening: {
      reactions: readonly ReactionDefinition[];
      expansions: readonly ExpansionDefinition[];
      consumers: readonly ConsumerDefinition[];
    },
  ): Promise<void> {
    await this.learnParked(events);
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
    if (await this.parkedBehind(consumer, event)) return;
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
    return this.turns.take(`${consumer}\n${event.subject}`, () => this.park(consumer, event, why));
  }

  /** Applies a batch of one context's events in one transaction; when it fails, each event alone, so that only the bad one is parked. */
  private async consume(consumer: ConsumerDefinition, events: readonly PublicEvent[]): Promise<void> {
    const [first] = events;
    const name = first ? markNameOf(consumer, first) : consumer.name;
    const parked = this.parkedOf(name);
    if (!events.some((event) => event.unreadable !== undefined || parked.has(event.subject))) {
      try {
        return await this.applyBatch(consumer, events);
      } catch (error) {
        if (isMachinery(error)) throw error;
      }
    }
    for (const event of events) await this.once(name, event, (one) => this.applyBatch(consumer, [one]));
  }

  private async applyBatch(consumer: ConsumerDefinition, events: readonly PublicEvent[]): Promise<void> {
    await this.database.transaction(async (db) => {
      const rows = await db.query<{ stream: string; sequence: number }>(
        `INSERT INTO inbox (consumer, stream, sequence) SELECT $1, * FROM unnest($2::uuid[], $3::int[]) ON CONFLICT DO NOTHING RETURNING stream, sequence`,
        [markNameOf(consumer, events[0]!), events.map(({ subject }) => subject), events.map(({ sequence }) => sequence)],
      );
      const taken = new Set(rows.map(({ stream, sequence }) => `${stream}/${sequence}`));
      // Of several copies in one batch only the first.
      const unseen = events.filter(({ subject, sequence }) => taken.delete(`${subject}/${sequence}`));
      if (unseen.length > 0) await consumer.apply(unseen, db);
    });
    // Also for what was handled before: the commit may have gone through when only its answer was lost.
    consumer.after?.(events);
  }

  /** Another process may have parked a subject before it came to this one. */
  private async learnParked(events: readonly PublicEvent[]): Promise<void> {
    const rows = await this.database.query<{ consumer: string; stream: string }>(
      'SELECT DISTINCT consumer, stream FROM parked WHERE stream = ANY ($1::uuid[])',
      [[...new Set(events.map(({ subject }) => subject))]],
    );
    for (const { consumer, stream } of rows) this.parkedOf(consumer).add(stream);
  }

  private parkedOf(consumer: string): Set<string> {
    let streams = this.parked.get(consumer);
    if (!streams) this.parked.set(consumer, (streams = new Set()));
    return streams;
  }

  /** Parks an event whose subject is parked already; false when the subject is live. */
  private async parkedBehind(consumer: string, event: PublicEvent): Promise<boolean> {
    if (!this.parkedOf(consumer).has(event.subject)) return false;
    return this.turns.take(`${consumer}\n${event.subject}`, async () => {
      const of = 'SELECT 1 FROM parked WHERE consumer = $1 AND stream = $2 LIMIT 1';
      const [still] = await this.database.query(of, [consumer, event.subject]);
      if (still) await this.park(consumer, event, 'an earlier event of this object is parked');
      else this.parkedOf(consumer).delete(event.subject);
      return still !== undefined;
    });
  }

  /** Copies of events that took effect before the bad one stay out: they are handled, not parked. */
  private async park(consumer: string, event: PublicEvent, error: string): Promise<void> {
    await this.database.query(
      `INSERT INTO parked (consumer, stream, sequence, event, error) SELECT $1::text, $2::uuid, $3::int, $4, $5
        WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE consumer = $1 AND stream = $2 AND sequence = $3) ON CONFLICT DO NOTHING`,
      [consumer, event.subject, event.sequence, JSON.stringify(event), error.slice(0, 2000)],
    );
    this.parkedOf(consumer).add(event.subject);
  }
}

/** Insufficient resources, trouble of the server's system, deadlock and serialisation: the event is not to blame. */
const NOT_THE_EVENT = /^(53|58|40001$|40P01$|ETIMEDOUT|EHOST|ENET|EAI_)/u;

/** A fault that any event would have met: it is waited out and parks nothing. */
const isMachinery = (error: unknown): boolean =>
  error instanceof Overloaded || isConnectionLoss(error) || NOT_THE_EVENT.test((error as { code?: string } | null)?.code ?? '');

/** What cannot be read might be of any kind. */
const wants = (kinds: readonly string[] | undefined, event: PublicEvent): boolean =>
  kinds === undefined || event.unreadable !== undefined || kinds.includes(kindOf(event));
