import type { ContextDatabase } from '../database/context-database.js';
import { together } from './together.js';
import { Turns } from './turns.js';

/** What is kept of an event that waits: at least where it stands in its stream. */
export interface ParkedEvent {
  readonly subject: string;
  readonly sequence: number;
}

/** A parked event as it was put down. */
export interface ParkedRow<Event extends ParkedEvent> {
  readonly event: Event;
  readonly sequence: number;
}

/**
 * The events of a context that wait because one of their object could not be handled, by listener. They lie in the table `parked`, where
 * operators see them and every instance finds them; what is known in memory only saves a look.
 */
export class Parking {
  /** Subjects that were parked when last looked at, by listener: a hint, so that live subjects cost no query each. The table decides. */
  private readonly known = new Map<string, Set<string>>();
  /** Parking and releasing of one subject take turns: an event parked behind the last one released would wait for ever. */
  private readonly turns = new Turns();

  constructor(private readonly database: ContextDatabase) {}

  /** Looks up which of these subjects are parked: another process may have done it before they came to this one. */
  readonly learn = together(async (streams: readonly string[]): Promise<void> => {
    const rows = await this.database.query<{ consumer: string; stream: string }>(
      'SELECT DISTINCT consumer, stream FROM parked WHERE stream = ANY ($1::uuid[])',
      [[...new Set(streams)]],
    );
    for (const { consumer, stream } of rows) this.of(consumer).add(stream);
  });

  /** Whether events of the subject waited for this listener when last looked. */
  holds(consumer: string, stream: string): boolean {
    return this.known.get(consumer)?.has(stream) ?? false;
  }

  /** Runs work on the parked events of one subject after all earlier such work. */
  turn<T>(consumer: string, stream: string, work: () => Promise<T>): Promise<T> {
    return this.turns.take(`${consumer}\n${stream}`, work);
  }

  /** Parks an event behind those of its subject that are parked already; false when the subject is live. */
  async behind(consumer: string, event: ParkedEvent): Promise<boolean> {
    if (!this.holds(consumer, event.subject)) return false;
    return this.turn(consumer, event.subject, async () => {
      const of = 'SELECT 1 FROM parked WHERE consumer = $1 AND stream = $2 LIMIT 1';
      const [still] = await this.database.query(of, [consumer, event.subject]);
      if (still) await this.park(consumer, event, 'an earlier event of this object is parked');
      else this.of(consumer).delete(event.subject);
      return still !== undefined;
    });
  }

  /** Puts an event down. Copies of events that took effect before the bad one stay out: they are handled, not parked. */
  async park(consumer: string, event: ParkedEvent, why: string): Promise<void> {
    await this.database.query(
      `INSERT INTO parked (consumer, stream, sequence, event, error) SELECT $1::text, $2::uuid, $3::int, $4, $5
        WHERE NOT EXISTS (SELECT 1 FROM inbox WHERE consumer = $1 AND stream = $2 AND sequence = $3) ON CONFLICT DO NOTHING`,
      [consumer, event.subject, event.sequence, JSON.stringify(event), why.slice(0, 2000)],
    );
    this.of(consumer).add(event.subject);
  }

  /**
   * Takes up the parked events of a subject one after the other, with those that are parked meanwhile, for as long as `next` names one; each
   * goes when `handOn` is through with it. Returns how many went; throws as `handOn` does, and then that one and the rest stay.
   */
  release<Event extends ParkedEvent>(
    consumer: string,
    stream: string,
    handOn: (event: Event) => Promise<void>,
    next: () => Promise<ParkedRow<Event> | undefined> = () => this.first<Event>(consumer, stream),
  ): Promise<number> {
    return this.turn(consumer, stream, async () => {
      for (let released = 0; ; released += 1) {
        const row = await next();
        if (!row) {
          if (!(await this.first(consumer, stream))) this.of(consumer).delete(stream);
          return released;
        }
        await handOn(row.event);
        await this.database.query('DELETE FROM parked WHERE consumer = $1 AND stream = $2 AND sequence = $3', [
          consumer,
          stream,
          row.sequence,
        ]);
      }
    });
  }

  private async first<Event extends ParkedEvent>(consumer: string, stream: string): Promise<ParkedRow<Event> | undefined> {
    const [row] = await this.database.query<ParkedRow<Event>>(
      'SELECT event, sequence FROM parked WHERE consumer = $1 AND stream = $2 ORDER BY sequence LIMIT 1',
      [consumer, stream],
    );
    return row;
  }

  private of(consumer: string): Set<string> {
    let streams = this.known.get(consumer);
    if (!streams) this.known.set(consumer, (streams = new Set()));
    return streams;
  }
}
