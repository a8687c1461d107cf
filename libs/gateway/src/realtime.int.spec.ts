import { DIRECTORY_EVENTS, NO_EPOCH, roomsOf, type JoinAnswer, type RoomEvent } from '@concord/contracts';
import { uuidv7, type Database, type PublicEvent } from '@concord/platform';
import { signal, startConcord, type TestConcord } from '@concord/testing';
import { hash } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import type { Caller } from './connection.js';
import { FeedSignal, writeFeed } from './feed.js';
import { gateway } from './gateway.service.js';
import type { RealtimeLimits } from './limits.js';
import { Realtime } from './realtime.js';

const WAIT_MS_MAX = 20_000;

/** Raw socket.io client of one spec: records what it is sent, and waits for conditions on it. */
class Reader {
  readonly events: RoomEvent[] = [];
  readonly resets: { room: string; epoch: string; offset: number }[] = [];
  readonly denials: { room: string; reason: string }[] = [];
  status = 'connecting';
  ended: string | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(readonly socket: Socket) {
    const note = (run: () => void) => {
      run();
      this.check();
    };
    socket.on('connect', () => note(() => (this.status = 'connected')));
    socket.on('disconnect', (reason) => note(() => (this.status = `disconnected: ${reason}`)));
    socket.on('connect_error', (error) => note(() => (this.status = `refused: ${error.message}`)));
    socket.on('event', (event: RoomEvent) => note(() => this.events.push(event)));
    socket.on('reset', (reset: Reader['resets'][number]) => note(() => this.resets.push(reset)));
    socket.on('denied', (denial: Reader['denials'][number]) => note(() => this.denials.push(denial)));
    socket.on('ended', ({ reason }: { reason: string }) => note(() => (this.ended = reason)));
  }

  /** Resolves when the condition holds after some message; fails with what was seen last. */
  until(holds: () => boolean, what: string): Promise<this> {
    return new Promise((resolve, reject) => {
      const gone = AbortSignal.timeout(WAIT_MS_MAX);
      const check = () => {
        if (!holds()) return;
        this.waiting.delete(check);
        resolve(this);
      };
      gone.addEventListener('abort', () => {
        if (!this.waiting.delete(check)) return;
        const { status, events, resets, denials, ended } = this;
        const seen = { status, events: events.length, last: events.at(-1), resets, denials, ended };
        reject(new Error(`waited for ${what}; last status: ${JSON.stringify(seen)}`));
      });
      this.waiting.add(check);
      check();
    });
  }

  /** Looks at the conditions again, for those that do not depend on messages alone. */
  check(): void {
    for (const check of [...this.waiting]) check();
  }

  connected(): Promise<this> {
    return this.until(() => this.status === 'connected', 'a connection');
  }

  /** Resolves when the event with this offset was received. */
  received(room: string, offset: number): Promise<this> {
    return this.until(() => this.events.some((one) => one.room === room && one.offset === offset), `${room} ${offset}`);
  }

  offsets(room: string): number[] {
    return this.events.filter((one) => one.room === room).map(({ offset }) => offset);
  }

  async join(request: unknown): Promise<JoinAnswer> {
    return (await this.socket.timeout(WAIT_MS_MAX).emitWithAck('join', request)) as JoinAnswer;
  }
}

const NEED = '0197a000-0000-7000-8000-000000000001';
const room = `need:${NEED}`;
let sequence = 0;
/** Marks of a write of its own, so that none takes another's events for its copies. */
const mark = (): string => `spec ${uuidv7()}`;

/** A public event that goes into the room of a need. */
const happened = (needId = NEED, more: Record<string, unknown> = {}): PublicEvent => {
  const subject = uuidv7();
  sequence += 1;
  return {
    specversion: '1.0',
    id: `${subject}/1`,
    source: '/concord/pledges',
    type: 'concord.pledges.LineMinimumReached',
    subject,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    dataschema: 'LineMinimumReached/1',
    sequence: 1,
    previous: 0,
    correlationid: 'spec',
    data: { needId, confirmed: sequence, ...more },
  };
};
const aboutAccess = (kind: string, subject: string, data: Record<string, unknown>): PublicEvent => ({
  ...happened(),
  type: `concord.directory.${kind}`,
  subject,
  data,
});

describe('realtime', () => {
  let concord: TestConcord;
  let db: Database;
  const started: { realtime: Realtime; http: HttpServer; sockets: Socket[] }[] = [];
  const callers = new Map<string, Omit<Caller, 'digest'>>();
  const members = new Set<string>();
  const faults: unknown[] = [];

  beforeAll(async () => {
    concord = await startConcord({ services: [gateway], sources: { directory: DIRECTORY_EVENTS } });
    db = concord.platform.context('gateway').database;
  });
  afterEach(async () => {
    for (const { realtime, http, sockets } of started.splice(0)) {
      for (const socket of sockets) socket.disconnect();
      await realtime.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    }
    await db.query('TRUNCATE rooms, feed');
    callers.clear();
    members.clear();
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(() => concord.stop());

  async function start(
    limits: Partial<RealtimeLimits> = {},
    more: { isMember?: (key: string) => Promise<boolean>; db?: Database } = {},
  ) {
    const http = createServer();
    const signal = new FeedSignal();
    const realtime = new Realtime({
      server: http,
      db: more.db ?? db,
      signal,
      authenticate: async (token) => callers.get(token),
      isMember: async (person, organisation) =>
        (more.isMember ?? (async (key: string) => members.has(key)))(`${person}/${organisation}`),
      origins: ['https://friend.example'],
      failed: (error) => faults.push(error),
      limits,
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    const sockets: Socket[] = [];
    started.push({ realtime, http, sockets });
    const reader = (token?: string, options: { origin?: string } = {}) => {
      const socket = io(`http://127.0.0.1:${port}`, {
        path: '/realtime',
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth: token === undefined ? {} : { token },
        ...(options.origin !== undefined && { extraHeaders: { origin: options.origin } }),
      });
      sockets.push(socket);
      return new Reader(socket);
    };
    const write = async (...events: PublicEvent[]) => {
      const written = await writeFeed(mark(), events, db);
      signal.grown({ rooms: new Set(events.flatMap(roomsOf)), written });
    };
    return { realtime, reader, write, signal };
  }
  const signIn = (person: string, more: Partial<Omit<Caller, 'digest'>> = {}): string => {
    const token = `token-${person}-${callers.size}`;
    callers.set(token, {
      subject: { person, platformRoles: [], roles: [] },
      expiresAtMs: Date.now() + 3_600_000,
      session: uuidv7(),
      ...more,
    });
    return token;
  };

  describe('joining', () => {
    it('gives what comes from now on, once and in order', async () => {
      const { reader, write } = await start();
      await write(happened(), happened());
      const one = await reader().connected();
      expect(await one.join({ room })).toMatchObject({ status: 'joined', offset: 2, events: [] });
      await write(happened(), happened(), happened());
      await one.received(room, 5);
      expect(one.offsets(room)).toEqual([3, 4, 5]);
      expect(one.events[0]).toMatchObject({
        room,
        offset: 3,
        event: { type: 'concord.pledges.LineMinimumReached', data: { needId: NEED } },
      });
    });

    it('replays from memory and from the table', async () => {
      const first = await start();
      const one = await first.reader().connected();
      const answer = await one.join({ room });
      expect(answer).toEqual({ status: 'joined', epoch: NO_EPOCH, offset: 0, events: [] });
      await first.write(happened(), happened(), happened());
      await one.received(room, 3);
      const { epoch } = one.events[0]!;
      for (const { reader } of [first, await start()]) {
        const back = await (await reader().connected()).join({ room, epoch, offset: 1 });
        expect(back).toMatchObject({ status: 'joined', epoch, offset: 3, events: [{ offset: 2 }, { offset: 3 }] });
      }
    });

    it('reads the table once for everyone who comes back at one place, and from memory after that', async () => {
      const writer = await start();
      await writer.write(happened(), happened(), happened());
      const { epoch } = (await (await writer.reader().connected()).join({ room })) as { epoch: string };
      let readings = 0;
      const [begun, held] = [signal(), signal()];
      const query = async <R>(sql: string, parameters?: readonly unknown[]): Promise<R[]> => {
        if (sql.includes('FROM feed f JOIN rooms')) {
          readings += 1;
          begun.give();
          await held.given;
        }
        return db.query<R>(sql, parameters);
      };
      const { reader, write } = await start({}, { db: { query } });
      const crowd = await Promise.all(Array.from({ length: 10 }, () => reader().connected()));
      const answers = Promise.all(crowd.map((one) => one.join({ room, epoch, offset: 1 })));
      await begun.given;
      // What happens during the reading comes after the answer, or with that of whoever asked later; once.
      await write(happened());
      held.give();
      const numbers = (answer: JoinAnswer): number[] =>
        (answer as { events: { offset: number }[] }).events.map(({ offset }) => offset);
      for (const [n, answer] of (await answers).entries()) {
        const one = crowd[n]!;
        if (!numbers(answer).includes(4)) await one.received(room, 4);
        expect([...numbers(answer), ...one.offsets(room)]).toEqual([2, 3, 4]);
      }
      const late = await reader().connected();
      expect(numbers(await late.join({ room, epoch, offset: 1 }))).toEqual([2, 3, 4]);
      expect(numbers(await late.join({ room, epoch, offset: 2 }))).toEqual([3, 4]);
      expect(readings).toBe(1);
      // Below what is in memory the table is read again, and joined to it.
      expect(numbers(await late.join({ room, epoch, offset: 0 }))).toEqual([1, 2, 3, 4]);
      expect(readings).toBe(2);
    });

    it('goes on from a room in which nothing had happened', async () => {
      const { reader, write } = await start();
      await write(happened(), happened());
      const answer = await (await reader().connected()).join({ room, epoch: NO_EPOCH, offset: 0 });
      expect(answer).toMatchObject({ status: 'joined', offset: 2, events: [{ offset: 1 }, { offset: 2 }] });
    });

    it('resets where it cannot replay: foreign epoch, foreign offset, too long a gap, too many bytes, trimmed history', async () => {
      const { reader, write, realtime } = await start({ replayEventsMax: 4, replayBytesMax: 20_000 });
      await write(...Array.from({ length: 6 }, () => happened()));
      const [{ epoch } = { epoch: '' }] = await db.query<{ epoch: string }>('SELECT epoch FROM rooms WHERE room = $1', [room]);
      const one = await reader().connected();
      const reset = { status: 'reset', epoch, offset: 6 };
      expect(await one.join({ room, epoch: 'another', offset: 6 })).toEqual(reset);
      expect(await one.join({ room, epoch, offset: 7 })).toEqual(reset);
      expect(await one.join({ room, epoch, offset: 1 })).toEqual(reset);
      expect(await one.join({ room, epoch, offset: 2 })).toMatchObject({ status: 'joined', events: [{}, {}, {}, {}] });
      await db.query('DELETE FROM feed WHERE room = $1 AND room_offset = 4', [room]);
      expect(await (await (await start()).reader().connected()).join({ room, epoch, offset: 3 })).toEqual(reset);
      await write(happened(NEED, { pad: 'x'.repeat(30_000) }));
      await realtime.settled();
      expect(await one.join({ room, epoch, offset: 6 })).toEqual({ ...reset, offset: 7 });
      // After a reset the reader is in the room.
      await write(happened());
      await one.received(room, 8);
    });

    it('reads what another instance wrote, without its signals', async () => {
      const writer = await start();
      const { reader } = await start({ pollMs: 20 });
      const one = await reader().connected();
      await one.join({ room });
      await writer.write(happened(), happened());
      await one.received(room, 2);
      expect(one.offsets(room)).toEqual([1, 2]);
    });

    it('sends nobody back to where it stands itself while it cannot read: another instance has shown more', async () => {
      const writer = await start();
      await writer.write(happened());
      let away = false;
      const fault = Object.assign(new Error('the server is gone'), { code: '57P01' });
      const underWay = new Set<Promise<unknown>>();
      const query = <R>(sql: string, parameters?: readonly unknown[]): Promise<R[]> => {
        if (away && sql.includes('rooms')) return Promise.reject(fault);
        const rows = db.query<R>(sql, parameters);
        underWay.add(rows);
        return rows.finally(() => underWay.delete(rows));
      };
      const { reader } = await start({ pollMs: 50 }, { db: { query } });
      const one = await reader().connected();
      const first = await one.join({ room });
      const { epoch } = first as { epoch: string };
      expect(first).toMatchObject({ status: 'joined', offset: 1 });
      away = true;
      // A poll that asked before may still see what is written now.
      await Promise.allSettled(underWay);
      await writer.write(happened());
      expect(await one.join({ room, epoch, offset: 2 })).toEqual({ status: 'denied', reason: 'unavailable' });
      away = false;
      expect(await one.join({ room, epoch, offset: 2 })).toEqual({ status: 'joined', epoch, offset: 2, events: [] });
      await writer.write(happened());
      await one.received(room, 3);
      expect(one.resets).toEqual([]);
      expect(new Set(faults.splice(0))).toEqual(new Set([fault]));
    });

    it('tells the readers of a room whose history was replaced', async () => {
      const { reader, write, realtime } = await start();
      await write(happened());
      const one = await reader().connected();
      await one.join({ room });
      await db.query(`UPDATE rooms SET epoch = 'restored'`);
      await realtime.settled();
      await one.until(() => one.resets.length === 1, 'a reset');
      expect(await one.join({ room })).toMatchObject({ status: 'joined', epoch: 'restored', offset: 1 });
    });

    it('hears of what the contexts publish', async () => {
      const http = createServer();
      const realtime = new Realtime({
        server: http,
        db,
        authenticate: async () => undefined,
        isMember: async () => false,
        origins: [],
        failed: (error) => faults.push(error),
      });
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
      const socket = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
        path: '/realtime',
        transports: ['websocket'],
      });
      started.push({ realtime, http, sockets: [socket] });
      const one = await new Reader(socket).connected();
      await one.join({ room: 'public' });
      const organisation = uuidv7();
      const validUntil = '2028-01-01T00:00:00.000Z';
      const [, , , , verified] = DIRECTORY_EVENTS;
      await concord.publish('directory', organisation, verified({ validUntil }));
      await one.received('public', 1);
      expect(one.events[0]!.event).toMatchObject({
        type: 'concord.directory.OrganisationVerified',
        subject: organisation,
        data: { validUntil },
      });
    });
  });

  describe('rights', () => {
    const person = uuidv7();
    const organisation = uuidv7();

    it('keep strangers out of the rooms of people and organisations', async () => {
      const { reader, write } = await start();
      members.add(`${person}/${organisation}`);
      const stranger = await reader(signIn(uuidv7())).connected();
      const anonymous = await reader().connected();
      for (const one of [stranger, anonymous]) {
        for (const id of [organisation, uuidv7()]) {
          expect(await one.join({ room: `organisation:${id}` })).toEqual({ status: 'denied', reason: 'forbidden' });
        }
        expect(await one.join({ room: `person:${person}` })).toEqual({ status: 'denied', reason: 'forbidden' });
        expect(await one.join({ room: 'public' })).toMatchObject({ status: 'joined' });
      }
      const member = await reader(signIn(person)).connected();
      expect(await member.join({ room: `organisation:${organisation}` })).toMatchObject({ status: 'joined' });
      expect(await member.join({ room: `person:${person}` })).toMatchObject({ status: 'joined' });
      await write(aboutAccess('VerificationRequested', organisation, {}));
      await member.received(`organisation:${organisation}`, 1);
      expect([...stranger.events, ...anonymous.events]).toEqual([]);
    });

    it('let an API token into its own organisation only', async () => {
      const { reader } = await start();
      const other = uuidv7();
      members.add(`${person}/${organisation}`).add(`${person}/${other}`);
      const subject = { person, platformRoles: [], roles: [], organisation, scopes: ['read'] };
      const one = await reader(signIn(person, { subject })).connected();
      expect(await one.join({ room: `organisation:${organisation}` })).toMatchObject({ status: 'joined' });
      expect(await one.join({ room: `organisation:${other}` })).toEqual({ status: 'denied', reason: 'forbidden' });
    });

    it.each([
      null,
      'public',
      {},
      { room: 'access' },
      { room: 'PUBLIC' },
      { room: 'need:../etc' },
      { room, offset: 1 },
      { room, epoch: 'x', offset: -1 },
      { room, epoch: 'x', offset: 0.5 },
      { room, epoch: 'x', offset: '1' },
      { room, __proto__: { admin: true }, admin: true },
    ])('refuse the malformed join %j', async (request) => {
      const { reader } = await start();
      expect(await (await reader().connected()).join(request)).toEqual({ status: 'denied', reason: 'invalid' });
    });

    it('refuse a token that is not valid, and a foreign page', async () => {
      const { reader } = await start();
      const bad = reader('forged');
      await bad.until(() => bad.status === 'refused: unauthenticated', 'a refusal');
      const foreign = reader(undefined, { origin: 'https://evil.example' });
      await foreign.until(() => foreign.status.startsWith('refused'), 'a refusal');
      await reader(undefined, { origin: 'https://friend.example' }).connected();
    });

    it('end with the token', async () => {
      const { reader } = await start();
      const one = await reader(signIn(person, { expiresAtMs: Date.now() + 300 })).connected();
      await one.until(() => one.status.startsWith('disconnected'), 'the end of the connection');
      expect(one.ended).toBe('expired');
    });

    it('end with the membership, while the reader is in the room', async () => {
      const { reader, write, realtime } = await start();
      members.add(`${person}/${organisation}`);
      const name = `organisation:${organisation}`;
      const one = await reader(signIn(person)).connected();
      const { epoch } = (await one.join({ room: name })) as { epoch: string };
      await write(
        aboutAccess('MembershipRevoked', organisation, { personId: person }),
        aboutAccess('VerificationRequested', organisation, {}),
      );
      await one.until(() => one.denials.length === 1, 'the denial');
      expect(one.denials).toEqual([{ room: name, reason: 'revoked' }]);
      // The table of memberships still says yes: what the event said holds.
      expect(await one.join({ room: name, epoch, offset: 0 })).toEqual({ status: 'denied', reason: 'forbidden' });
      await write(aboutAccess('VerificationRequested', organisation, {}));
      expect(await one.join({ room: 'public' })).toMatchObject({ status: 'joined' });
      const later = one.events.filter((event) => event.room === name && event.event.type.endsWith('VerificationRequested'));
      expect(later).toEqual([]);
      await write(aboutAccess('MembershipGranted', organisation, { personId: person, roles: ['viewer'] }));
      await realtime.settled();
      expect(await one.join({ room: name })).toMatchObject({ status: 'joined' });
    });

    it('end before anything that came after, whatever the signals say', async () => {
      const { reader, signal, write } = await start();
      const member = uuidv7();
      const name = `organisation:${organisation}`;
      members.add(`${person}/${organisation}`).add(`${member}/${organisation}`);
      const one = await reader(signIn(person)).connected();
      const other = await reader(signIn(member)).connected();
      await one.join({ room: name });
      await other.join({ room: name });
      const after = aboutAccess('VerificationRequested', organisation, {});
      const revoked = Array.from({ length: 1_100 }, (_, n) =>
        aboutAccess('MembershipRevoked', organisation, { personId: n === 1_099 ? person : uuidv7() }),
      );
      await writeFeed(mark(), [...revoked, after], db);
      signal.grown({ rooms: new Set(roomsOf(after)) });
      await one.until(() => one.denials.length === 1, 'the denial');
      await other.received(name, 1_101);
      await write(happened());
      expect(one.offsets(name)).toEqual([]);
    });

    it('end before anything that came after, when this process wrote both and has not been told of the first', async () => {
      const { reader, write } = await start();
      const session = uuidv7();
      const one = await reader(signIn(person, { session })).connected();
      await one.join({ room });
      await writeFeed(mark(), [aboutAccess('SessionsEnded', person, { sessionIds: [session] })], db);
      await write(happened());
      await one.until(() => one.ended !== undefined, 'the end');
      expect(one.offsets(room)).toEqual([]);
    });

    it('end before anything of the same write', async () => {
      const { reader, write } = await start();
      const name = `organisation:${organisation}`;
      members.add(`${person}/${organisation}`);
      const one = await reader(signIn(person)).connected();
      await one.join({ room: name });
      await write(
        aboutAccess('VerificationRequested', organisation, {}),
        aboutAccess('MembershipRevoked', organisation, { personId: person }),
      );
      await one.until(() => one.denials.length === 1, 'the denial');
      expect(one.offsets(name)).toEqual([]);
    });

    it('that end during a join let nobody in', async () => {
      let asked!: () => void;
      const asking = new Promise<void>((resolve) => (asked = resolve));
      let say!: (member: boolean) => void;
      const { reader, write, realtime } = await start({}, { isMember: () => new Promise((resolve) => (asked(), (say = resolve))) });
      const one = await reader(signIn(person)).connected();
      const joining = one.join({ room: `organisation:${organisation}` });
      await asking;
      await write(aboutAccess('MembershipRevoked', organisation, { personId: person }));
      await realtime.settled();
      say(true);
      expect(await joining).toEqual({ status: 'denied', reason: 'forbidden' });
    });

    it('end with the session and with the API token, and with no other', async () => {
      const { reader, write } = await start();
      const session = uuidv7();
      const ended = await reader(signIn(person, { session })).connected();
      const apiToken = signIn(person);
      const revoked = await reader(apiToken).connected();
      const third = await reader(signIn(person)).connected();
      await write(aboutAccess('SessionsEnded', person, { sessionIds: [session] }));
      await ended.until(() => ended.ended === 'revoked', 'the end of the session');
      await write(aboutAccess('ApiTokenRevoked', person, { tokenId: uuidv7(), digest: hash('sha256', apiToken) }));
      await revoked.until(() => revoked.ended === 'revoked', 'the end of the token');
      expect(await third.join({ room: `person:${person}` })).toMatchObject({ status: 'joined' });
    });
  });

  describe('limits', () => {
    it('put a reader that does not read out of its rooms with a reset, and no other', async () => {
      const { reader, write, realtime } = await start({ backlogBytesMax: 1_000_000, replayBytesMax: 100_000 });
      const slow = await reader().connected();
      const quick = await reader().connected();
      await slow.join({ room });
      await quick.join({ room });
      const { engine } = slow.socket.io as unknown as {
        engine: { transport: { ws: { _socket: { pause(): void; resume(): void } } } };
      };
      engine.transport.ws._socket.pause();
      // Far more than the kernel's buffers take on both sides.
      const rounds = 70;
      for (let n = 1; n <= rounds; n += 1) {
        await write(happened(NEED, { pad: 'x'.repeat(300_000) }));
        await quick.received(room, n);
      }
      expect(realtime.size.sockets).toBe(2);
      engine.transport.ws._socket.resume();
      await slow.until(() => slow.resets.length === 1, 'a reset');
      const got = slow.offsets(room);
      expect(got).toEqual(Array.from({ length: got.length }, (_, i) => i + 1));
      expect(got.length).toBeLessThan(rounds);
      const { epoch } = slow.events[0]!;
      expect(await slow.join({ room, epoch, offset: got.length })).toEqual({ status: 'reset', epoch, offset: rounds });
      await write(happened());
      await slow.received(room, rounds + 1);
    });

    it('deny joins that come too fast, and too many rooms', async () => {
      const { reader } = await start({ roomsMax: 3 });
      const one = await reader().connected();
      const rooms = Array.from({ length: 5 }, () => `need:${uuidv7()}`);
      for (const [n, name] of rooms.entries()) {
        expect(await one.join({ room: name })).toMatchObject(
          n < 3 ? { status: 'joined' } : { status: 'denied', reason: 'too_many' },
        );
      }
      const storm = await Promise.all(Array.from({ length: 100 }, () => one.join({ room: rooms[0] })));
      expect(storm.filter(({ status }) => status === 'denied').length).toBeGreaterThan(30);
      expect(one.status).toBe('connected');
    });

    it('end a connection that sends a megabyte, or a thousand frames', async () => {
      const { reader } = await start();
      const large = await reader().connected();
      large.socket.emit('join', { room: 'x'.repeat(1_000_000) });
      await large.until(() => large.status.startsWith('disconnected'), 'the end of the connection');
      const loud = await reader().connected();
      for (let n = 0; n < 1_000; n += 1) loud.socket.emit('noise', n);
      await loud.until(() => loud.status.startsWith('disconnected'), 'the end of the connection');
    });

    it('refuse a socket too many', async () => {
      const { reader } = await start({ socketsMax: 1 });
      await reader().connected();
      const second = reader();
      await second.until(() => second.status.startsWith('refused'), 'a refusal');
    });
  });

  it('gives every reader each offset once, or a reset, while readers join, drop and come back at random (F22)', async () => {
    const seed = Number(hash('sha256', uuidv7()).slice(0, 8).replace(/\D/gu, '7'));
    const random = randomFrom(seed);
    const { reader, write } = await start({ pollMs: 50 });
    const second = await start({ pollMs: 10 });
    const needs = Array.from({ length: 4 }, () => uuidv7());
    const total = 2_000;
    let writing = true;
    const readers = new Set<Reader>();
    const writer = (async () => {
      for (let n = 0; n < total; n += 10) {
        await write(...Array.from({ length: 10 }, () => happened(needs[Math.floor(random() * needs.length)]!)));
      }
      writing = false;
      for (const one of readers) one.check();
    })();
    const missed: string[] = [];
    let joins = 0;
    const wander = async (open: () => Reader, need: string) => {
      const name = `need:${need}`;
      let place = { epoch: NO_EPOCH, offset: 0 };
      while (writing) {
        const one = await open().connected();
        readers.add(one);
        const answer = await one.join({ room: name, ...place });
        joins += 1;
        if (answer.status === 'denied') throw new Error(`denied ${answer.reason}`);
        if (answer.status === 'reset') missed.push(`${name} reset at ${answer.offset} from ${JSON.stringify(place)}`);
        const replayed = answer.status === 'joined' ? answer.events.map(({ offset }) => offset) : [];
        const upTo = answer.offset + Math.floor(random() * 30);
        await one.until(() => !writing || (one.offsets(name).at(-1) ?? 0) >= upTo, `offset ${upTo} of ${name}`);
        const got = [...replayed, ...one.offsets(name)];
        const wanted = Array.from({ length: got.length }, (_, i) => place.offset + 1 + i);
        if (String(got) !== String(wanted)) missed.push(`${name} from ${place.offset}: ${got.join(',')}`);
        place = {
          epoch: answer.epoch === NO_EPOCH ? (one.events[0]?.epoch ?? NO_EPOCH) : answer.epoch,
          offset: place.offset + got.length,
        };
        one.socket.disconnect();
        readers.delete(one);
      }
    };
    await Promise.all([
      writer,
      ...needs.flatMap((need) => [wander(reader, need), wander(reader, need), wander(second.reader, need)]),
    ]);
    expect({ seed, missed }).toEqual({ seed, missed: [] });
    expect(joins).toBeGreaterThan(needs.length * 3);
  });

  it('passes on what it wrote itself without reading it, and reads what it was not told of', async () => {
    let readings = 0;
    const counting: Database = {
      query: (sql, parameters) => {
        if (sql.includes('CROSS JOIN LATERAL')) readings += 1;
        return db.query(sql, parameters);
      },
    };
    const { reader, write, realtime } = await start({}, { db: counting });
    const one = await reader().connected();
    await one.join({ room });
    await realtime.settled();
    const before = readings;
    await write(happened(), happened());
    await one.received(room, 2);
    expect(readings).toBe(before);
    await writeFeed(mark(), [happened()], db);
    await write(happened());
    await one.received(room, 4);
    expect(one.offsets(room)).toEqual([1, 2, 3, 4]);
    expect(readings).toBeGreaterThan(before);
  });

  it('puts what comes again under the same mark nowhere', async () => {
    const events = [happened(), happened()];
    const first = await writeFeed('spec', events, db);
    expect(first.rows.map(({ offset, body }) => [offset, JSON.parse(body).id])).toEqual(events.map(({ id }, n) => [n + 1, id]));
    const more = happened();
    const again = await writeFeed('spec', [...events, more], db);
    expect(again.rows.map(({ offset, body }) => [offset, JSON.parse(body).id])).toEqual([[3, more.id]]);
    expect((await writeFeed('spec', events, db)).rows).toEqual([]);
  });

  it('numbers every room without holes when several writers share rooms', async () => {
    const needs = Array.from({ length: 3 }, () => uuidv7());
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        writeFeed(mark(), [happened(needs[n % 3]), happened(needs[(n + 1) % 3]), happened(needs[n % 3])], db),
      ),
    );
    const rows = await db.query<{ room: string; n: number; first: number; last: number; head: number }>(
      `SELECT room, count(*)::int AS n, min(room_offset)::int AS first, max(room_offset)::int AS last, max(last_offset)::int AS head
         FROM feed JOIN rooms USING (room) GROUP BY room`,
    );
    expect(rows).toHaveLength(3);
    for (const { n, first, last, head } of rows) expect([first, last, head]).toEqual([1, n, n]);
  });
});

/** Mulberry32: a small generator with a seed that can be printed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
