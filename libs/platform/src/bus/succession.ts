import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { ContextDatabase } from '../database/context-database.js';
import type { MigrationDefinition } from '../service/definitions.js';
import type { PublicEvent } from '../service/public-event.js';
import type { Step } from './bus.js';
import type { Parking } from './parking.js';
import { orderNameOf } from './public-event.js';
import { together } from './together.js';

/**
 * How far a context has followed each stream of another: the version it handed on last. A context that has listened before this table was
 * there knows of some streams only where they went on from; the row `*` says so.
 */
export const followedTable: MigrationDefinition = {
  name: '0002-followed',
  sql: `
    CREATE TABLE followed (
      source text NOT NULL,
      stream uuid NOT NULL,
      sequence int NOT NULL,
      PRIMARY KEY (source, stream)
    ) WITH (fillfactor = 70);
    INSERT INTO followed (source, stream, sequence)
    SELECT '*', '00000000-0000-0000-0000-000000000000', 0 WHERE EXISTS (SELECT 1 FROM inbox);`,
};

/** How long a missing event is waited for before what comes after it is parked: another process may be about to say that it has it. */
const PAUSES_MS: readonly number[] = [20, 80, 250, 650];
/** Streams whose place is kept in memory. */
const STREAMS_MAX = 100_000;

/** Select of what a listener has handled or parked. */
const marksOf = (consumer: string): string =>
  `SELECT stream, sequence FROM inbox WHERE consumer = ${consumer} UNION ALL SELECT stream, sequence FROM parked WHERE consumer = ${consumer}`;

export interface SuccessionOptions {
  readonly database: ContextDatabase;
  readonly parking: Parking;
  /** Context whose events they are. */
  readonly source: string;
  /**
   * Name of the mark under which every event of the source ends up in the inbox, the last of all listeners: then the inbox tells how far
   * each stream was followed, and nothing else has to be written.
   */
  readonly witness?: string;
  /** Hands events to whoever wants them. Resolves when they have taken effect or are parked. */
  handOn(events: readonly PublicEvent[]): Promise<void>;
  report(step: Step, consumer: string, error: unknown): void;
}

/**
 * Sees to it that nothing of a stream is handed on before what was published before it (reliability.md 4.4). Each event names the version of
 * the published one before it, wanted here or not: the one handed on last means that it is the next; a lower version of its own, that it is a
 * copy, which goes; anything else, that something is missing. What comes too early is waited for a second and then parked, visibly; it follows by
 * itself when the missing one arrives, and without it when an operator releases it. Other objects go on.
 */
export class Succession {
  /** Version handed on last, by stream; undefined: it was followed before anybody counted. */
  private readonly last = new Map<string, number | undefined>();
  private trusting: boolean | undefined;
  readonly name: string;

  constructor(private readonly options: SuccessionOptions) {
    this.name = orderNameOf(options.source);
  }

  /** Select of (stream, sequence): how far each stream was followed, in order of the streams. */
  get followed(): string {
    const { source, witness } = this.options;
    return witness === undefined
      ? `SELECT stream, sequence FROM followed WHERE source = ${pg.escapeLiteral(source)} ORDER BY stream`
      : `SELECT stream, max(sequence) FROM (${marksOf(pg.escapeLiteral(witness))}) m GROUP BY stream ORDER BY stream`;
  }

  /** Takes what a topic brought, in its order. Throws when the machinery fails: the same steps then have to come again. */
  async follow(steps: readonly Step[]): Promise<void> {
    const { parking } = this.options;
    const streams = new Set(steps.map(({ subject }) => subject));
    await Promise.all([parking.learn([...streams]), this.learn([...streams].filter((stream) => !this.last.has(stream)))]);
    let early = await this.take(steps);
    for (const pauseMs of PAUSES_MS) {
      if (early.every(({ subject }) => parking.holds(this.name, subject))) break;
      await delay(pauseMs);
      await this.learn([...new Set(early.map(({ subject }) => subject))]);
      early = await this.take(early);
    }
    for (const step of early) await this.hold(step);
    for (const stream of streams) if (parking.holds(this.name, stream)) await this.resume(stream);
  }

  /** Lets go what waits for a missing event of the stream, as an operator gives it up. Returns how many events that were. */
  release(stream: string): Promise<number> {
    return this.options.parking.release<Step>(this.name, stream, async (held) => {
      await this.learn([stream]);
      const last = this.last.get(stream) ?? 0;
      // One that contradicts what was handed on meanwhile is none that could follow.
      if (held.previous >= last) await this.handOn([held]);
    });
  }

  /** Hands on all that are next in their streams; returns those that are not. */
  private async take(steps: readonly Step[]): Promise<readonly Step[]> {
    const places = new Map<string, number>();
    const next: Step[] = [];
    let early: readonly Step[] = steps;
    for (let found = -1; found !== next.length && early.length > 0;) {
      found = next.length;
      early = early.filter((step) => {
        const { subject, sequence, previous } = step;
        const last = places.get(subject) ?? this.last.get(subject);
        // What could not be read has no place in a stream; whoever wants the stream parks it.
        const isUnread = sequence < 1;
        if (!isUnread && last !== undefined && sequence <= last) return false;
        if (!isUnread && last !== undefined && previous !== last) return true;
        if (!isUnread) places.set(subject, sequence);
        next.push(step);
        return false;
      });
    }
    await this.handOn(next);
    return early;
  }

  private async handOn(steps: readonly Step[]): Promise<void> {
    const { handOn, witness } = this.options;
    const events = steps.flatMap(({ event }) => event ?? []);
    if (events.length > 0) await handOn(events);
    const places = new Map(steps.filter(({ sequence }) => sequence > 0).map(({ subject, sequence }) => [subject, sequence]));
    if (places.size === 0) return;
    if (witness === undefined) await this.keep([...places]);
    for (const [stream, sequence] of places) this.remember(stream, sequence);
  }

  /** Hands on what waited, for as long as the next one is there. */
  private async resume(stream: string): Promise<void> {
    const { database, parking } = this.options;
    await parking.release<Step>(
      this.name,
      stream,
      (held) => this.handOn([held]),
      async () => {
        const [row] = await database.query<{ event: Step; sequence: number }>(
          `SELECT event, sequence FROM parked WHERE consumer = $1 AND stream = $2 AND sequence > $3 AND (event->>'previous')::int = $3 ORDER BY sequence LIMIT 1`,
          [this.name, stream, this.last.get(stream) ?? 0],
        );
        return row;
      },
    );
  }

  private async hold(step: Step): Promise<void> {
    const { parking, report } = this.options;
    const { subject, previous } = step;
    const last = this.last.get(subject) ?? 0;
    const why =
      previous > last
        ? `version ${previous} of this object was published before it and has not arrived; the last that has is ${last}`
        : `it says that version ${previous} of this object was published before it, and ${last} has arrived`;
    const opens = !parking.holds(this.name, subject);
    await parking.turn(this.name, subject, () => parking.park(this.name, step, why));
    if (opens) report(step, this.name, new Error(why));
  }

  /** Keeps how far streams were followed. */
  private readonly keep = together(async (places: readonly (readonly [stream: string, sequence: number])[]): Promise<void> => {
    const furthest = new Map<string, number>();
    for (const [stream, sequence] of places) furthest.set(stream, Math.max(sequence, furthest.get(stream) ?? 0));
    const streams = [...furthest.keys()].sort();
    await this.options.database.query(
      `INSERT INTO followed AS f (source, stream, sequence) SELECT $1, * FROM unnest($2::uuid[], $3::int[])
       ON CONFLICT (source, stream) DO UPDATE SET sequence = excluded.sequence WHERE f.sequence < excluded.sequence`,
      [this.options.source, streams, streams.map((stream) => furthest.get(stream))],
    );
  });

  /** Looks up how far these streams were followed; another process may have followed them further. */
  private readonly learn = together(async (streams: readonly string[]): Promise<void> => {
    const { database, source, witness } = this.options;
    this.trusting ??= (await database.query(`SELECT 1 FROM followed WHERE source = '*'`)).length > 0;
    const rows =
      witness === undefined
        ? await database.query<{ stream: string; sequence: number }>(
            'SELECT stream, sequence FROM followed WHERE source = $1 AND stream = ANY ($2::uuid[])',
            [source, streams],
          )
        : await database.query<{ stream: string; sequence: number }>(
            `SELECT stream, max(sequence) AS sequence FROM (${marksOf('$1')}) m WHERE stream = ANY ($2::uuid[]) GROUP BY stream HAVING max(sequence) > 0`,
            [witness, streams],
          );
    const found = new Map(rows.map(({ stream, sequence }) => [stream, sequence]));
    for (const stream of streams)
      this.remember(stream, found.get(stream) ?? (this.trusting && witness === undefined ? undefined : 0));
  });

  private remember(stream: string, version: number | undefined): void {
    this.last.delete(stream);
    this.last.set(stream, version);
    if (this.last.size > STREAMS_MAX) this.last.delete(this.last.keys().next().value!);
  }
}
