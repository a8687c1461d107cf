import { ACCESS_ROOM, LeaveRequest, REALTIME_PATH, type CloudEvent } from '@concord/contracts';
import { roomSpan, type Database } from '@concord/platform';
import { hash } from 'node:crypto';
import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { Access } from './access.js';
import { Connection, type Caller } from './connection.js';
import { FeedReader } from './feed-reader.js';
import { feedSignal, type FeedSignal } from './feed.js';
import { answerText, Joining, type Answer } from './joining.js';
import { DEFAULT_LIMITS, type RealtimeLimits } from './limits.js';
import { joinedFrame } from './frame.js';
import { originAllowed } from './origin.js';
import { RoomFeed } from './room-feed.js';
import type { Entry, Room } from './room.js';

/** What the endpoint needs from its composition. */
export interface RealtimeOptions {
  readonly server: HttpServer;
  /** The gateway's own schema. */
  readonly db: Database;
  /** Who a token belongs to; undefined when it is not valid (any more). Real time. */
  authenticate(token: string): Promise<Omit<Caller, 'digest'> | undefined>;
  /** Whether the person has any role in the organisation now. */
  isMember(person: string, organisation: string): Promise<boolean>;
  /** Origins of foreign pages that may connect; the own host always may. */
  readonly origins: readonly string[];
  /** Told of what went wrong inside; readers only hear `unavailable`. */
  failed?(error: unknown): void;
  readonly limits?: Partial<RealtimeLimits>;
  /** Where the feed says that it has grown; the process's own when absent. */
  readonly signal?: FeedSignal;
}

const PRUNE_EVERY_POLLS = 60;
const PRUNE_ROWS = 1_000;
/** Characters of events that go to a reader in one write: more would make slow readers of quick ones. */
const WRITE_CHARACTERS_MAX = 64 * 1024;
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The realtime endpoint: rooms with durable offsets over websockets. */
export class Realtime {
  private readonly io: Server;
  private readonly feed: RoomFeed;
  private readonly access: Access;
  private readonly joining: Joining;
  private readonly reader: FeedReader;
  private readonly limits: RealtimeLimits;
  private readonly connections = new Set<Connection>();
  private readonly byPerson = new Map<string, Set<Connection>>();
  private readonly silence: () => void;
  private readonly timer: NodeJS.Timeout;
  private accessRoom: Room | undefined;
  private polls = 0;
  private polling: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: RealtimeOptions) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.reader = new FeedReader(options.db);
    this.access = new Access((person, organisation) => options.isMember(person, organisation));
    this.feed = new RoomFeed(this.reader, {
      arrived: (room, entries) => this.arrived(room, entries),
      broken: (room) => this.broken(room),
      failed: (error) => options.failed?.(error),
    });
    this.joining = new Joining(this.access, this.feed, this.reader, this.limits);
    this.io = this.attach(options.server);
    this.silence = (options.signal ?? feedSignal).listen((growth) => this.feed.grown(growth));
    this.timer = setInterval(() => (this.polling = this.poll()), this.limits.pollMs);
    this.timer.unref();
    this.polling = this.poll();
  }

  /** Sockets and open rooms of this instance, for metrics. */
  get size(): { readonly sockets: number; readonly rooms: number } {
    return { sockets: this.connections.size, rooms: this.feed.size };
  }

  /** Resolves when every open room is level with the table. */
  async settled(): Promise<void> {
    await this.poll();
  }

  /** Ends every connection; the HTTP server stays. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    this.silence();
    this.io.disconnectSockets(true);
    this.io.engine.close();
    await this.polling;
  }

  private attach(server: HttpServer): Server {
    const io = new Server({
      path: REALTIME_PATH,
      transports: ['websocket'],
      serveClient: false,
      perMessageDeflate: false,
      maxHttpBufferSize: this.limits.frameBytesMax,
      connectTimeout: 10_000,
      allowRequest: (request, decide) => {
        const full = this.connections.size >= this.limits.socketsMax;
        decide(full ? 'too many connections' : null, !full && originAllowed(request, this.options.origins));
      },
    });
    io.use((socket, next) => void this.admit(socket).then(() => next(), next));
    io.on('connection', (socket) => this.connected(socket));
    io.attach(server);
    return io;
  }

  /** Checks the token of a handshake. Without one the reader is anonymous and sees what everybody sees. */
  private async admit(socket: Socket): Promise<void> {
    const { token } = socket.handshake.auth as { token?: unknown };
    if (token === undefined || token === null) return;
    // Until the room of revocations is followed, a right could end unnoticed: nobody with rights is let in before.
    await this.polling;
    if (!this.accessRoom) throw new Error('unavailable');
    const caller = typeof token === 'string' && token.length <= 8192 ? await this.callerOf(token) : undefined;
    if (!caller) throw new Error('unauthenticated');
    (socket.data as { caller?: Caller }).caller = caller;
  }

  private async callerOf(token: string): Promise<Caller | undefined> {
    try {
      const known = await this.options.authenticate(token);
      return known && { ...known, digest: hash('sha256', token) };
    } catch (error) {
      this.options.failed?.(error);
      throw new Error('unavailable', { cause: error });
    }
  }

  private connected(socket: Socket): void {
    const { caller } = socket.data as { caller?: Caller };
    const connection = new Connection(socket, caller);
    this.connections.add(connection);
    const stop = this.expireInTime(connection);
    socket.on('join', (request: unknown, answer: unknown) => {
      if (typeof answer === 'function') void this.join(connection, request, connection.answering(answer));
    });
    socket.on('leave', (request: unknown, answer: unknown) => {
      const asked = LeaveRequest.safeParse(request);
      if (asked.success) this.leave(connection, asked.data.room);
      if (typeof answer === 'function') (answer as (answer: unknown) => void)({ status: asked.success ? 'left' : 'denied' });
    });
    socket.on('disconnect', () => {
      stop();
      for (const room of [...connection.rooms.keys()]) this.leave(connection, room);
      this.connections.delete(connection);
      if (caller) this.forget(caller.subject.person, connection);
    });
    if (!caller) return;
    const own = this.byPerson.get(caller.subject.person) ?? new Set();
    this.byPerson.set(caller.subject.person, own.add(connection));
    // It may have been ended while the handshake was on its way.
    if (this.access.isOver(caller)) connection.end('revoked');
  }

  private forget(person: string, connection: Connection): void {
    const own = this.byPerson.get(person);
    own?.delete(connection);
    if (own?.size === 0) this.byPerson.delete(person);
  }

  /** Ends the connection when its token expires. Returns how to call that off. */
  private expireInTime(connection: Connection): () => void {
    if (!connection.caller) return () => undefined;
    const inMs = connection.caller.expiresAtMs - Date.now();
    const timer = setTimeout(() => connection.end('expired'), Math.min(Math.max(inMs, 0), TIMER_MS_MAX));
    timer.unref();
    return () => clearTimeout(timer);
  }

  private async join(connection: Connection, request: unknown, answer: Answer): Promise<void> {
    try {
      // Nobody is let in before the gateway itself hears who loses the right to be there.
      await this.listening();
      await this.joining.join(connection, request, answer);
    } catch (error) {
      this.options.failed?.(error);
      answer(answerText({ status: 'denied', reason: 'unavailable' }));
    }
  }

  private leave(connection: Connection, name: string): void {
    const room = connection.rooms.get(name);
    if (!room) return;
    connection.rooms.delete(name);
    room.members.delete(connection);
    this.feed.drop(room);
  }

  private arrived(room: Room, entries: readonly Entry[]): void {
    if (room.name === ACCESS_ROOM) {
      for (const { body } of entries) this.accessChanged(JSON.parse(body) as CloudEvent);
      return;
    }
    if (room.members.size === 0) return;
    for (const { offset, body } of entries) roomSpan(room.name, offset, room.members.size, body);
    for (const some of inWrites(entries)) {
      const frame = joinedFrame(some.map((entry) => entry.frame(room)));
      for (const [connection, buffer] of room.members) {
        if (buffer) buffer.push(...some);
        else if (connection.backlog.bytes + frame.wire.length > this.limits.backlogBytesMax) this.tooSlow(connection);
        else connection.write(frame);
      }
    }
  }

  /** The reader does not keep up: it leaves all its rooms, and hears so when it has read what is under way. */
  private tooSlow(connection: Connection): void {
    for (const [name, room] of [...connection.rooms]) {
      this.leave(connection, name);
      connection.reset({ room: name, epoch: room.epoch, offset: room.head });
    }
  }

  private broken(room: Room): void {
    for (const connection of room.members.keys()) {
      connection.rooms.delete(room.name);
      connection.reset({ room: room.name, epoch: room.epoch, offset: room.head });
    }
    room.members.clear();
    if (room.name !== ACCESS_ROOM) return;
    // Changes of rights may have been missed: whoever has any proves them anew.
    this.accessRoom = undefined;
    for (const connection of this.connections) if (connection.caller) connection.end('revoked');
  }

  private accessChanged(event: CloudEvent): void {
    const { person, leaves, ended } = this.access.changed(event);
    for (const connection of this.byPerson.get(person) ?? []) {
      connection.generation += 1;
      const { session, digest } = connection.caller!;
      if (ended.has(digest) || (session !== undefined && ended.has(session))) connection.end('revoked');
      else if (leaves !== undefined && connection.rooms.has(`organisation:${leaves}`)) {
        this.leave(connection, `organisation:${leaves}`);
        connection.denied({ room: `organisation:${leaves}`, reason: 'revoked' });
      }
    }
  }

  /** Holds the access room, for ever: the gateway itself is a reader of it. */
  private async listening(): Promise<void> {
    this.accessRoom ??= await this.feed.hold(ACCESS_ROOM);
  }

  private async poll(): Promise<void> {
    if (this.closed) return;
    try {
      await this.listening();
      await this.feed.poll();
      if (this.polls++ % PRUNE_EVERY_POLLS === 0) await this.reader.prune(this.limits.historyDays, PRUNE_ROWS);
    } catch (error) {
      this.options.failed?.(error);
    }
  }
}

/** Entries in their order, cut into what is written at once: one write of several events costs little more than one of one. */
function inWrites(entries: readonly Entry[]): Entry[][] {
  const writes: Entry[][] = [];
  let characters = 0;
  for (const entry of entries) {
    characters += entry.body.length;
    const last = writes.at(-1);
    if (last && characters <= WRITE_CHARACTERS_MAX) last.push(entry);
    else {
      writes.push([entry]);
      characters = entry.body.length;
    }
  }
  return writes;
}
