import { kindOf, markNameFrom, orderNameOf, type Publisher } from '../bus/public-event.js';
import type { ServiceDefinition } from '../service/definitions.js';
import type { ConsumerDefinition } from '../service/listening.js';
import type { Place } from '../log/tail.js';
import { LOG_START } from './checkpoints.js';
import { notBehind } from './replay.js';
import { reasonOf, Tally } from './report.js';
import { Lookahead, type Snapshot } from './snapshot.js';
import { EVENT_COLUMNS, storedEvent } from './stored-event.js';

/** Someone of a context who wants public events. */
interface Follower {
  readonly name: string;
  readonly from: readonly string[];
  /** All when absent. */
  readonly kinds?: readonly string[] | undefined;
}

/** A context whose public events are followed and whose log can be read here. */
export interface FollowedLog {
  readonly publisher: Publisher;
  /** Opened after the listener's: what the listener has handled is in it. */
  readonly snapshot: Snapshot;
  /** The listener's cursor, read before the listener's snapshot was opened: what lies before it has taken effect there. */
  readonly cursor: Place | undefined;
  /** Select on the listener's snapshot: how far it has followed each stream of the log where a bus brought it, in order of the streams. */
  readonly followed: string;
}

/** Everyone in a context who follows public events. */
export const followersOf = (service: ServiceDefinition, consumers: readonly ConsumerDefinition[]): readonly Follower[] => [
  ...service.reactions.map(({ name, from, on }) => ({ name, from: [from], kinds: [on.kind] })),
  ...[...(service.expansions ?? []), ...consumers].flatMap((listener) =>
    listener.from.map((source) => ({ name: markNameFrom(listener, source), from: [source], kinds: listener.kinds })),
  ),
];

interface PublishedEvent {
  readonly source: string;
  readonly stream: string;
  readonly sequence: number;
  readonly kind: string;
  /** Whether it lies before the listener's cursor. */
  readonly handed: boolean;
}

interface Mark {
  readonly stream: string;
  readonly sequence: number;
  readonly consumer: string;
}

/**
 * Walks the inbox and the parked events of a context beside the published events of the contexts it follows, all sorted by stream:
 * what was handed over has taken effect or is parked, and nothing has taken effect that was never published.
 */
export async function checkInbox(
  followers: readonly Follower[],
  own: Snapshot,
  logs: ReadonlyMap<string, FollowedLog>,
): Promise<Tally> {
  const tally = new Tally('inbox: every published event took effect once or is parked');
  const byName = new Map(followers.map((follower) => [follower.name, follower]));
  const elsewhere = [...new Set(followers.flatMap(({ from }) => from))].filter((source) => !logs.has(source));
  if (elsewhere.length > 0) tally.remark(`not compared with ${elsewhere.join(', ')}: no log of theirs here`);
  const marks = new Lookahead(marksOf(own));
  const stray = ({ consumer, stream, sequence }: Mark): void => {
    const from = byName.get(consumer)?.from;
    if (from?.every((source) => logs.has(source)))
      tally.differs(`inbox of ${consumer}`, `${stream}/${sequence} was never published to it`);
  };
  const sources = [...logs].map(([source, log]) => new Lookahead(publishedBy(source, log, own, tally)));
  // Marks at the place of the present event. Streams of two contexts may share an id, so some wait for the other's event.
  let waiting: Mark[] = [];
  for await (const event of inOrder(sources)) {
    tally.looked();
    for (;;) {
      if (!marks.ready) await marks.fill();
      if (!marks.next || order(marks.next, event) > 0) break;
      waiting.push(marks.take()!);
    }
    const seen = new Set<string>();
    // One that waits for its predecessor waits for all who want it.
    let isHeld = false;
    waiting = waiting.filter((mark) => {
      if (mark.consumer === orderNameOf(event.source) && order(mark, event) === 0) isHeld = true;
      else if (order(mark, event) < 0) stray(mark);
      else if (byName.get(mark.consumer)?.from.includes(event.source)) seen.add(mark.consumer);
      else return true;
      return false;
    });
    if (!event.handed || isHeld) continue;
    for (const { name, from, kinds } of followers)
      if (from.includes(event.source) && (kinds?.includes(event.kind) ?? true) && !seen.has(name))
        tally.differs(
          `inbox of ${name}`,
          `${event.kind} ${event.stream}/${event.sequence} of ${event.source} has not taken effect and is not parked`,
        );
  }
  for (const mark of waiting) stray(mark);
  for (;;) {
    if (!marks.ready) await marks.fill();
    const mark = marks.take();
    if (!mark) return tally;
    stray(mark);
  }
}

const order = (a: { stream: string; sequence: number }, b: { stream: string; sequence: number }): number =>
  a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.sequence - b.sequence;

/** Events of several sorted sources as one sorted sequence. */
async function* inOrder(sources: readonly Lookahead<PublishedEvent>[]): AsyncGenerator<PublishedEvent> {
  for (;;) {
    let first: Lookahead<PublishedEvent> | undefined;
    for (const source of sources) {
      if (!source.ready) await source.fill();
      if (source.next && (!first?.next || order(source.next, first.next) < 0)) first = source;
    }
    const event = first?.take();
    if (!event) return;
    yield event;
  }
}

async function* publishedBy(
  source: string,
  log: FollowedLog,
  own: Snapshot,
  tally: Tally,
): AsyncGenerator<readonly PublishedEvent[]> {
  // A connection each: where the listener's own cursor tells how far it is, none is spent.
  const followed = log.cursor ? undefined : new Lookahead(followedBy(own, log.followed));
  const pages = log.snapshot.copy(
    `SELECT ${EVENT_COLUMNS}, ${notBehind(log.cursor ?? LOG_START)} FROM events e WHERE e.previous IS NOT NULL ORDER BY e.stream, e.version`,
  );
  for await (const rows of pages) {
    const events: PublishedEvent[] = [];
    for (const fields of rows) {
      const row = storedEvent(fields);
      while (followed) {
        if (!followed.ready) await followed.fill();
        if (!followed.next || followed.next.stream >= row.stream) break;
        followed.take();
      }
      const far = followed?.next?.stream === row.stream ? followed.next.sequence : 0;
      try {
        const event = log.publisher.publicForm(row);
        const handed = fields.at(-1) === 't' || row.version <= far;
        if (event) events.push({ source, stream: row.stream, sequence: row.version, kind: kindOf(event), handed });
      } catch (error) {
        tally.differs(`${source} ${row.stream}/${row.version}`, reasonOf(error));
      }
    }
    yield events;
  }
}

async function* followedBy(own: Snapshot, select: string): AsyncGenerator<readonly { stream: string; sequence: number }[]> {
  for await (const rows of own.copy(select))
    yield rows.map(([stream, sequence]) => ({ stream: stream!, sequence: Number(sequence) }));
}

async function* marksOf(own: Snapshot): AsyncGenerator<readonly Mark[]> {
  const pages = own.copy(
    'SELECT stream, sequence, consumer FROM (SELECT stream, sequence, consumer FROM inbox UNION ALL SELECT stream, sequence, consumer FROM parked) m ORDER BY stream, sequence',
  );
  for await (const rows of pages)
    yield rows.map((fields) => {
      const [stream, sequence, consumer] = fields as readonly string[];
      return { stream: stream!, sequence: Number(sequence), consumer: consumer! };
    });
}
