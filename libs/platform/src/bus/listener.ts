import { setTimeout as delay } from 'node:timers/promises';
import type { ContextDatabase } from '../database/context-database.js';
import type { Executor } from '../log/executor.js';
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
import type { Bus } from './bus.js';
import { kindOf, schemaVersionOf } from './public-event.js';

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
  private readonly parked = new Map<string, Set<string>>();

  constructor(
    private readonly service: ServiceDefinition,
    private readonly database: ContextDatabase,
    private readonly executor: Executor,
    private readonly report: (event: PublicEvent, consumer: string, error: unknown) => void,
    readonly consumers: readonly ConsumerDefinition[] = service.consumers ?? [],
  ) {}

  /** Registers one subscription per context it follows. */
  async subscribe(bus: Bus): Promise<void> {
    const rows = await this.database.query<{ consumer: string; stream: string }>('SELECT DISTINCT consumer, stream FROM parked');
    for (const { consumer, stream } of rows) this.parkedOf(consumer).add(stream);
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

  /** Hands parked events of a subject over again, in order; stops at the first that still fails. Returns how many went through. */
  async release(consumer: string, stream: string): Promise<number> {
    const rows = await this.database.query<{ event: PublicEvent; sequence: number }>(
      'SELECT event, sequence FROM parked WHERE consumer = $1 AND stream = $2 ORDER BY sequence',
      [consumer, stream],
    );
    const handle = this.handlerNamed(consumer);
    for (const { event, sequence } of rows) {
      await handle(event);
      await this.database.query('DELETE FROM parked WHERE consumer = $1 AND stream = $2 AND sequence = $3', [
        consumer,
        stream,
        sequence,
      ]);
    }
    this.parkedOf(consumer).delete(stream);
    return rows.length;
  }

  private async handle(
    events: readonly PublicEvent[],
    listening: {
      reactions: readonly ReactionDefinition[];
      expansions: readonly ExpansionDefinition[];
      consumers: readonly ConsumerDefinition[];
    },
  ): Promise<void> {
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
            if (reaction.on.kind === kindOf(event)) await this.once(reaction.name, event, this.reactionHandle(reaction));
          }
          for (const expansion of listening.expansions) {
            if (wants(expansion.kinds, event)) await this.once(expansion.name, event, this.expansionHandle(expansion));
          }
        }
      }
    };
    await Promise.all(Array.from({ length: SUBJECTS_AT_ONCE }, worker));
  }

  private handlerNamed(name: string): Handle {
    const reaction = this.service.reactions.find((one) => one.name === name);
    if (reaction) return this.reactionHandle(reaction);
    const expansion = this.service.expansions?.find((one) => one.name === name);
    if (expansion) return this.expansionHandle(expansion);
    const consumer = this.consumers.find((one) => one.name === name);
    if (consumer) return (event) => this.applyBatch(consumer, [event]);
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
      await this.execute(expansion.name, event, (decision) => expansion.decide({ ...decision, event, targets } as never));
    };
  }

  private async execute(
    consumer: string,
    event: PublicEvent,
    decide: (decision: Decision) => void,
    reads: Parameters<Executor['execute']>[0]['reads'] = [],
  ) {
    try {
      await this.executor.execute({
        handled: { consumer, stream: event.subject, sequence: event.sequence },
        trace: {
          correlation: event.correlationid,
          causation: event.id,
          ...(event.traceparent ? { traceparent: event.traceparent } : {}),
        },
        reads,
        decide,
      });
    } catch (error) {
      if (!(error instanceof AlreadyHandled)) throw error;
    }
  }

  /** Runs a handler for one event until it took effect or is parked. */
  private async once(consumer: string, event: PublicEvent, handle: Handle): Promise<void> {
    if (this.parkedOf(consumer).has(event.subject)) return this.park(consumer, event, 'an earlier event of this object is parked');
    for (let tries = 1; ; tries += 1) {
      try {
        return await handle(event);
      } catch (error) {
        const machinery = error instanceof Overloaded || isConnectionLoss(error);
        if (!machinery && tries >= TRIES_MAX) {
          this.report(event, consumer, error);
          return this.park(consumer, event, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
        }
        if (machinery) tries -= 1;
        await delay(machinery ? 250 : 20 * tries);
      }
    }
  }

  /** Applies a batch in one transaction; when it fails, each event alone, so that only the bad one is parked. */
  private async consume(consumer: ConsumerDefinition, events: readonly PublicEvent[]): Promise<void> {
    const parked = this.parkedOf(consumer.name);
    if (!events.some((event) => parked.has(event.subject))) {
      try {
        return await this.applyBatch(consumer, events);
      } catch (error) {
        if (isConnectionLoss(error)) throw error;
      }
    }
    for (const event of events) await this.once(consumer.name, event, (one) => this.applyBatch(consumer, [one]));
  }

  private async applyBatch(consumer: ConsumerDefinition, events: readonly PublicEvent[]): Promise<void> {
    const fresh = await this.database.transaction(async (db) => {
      const rows = await db.query<{ stream: string; sequence: number }>(
        `INSERT INTO inbox (consumer, stream, sequence) SELECT $1, * FROM unnest($2::uuid[], $3::int[]) ON CONFLICT DO NOTHING RETURNING stream, sequence`,
        [consumer.name, events.map(({ subject }) => subject), events.map(({ sequence }) => sequence)],
      );
      const taken = new Set(rows.map(({ stream, sequence }) => `${stream}/${sequence}`));
      const unseen = events.filter(({ subject, sequence }) => taken.has(`${subject}/${sequence}`));
      if (unseen.length > 0) await consumer.apply(unseen, db);
      return unseen;
    });
    if (fresh.length > 0) consumer.after?.(fresh);
  }

  private parkedOf(consumer: string): Set<string> {
    let streams = this.parked.get(consumer);
    if (!streams) this.parked.set(consumer, (streams = new Set()));
    return streams;
  }

  private async park(consumer: string, event: PublicEvent, error: string): Promise<void> {
    await this.database.query(
      'INSERT INTO parked (consumer, stream, sequence, event, error) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
      [consumer, event.subject, event.sequence, JSON.stringify(event), error.slice(0, 2000)],
    );
    this.parkedOf(consumer).add(event.subject);
  }
}

const wants = (kinds: readonly string[] | undefined, event: PublicEvent): boolean =>
  kinds === undefined || kinds.includes(kindOf(event));
