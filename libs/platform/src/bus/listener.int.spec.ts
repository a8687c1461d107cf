import { defineAggregate, defineEvent } from '@concord/kernel';
import { HandBus, signal, testDatabase, type TestDatabase } from '@concord/testing';
import { z } from 'zod';
import { AdjustableClock, uuidv7 } from '../clock.js';
import { Context } from '../context/context.js';
import type { ContextAccess } from '../database/context-database.js';
import { provision } from '../database/provision.js';
import { Overloaded } from '../log/work.js';
import { defineService } from '../service/definitions.js';
import { defineExpansion, defineReaction } from '../service/listening.js';
import type { PublicEvent } from '../service/public-event.js';
import type { Step, Subscription } from './bus.js';

// What every listener may rely on (reliability.md 4.4), with the bus played by hand: duplicates, repeats and bad events at will.

const BookPut = defineEvent('BookPut', z.strictObject({ title: z.string() }));
const TitleRead = defineEvent('TitleRead', z.strictObject({ title: z.string() }));
const reader = (kind: string) =>
  defineAggregate<{ titles: string[] }, readonly [typeof TitleRead]>({
    kind,
    initial: { titles: [] },
    events: [TitleRead],
    evolve: { TitleRead: ({ titles }, { title }) => ({ titles: [...titles, title] }) },
  });
const Reader = reader('reader');
const Friend = reader('friend');

/** What goes wrong, by the listener's name; a spec sets it. */
const trouble = new Map<string, (event: PublicEvent<{ title: string }>) => Promise<void> | void>();
const meet = (listener: string, event: PublicEvent) => trouble.get(listener)?.(event as PublicEvent<{ title: string }>);
const told: string[] = [];
/** Events that the next batch turns out to have mattered to, and whom they had missed, by their id. */
const late: PublicEvent[] = [];
const missed = new Map<string, readonly string[]>();

/** Own streams for the reader and the friend of a subject, so that they do not share its id. */
const friendOf = (subject: string) => subject.replace(/^.{8}/u, 'ffffffff');

const readers = defineService({
  name: 'readers',
  resources: [],
  aggregates: [Reader, Friend],
  commands: [],
  queries: [],
  reactions: [
    defineReaction({
      name: 'on-book-put',
      from: 'library',
      on: BookPut,
      decide: ({ event, append }) => {
        void meet('on-book-put', event);
        append(Reader, event.subject, TitleRead({ title: event.data.title }));
      },
    }),
  ],
  expansions: [
    defineExpansion({
      name: 'tell-friends',
      from: ['library'],
      kinds: ['BookPut'],
      expand: async (event) => {
        await meet('tell-friends', event);
        return [friendOf(event.subject)];
      },
      decide: ({ event, targets, append }) => {
        for (const id of targets) append(Friend, id, TitleRead({ title: (event.data as { title: string }).title }));
      },
      again: async ({ id }) => new Map((missed.get(id) ?? []).map((friend) => [friend, [friend]])),
    }),
  ],
  consumers: [
    {
      name: 'titles',
      from: ['library', 'archive'],
      kinds: ['BookPut'],
      async apply(events, db) {
        for (const event of events) {
          await meet('titles', event);
          const { title } = event.data as { title: string };
          await db.query('INSERT INTO titles (source, subject, title) VALUES ($1, $2, $3)', [event.source, event.subject, title]);
        }
      },
      after: (events) => void told.push(...events.map(({ id }) => id)),
      belated: async ([event]) => {
        await meet('belated', event!);
        return late;
      },
    },
  ],
  projections: [],
  schedules: [],
  migrations: [
    {
      name: '0001-titles',
      sql: 'CREATE TABLE titles (place bigint GENERATED ALWAYS AS IDENTITY, source text, subject uuid, title text)',
    },
  ],
  published: () => undefined,
  publishes: [],
});

/** Hands over what a spec tells it to. */
class LibraryBus extends HandBus {
  hand(...events: PublicEvent[]): Promise<void> {
    return this.subscription('library').handle(JSON.parse(JSON.stringify(events)) as PublicEvent[]);
  }

  /** As a bus does that reads no log: an event that is none of the wanted kinds is only a step. */
  follow(...events: PublicEvent[]): Promise<void> {
    const library = this.subscription('library');
    return library.follow!(events.map((event) => stepOf(event, library.kinds)));
  }

  subscription(from: string): Subscription {
    return this.subscriptions.find((one) => one.from === from)!;
  }
}

let database: TestDatabase;
let access: ContextAccess;
let context: Context;
let bus: LibraryBus;
const faults: string[] = [];

const instance = async () => {
  const opened = await Context.open(readers, access, {
    clock: new AdjustableClock(),
    standingChanges: () => [],
    busy: () => false,
    catchUp: () => Promise.resolve(),
    committed: () => undefined,
    failed: (where) => void faults.push(where),
  });
  const hands = new LibraryBus();
  await opened.start(hands);
  return { opened, hands };
};
const open = async () => {
  ({ opened: context, hands: bus } = await instance());
};
const close = async () => {
  await context.stop();
  await context.close();
};
/** The process dies and another takes its place: what was only in memory is gone. */
const restart = async () => {
  await close();
  await open();
};

beforeAll(async () => {
  database = await testDatabase();
  access = (await provision(database.url, ['readers'])).get('readers')!;
  await open();
});
beforeEach(() => {
  trouble.clear();
  told.length = 0;
  late.length = 0;
  faults.length = 0;
});
afterAll(async () => {
  await close();
  await database.drop();
});

const put = (subject: string, sequence: number, title = `title ${sequence}`, source = 'library'): PublicEvent => ({
  specversion: '1.0',
  id: `${subject}/${sequence}`,
  source: `/concord/${source}`,
  type: `concord.${source}.BookPut`,
  subject,
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: `concord:/schemas/concord.${source}.BookPut/1`,
  sequence,
  previous: sequence - 1,
  correlationid: 'c',
  data: { title },
});
const stepOf = (event: PublicEvent, kinds?: readonly string[]): Step => {
  const { type, subject, sequence, previous } = event;
  const isWanted = event.unreadable !== undefined || (kinds?.includes(type.slice(type.lastIndexOf('.') + 1)) ?? true);
  return JSON.parse(JSON.stringify({ type, subject, sequence, previous, ...(isWanted ? { event } : {}) })) as Step;
};
/** An event that counts, and that nobody wants. */
const dust = (subject: string, sequence: number): PublicEvent => ({
  ...put(subject, sequence),
  type: 'concord.library.ShelfDusted',
});
const puts = (subject: string, ...sequences: number[]) => sequences.map((sequence) => put(subject, sequence));

/** Titles in the order in which each of the three listeners took them in. */
const effects = async (subject: string) => {
  const [row] = await context.database.query<{ reader: string[] | null; friend: string[] | null; titles: string[] | null }>(
    `SELECT (SELECT state->'titles' FROM streams WHERE id = $1) AS reader, (SELECT state->'titles' FROM streams WHERE id = $2) AS friend,
            (SELECT json_agg(title ORDER BY place) FROM titles WHERE subject = $1 AND source = '/concord/library') AS titles`,
    [subject, friendOf(subject)],
  );
  return { reader: row?.reader ?? [], friend: row?.friend ?? [], titles: row?.titles ?? [] };
};
const everywhere = (...sequences: number[]) => {
  const titles = sequences.map((sequence) => `title ${sequence}`);
  return { reader: titles, friend: titles, titles };
};
const parked = async (subject: string) =>
  (
    await context.database.query<{ consumer: string; sequence: number; error: string }>(
      'SELECT consumer, sequence, error FROM parked WHERE stream = $1 ORDER BY consumer, sequence',
      [subject],
    )
  ).map(({ consumer, sequence, error }) => `${consumer} ${sequence}: ${error}`);

const LISTENERS = ['on-book-put', 'tell-friends', 'titles of library'] as const;
const behind = 'an earlier event of this object is parked';

describe('an effect', () => {
  it('happens once for copies in one batch, in later ones, and after a restart', async () => {
    const subject = uuidv7();
    await bus.hand(...puts(subject, 1, 1, 2, 1, 2));
    await bus.hand(...puts(subject, 1, 2, 3));
    await restart();
    await bus.hand(...puts(subject, 1, 2, 3, 4));
    expect(await effects(subject)).toEqual(everywhere(1, 2, 3, 4));
  });

  it('happens once for copies that are handled at the same time', async () => {
    const subjects = Array.from({ length: 10 }, uuidv7);
    const events = subjects.flatMap((subject) => puts(subject, 1, 2, 3));
    await Promise.all([bus.hand(...events), bus.hand(...events), bus.hand(...events)]);
    for (const subject of subjects) expect(await effects(subject)).toEqual(everywhere(1, 2, 3));
    expect(faults).toEqual([]);
  });

  it('is kept apart for two contexts whose objects share an id', async () => {
    const subject = uuidv7();
    await bus.hand(put(subject, 1));
    await bus.subscription('archive').handle([put(subject, 1, 'from the archive', 'archive')]);
    const rows = await context.database.query('SELECT source, title FROM titles WHERE subject = $1 ORDER BY place', [subject]);
    expect(rows).toEqual([
      { source: '/concord/library', title: 'title 1' },
      { source: '/concord/archive', title: 'from the archive' },
    ]);
  });

  it('is asked of the bus only for the kinds somebody wants', async () => {
    expect(bus.subscription('library').kinds).toEqual(['BookPut']);
    const subject = uuidv7();
    await bus.hand({ ...put(subject, 1), type: 'concord.library.ShelfDusted' });
    expect(await effects(subject)).toEqual(everywhere());
  });
});

describe('an event that the bus could not read', () => {
  const unread = (subject: string, sequence: number): PublicEvent => ({ ...put(subject, sequence), unreadable: 'it is nonsense' });

  it('is parked at once for every listener, with all that follow of its object and nothing else', async () => {
    const [bad, good] = [uuidv7(), uuidv7()];
    let looks = 0;
    for (const name of ['on-book-put', 'tell-friends', 'titles'])
      trouble.set(name, (event) => void (looks += event.id === `${bad}/-5` ? 1 : 0));
    await bus.hand(put(bad, 1), unread(bad, -5), put(bad, 2), ...puts(good, 1, 2));
    expect(looks).toBe(0);
    expect(await effects(good)).toEqual(everywhere(1, 2));
    expect(await effects(bad)).toEqual(everywhere(1));
    expect(await parked(bad)).toEqual(
      [...LISTENERS].sort().flatMap((listener) => [`${listener} -5: Error: it is nonsense`, `${listener} 2: ${behind}`]),
    );
    expect(faults).toHaveLength(3);
  });

  it('is let go by a release; one whose kind is wanted by now takes effect', async () => {
    const [never, later] = [uuidv7(), uuidv7()];
    await bus.hand(unread(never, -5), put(never, 1), unread(later, 1), put(later, 2));
    for (const listener of LISTENERS) for (const subject of [never, later]) await context.listener.release(listener, subject);
    expect(await effects(never)).toEqual(everywhere(1));
    expect(await effects(later)).toEqual(everywhere(1, 2));
    expect([...(await parked(never)), ...(await parked(later))]).toEqual([]);
  });
});

describe.each(LISTENERS)('an event that %s cannot handle', (listener) => {
  const name = listener.split(' ')[0]!;
  const effect = { 'on-book-put': 'reader', 'tell-friends': 'friend', 'titles of library': 'titles' }[listener] as 'reader';

  it('is parked after three tries, with all that follow of its object and nothing else', async () => {
    const [bad, good] = [uuidv7(), uuidv7()];
    let tries = 0;
    trouble.set(name, (event) => {
      if (event.id !== `${bad}/2`) return;
      tries += 1;
      throw new Error('cannot be read');
    });
    await bus.hand(...puts(bad, 1, 2, 3), ...puts(good, 1, 2, 3));
    await bus.hand(...puts(bad, 4), ...puts(good, 4));
    // A batch is one try more: only its events alone show which one is bad.
    expect(tries).toBe(name === 'titles' ? 4 : 3);
    expect(await effects(good)).toEqual(everywhere(1, 2, 3, 4));
    expect(await effects(bad)).toEqual({ ...everywhere(1, 2, 3, 4), [effect]: ['title 1'] });
    expect(await parked(bad)).toEqual([
      `${listener} 2: Error: cannot be read`,
      `${listener} 3: ${behind}`,
      `${listener} 4: ${behind}`,
    ]);
    expect(await parked(good)).toEqual([]);
    expect(faults).toEqual([`readers: ${listener} parked concord.library.BookPut ${bad}/2`]);
  });

  it('stays parked for another instance of the context, until one of them releases it', async () => {
    const subject = uuidv7();
    trouble.set(name, (event) => {
      if (event.id === `${subject}/1`) throw new Error('cannot be read');
    });
    const { opened: other, hands } = await instance();
    try {
      await bus.hand(put(subject, 1));
      // The object's events come to the other instance from here on.
      await hands.hand(put(subject, 2));
      expect(await parked(subject)).toEqual([`${listener} 1: Error: cannot be read`, `${listener} 2: ${behind}`]);
      trouble.clear();
      expect(await context.listener.release(listener, subject)).toBe(2);
      await hands.hand(put(subject, 3));
      expect(await effects(subject)).toEqual(everywhere(1, 2, 3));
      expect(await parked(subject)).toEqual([]);
    } finally {
      await other.stop();
      await other.close();
    }
  });

  it('stays parked over a restart, and a repeat parks neither it twice nor what was handled before it', async () => {
    const subject = uuidv7();
    trouble.set(name, (event) => {
      if (event.id === `${subject}/2`) throw new Error('cannot be read');
    });
    await bus.hand(...puts(subject, 1, 2));
    await restart();
    trouble.clear();
    await bus.hand(...puts(subject, 1, 2, 3));
    expect((await effects(subject))[effect]).toEqual(['title 1']);
    expect(await parked(subject)).toEqual([`${listener} 2: Error: cannot be read`, `${listener} 3: ${behind}`]);
  });

  it('is handled when it is released, in order with what waits behind it, and its object is live again', async () => {
    const subject = uuidv7();
    trouble.set(name, (event) => {
      if ([`${subject}/2`, `${subject}/4`].includes(event.id)) throw new Error('cannot be read');
    });
    await bus.hand(...puts(subject, 1, 2, 3, 4, 5));
    await expect(context.listener.release(listener, subject)).rejects.toThrow('cannot be read');
    expect(await parked(subject)).toHaveLength(4);

    trouble.set(name, (event) => {
      if (event.id === `${subject}/4`) throw new Error('nor can this');
    });
    await expect(context.listener.release(listener, subject)).rejects.toThrow('nor can this');
    expect((await effects(subject))[effect]).toEqual(['title 1', 'title 2', 'title 3']);
    await bus.hand(...puts(subject, 6));
    expect((await parked(subject)).map((row) => row.split(':')[0])).toEqual([4, 5, 6].map((n) => `${listener} ${n}`));

    trouble.clear();
    expect(await context.listener.release(listener, subject)).toBe(3);
    await bus.hand(...puts(subject, 4, 5, 6, 7));
    expect(await effects(subject)).toEqual(everywhere(1, 2, 3, 4, 5, 6, 7));
    expect(await parked(subject)).toEqual([]);
    expect(await context.listener.release(listener, subject)).toBe(0);
  });
});

describe('a release', () => {
  it('and events that arrive meanwhile keep their order, and none stays behind', async () => {
    const subject = uuidv7();
    trouble.set('titles', (event) => {
      if (event.id === `${subject}/1`) throw new Error('cannot be read');
    });
    await bus.hand(...puts(subject, 1, 2));
    const [begun, finish] = [signal(), signal()];
    trouble.set('titles', (event) => {
      if (event.id !== `${subject}/2`) return;
      begun.give();
      return finish.given;
    });
    const releases = [
      context.listener.release('titles of library', subject),
      context.listener.release('titles of library', subject),
    ];
    await begun.given;
    const arriving = [bus.hand(...puts(subject, 3)), bus.hand(...puts(subject, 3, 4))];
    finish.give();
    expect(await Promise.all(releases)).toEqual([2, 0]);
    await Promise.all(arriving);
    expect((await effects(subject)).titles).toEqual(['title 1', 'title 2', 'title 3', 'title 4']);
    expect(await parked(subject)).toEqual([]);
  });
});

describe('a fault of the machinery', () => {
  const fault = (code: string) => Object.assign(new Error(`the server says ${code}`), { code });

  it('parks nothing, whatever it is and however often it comes', async () => {
    const subject = uuidv7();
    const make = [
      () => new Overloaded('The queue of commands is full.'),
      ...['57P01', 'ECONNREFUSED', '53100', '53300', '40P01'].map((code) => () => fault(code)),
    ];
    for (const name of LISTENERS.map((listener) => listener.split(' ')[0]!)) {
      const left = [...make];
      trouble.set(name, () => {
        const next = left.shift();
        if (next) throw next();
      });
    }
    // What the bus does with a listener that throws.
    let hands = 0;
    for (let done = false; !done;) {
      hands += 1;
      await bus.hand(...puts(subject, 1, 2)).then(
        () => (done = true),
        () => expect(hands).toBeLessThan(20),
      );
    }
    expect(await effects(subject)).toEqual(everywhere(1, 2));
    expect(await parked(subject)).toEqual([]);
    expect(faults).toEqual([]);
  }, 30_000);
});

describe('a batch of which one event cannot be applied', () => {
  it('parks the object of that event only, and says after the commit what was applied', async () => {
    const [first, bad, last] = [uuidv7(), uuidv7(), uuidv7()];
    trouble.set('titles', (event) => {
      if (event.subject === bad) throw new Error('cannot be applied');
    });
    await bus.hand(put(first, 1), put(bad, 1), put(last, 1), put(bad, 2), put(first, 2));
    expect((await effects(first)).titles).toEqual(['title 1', 'title 2']);
    expect((await effects(last)).titles).toEqual(['title 1']);
    expect((await effects(bad)).titles).toEqual([]);
    expect(await parked(bad)).toEqual(['titles of library 1: Error: cannot be applied', `titles of library 2: ${behind}`]);
    expect(told).toEqual([`${first}/1`, `${last}/1`, `${first}/2`]);
  });

  it('tells what lives in memory although the answer to the commit was lost', async () => {
    const subject = uuidv7();
    const { transaction } = context.database;
    let lost = false;
    context.database.transaction = async (work) => {
      const result = await transaction.call(context.database, work);
      if (lost) return result as never;
      lost = true;
      throw new Error('Connection terminated unexpectedly');
    };
    await expect(bus.hand(put(subject, 1))).rejects.toThrow('Connection terminated');
    await bus.hand(put(subject, 1));
    context.database.transaction = transaction;
    expect((await effects(subject)).titles).toEqual(['title 1']);
    expect(told).toEqual([`${subject}/1`]);
  });
});

describe('an event that somebody was found too late to have a part in', () => {
  const readBy = async (friend: string) => {
    const [row] = await context.database.query<{ titles: string[] }>(
      `SELECT state->'titles' AS titles FROM streams WHERE id = $1`,
      [friend],
    );
    return row?.titles ?? [];
  };

  it('reaches them once, however often it is found, also after a restart', async () => {
    const [subject, friend] = [uuidv7(), uuidv7()];
    await bus.hand(put(subject, 1));
    late.push(put(subject, 1));
    missed.set(`${subject}/1`, [friend]);
    const finder = uuidv7();
    await bus.hand(put(finder, 1));
    await bus.hand(put(finder, 1), put(finder, 2));
    await restart();
    await bus.hand(put(finder, 3));
    expect(await readBy(friend)).toEqual(['title 1']);
    expect(await effects(subject)).toEqual(everywhere(1));
  });

  it('is waited for where it is still in other hands', async () => {
    const [subject, friend, finder] = [uuidv7(), uuidv7(), uuidv7()];
    const [reached, released, found] = [signal(), signal(), signal()];
    trouble.set('tell-friends', async (event) => {
      if (event.subject !== subject) return;
      reached.give();
      await released.given;
    });
    const first = bus.hand(put(subject, 1));
    await reached.given;
    trouble.set('belated', found.give);
    late.push(put(subject, 1));
    missed.set(`${subject}/1`, [friend]);
    const second = bus.hand(put(finder, 1));
    await found.given;
    expect(await effects(finder)).toEqual(everywhere(1));
    expect(await readBy(friend)).toEqual([]);
    released.give();
    await Promise.all([first, second]);
    expect(await readBy(friend)).toEqual(['title 1']);
  });

  it('is left to its release when it is parked', async () => {
    const [subject, friend] = [uuidv7(), uuidv7()];
    trouble.set('tell-friends', (event) => {
      if (event.subject === subject) throw new Error('no friends');
    });
    await bus.hand(put(subject, 1));
    late.push(put(subject, 1));
    missed.set(`${subject}/1`, [friend]);
    await bus.hand(put(uuidv7(), 1));
    expect(await readBy(friend)).toEqual([]);
  });
});

describe('an event nobody can read', () => {
  it.each([
    [
      'a version from the future',
      { dataschema: 'concord:/schemas/concord.library.BookPut/9' },
      /^on-book-put 1: RangeError: BookPut version 9/u,
    ],
    ['a payload of another shape', { data: { name: 'x' } }, /^on-book-put 1: ZodError/u],
  ])('for %s is parked by the reaction', async (_name, wrong, error) => {
    const subject = uuidv7();
    trouble.set('titles', () => undefined);
    await bus.hand({ ...put(subject, 1), ...wrong });
    expect((await parked(subject)).filter((row) => row.startsWith('on-book-put'))).toEqual([expect.stringMatching(error)]);
    expect((await effects(subject)).reader).toEqual([]);
  });
});

describe('an event that comes before one it follows', () => {
  const ORDER = 'order of library';
  const missing = (version: number, last: number) =>
    `version ${version} of this object was published before it and has not arrived; the last that has is ${last}`;

  it('is parked with all that follow of its object and nothing else, and follows by itself when the missing one is there', async () => {
    const [bad, good] = [uuidv7(), uuidv7()];
    await bus.follow(put(bad, 1), put(bad, 3), put(good, 1), put(good, 2));
    await bus.follow(put(bad, 4), put(good, 3));
    expect(await effects(bad)).toEqual(everywhere(1));
    expect(await effects(good)).toEqual(everywhere(1, 2, 3));
    expect(await parked(bad)).toEqual([`${ORDER} 3: ${missing(2, 1)}`, `${ORDER} 4: ${missing(3, 1)}`]);
    expect(faults).toEqual([`readers: ${ORDER} parked concord.library.BookPut ${bad}/3`]);
    await restart();
    await bus.follow(put(bad, 2));
    expect(await effects(bad)).toEqual(everywhere(1, 2, 3, 4));
    expect(await parked(bad)).toEqual([]);
    await bus.follow(put(bad, 5));
    expect(await effects(bad)).toEqual(everywhere(1, 2, 3, 4, 5));
  });

  it('waits for nothing when what it follows is in the same batch behind it', async () => {
    const subject = uuidv7();
    await bus.follow(put(subject, 3), put(subject, 2), put(subject, 4), put(subject, 1));
    expect(await effects(subject)).toEqual(everywhere(1, 2, 3, 4));
    expect(faults).toEqual([]);
  });

  it('is known by events that nobody wants, also after a restart', async () => {
    const [whole, torn] = [uuidv7(), uuidv7()];
    await bus.follow(dust(whole, 1), put(whole, 2), dust(whole, 3));
    await restart();
    await bus.follow(dust(whole, 4));
    await restart();
    await bus.follow(put(whole, 5), put(torn, 2));
    expect(await effects(whole)).toEqual(everywhere(2, 5));
    expect(await effects(torn)).toEqual(everywhere());
    expect(await parked(torn)).toEqual([`${ORDER} 2: ${missing(1, 0)}`]);
    await bus.follow(dust(torn, 1));
    expect(await effects(torn)).toEqual(everywhere(2));
    expect(await parked(torn)).toEqual([]);
  });

  it('is followed by those of no interest that waited with it', async () => {
    const subject = uuidv7();
    await bus.follow(dust(subject, 2), put(subject, 3));
    expect(await parked(subject)).toHaveLength(2);
    await bus.follow(put(subject, 1));
    expect(await effects(subject)).toEqual(everywhere(1, 3));
    expect(await parked(subject)).toEqual([]);
  });

  it('is handed on without the missing one when an operator releases it, and the missing one has no effect afterwards', async () => {
    const subject = uuidv7();
    await bus.follow(put(subject, 1), put(subject, 3), put(subject, 4), put(subject, 7));
    expect(await context.listener.release(ORDER, subject)).toBe(3);
    expect(await effects(subject)).toEqual(everywhere(1, 3, 4, 7));
    await bus.follow(put(subject, 2), put(subject, 5), put(subject, 8));
    expect(await effects(subject)).toEqual(everywhere(1, 3, 4, 7, 8));
    expect(await parked(subject)).toEqual([]);
  });

  it('stays away when it contradicts what has arrived; the true ones go on, and a release lets it go', async () => {
    const subject = uuidv7();
    await bus.follow(...puts(subject, 1, 2), { ...put(subject, 6), previous: 1 });
    expect(await parked(subject)).toEqual([
      `${ORDER} 6: it says that version 1 of this object was published before it, and 2 has arrived`,
    ]);
    await bus.follow(...puts(subject, 3, 4));
    expect(await effects(subject)).toEqual(everywhere(1, 2, 3, 4));
    expect(await context.listener.release(ORDER, subject)).toBe(1);
    await bus.follow(...puts(subject, 5));
    expect(await effects(subject)).toEqual(everywhere(1, 2, 3, 4, 5));
  });

  it('is no longer early when another instance has handled what was missing', async () => {
    const subject = uuidv7();
    const { opened: other, hands } = await instance();
    try {
      await bus.follow(put(subject, 1));
      await hands.follow(put(subject, 2), put(subject, 3));
      await bus.follow(put(subject, 4));
      await hands.follow(put(subject, 5));
      expect(await effects(subject)).toEqual(everywhere(1, 2, 3, 4, 5));
      expect(await parked(subject)).toEqual([]);
    } finally {
      await other.stop();
      await other.close();
    }
  });

  it('counts from where it was for a context that had listened before anybody counted', async () => {
    const [old, fresh] = [uuidv7(), uuidv7()];
    await context.database.query(`INSERT INTO followed VALUES ('*', '00000000-0000-0000-0000-000000000000', 0)`);
    try {
      await restart();
      await bus.follow(put(old, 5), put(old, 6), put(fresh, 1), put(old, 9));
      expect(await effects(old)).toEqual(everywhere(5, 6));
      expect(await parked(old)).toEqual([`${ORDER} 9: ${missing(8, 6)}`]);
    } finally {
      await context.database.query(`DELETE FROM followed WHERE source = '*'`);
      await restart();
    }
  });

  it('is told by the inbox where somebody takes every event, and nothing else is written', async () => {
    const subject = uuidv7();
    const follow = (...sequences: number[]) =>
      bus.subscription('directory').follow!(sequences.map((sequence) => stepOf(put(subject, sequence, 'x', 'directory'))));
    await follow(1, 2, 4);
    await restart();
    expect(await parked(subject)).toEqual([`order of directory 4: ${missing(3, 2)}`]);
    await follow(3, 5);
    expect(await parked(subject)).toEqual([]);
    const marks = await context.database.query(`SELECT sequence FROM inbox WHERE consumer = 'standing' AND stream = $1`, [subject]);
    expect(marks).toHaveLength(5);
    expect(await context.database.query('SELECT 1 FROM followed WHERE stream = $1', [subject])).toEqual([]);
  });
});

describe('an event that was followed already', () => {
  it('is dropped, also by those who have never seen it', async () => {
    const subject = uuidv7();
    await bus.follow(dust(subject, 1), put(subject, 2));
    await bus.follow(put(subject, 1), put(subject, 2), put(subject, 1));
    expect(await effects(subject)).toEqual(everywhere(2));
  });

  it('comes again as a whole when the machinery failed under it', async () => {
    const subject = uuidv7();
    let lost = false;
    trouble.set('titles', () => {
      if (lost) return;
      lost = true;
      throw Object.assign(new Error('gone'), { code: '57P01' });
    });
    await expect(bus.follow(...puts(subject, 1, 2))).rejects.toThrow('gone');
    await bus.follow(...puts(subject, 1, 2));
    expect(await effects(subject)).toEqual(everywhere(1, 2));
  });
});
