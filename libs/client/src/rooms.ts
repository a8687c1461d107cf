import {
  REALTIME_PATH,
  type ConnectionEnded,
  type DenialReason,
  type JoinAnswer,
  type RoomDenied,
  type RoomEvent,
  type RoomReset,
} from '@concord/contracts';
import { io, type Socket } from 'socket.io-client';
import { current, type Given } from './client.js';
import { RoomState, type Place, type RoomHandlers } from './room-state.js';

/** How to reach the rooms, and as whom. */
export interface RoomsOptions {
  /** Where Concord is: `https://concord.example.org`. */
  readonly baseUrl: string;
  /** Asked for at every connection, so that an expired token is followed by a fresh one. */
  readonly token?: Given<string | undefined>;
  /** Pause before the n-th attempt (from 1) at what was put off, milliseconds. */
  readonly backOffMs?: (attempt: number) => number;
  /** How long an answer to a join may take, milliseconds. 10,000 when absent. */
  readonly answerMs?: number;
  /** Told when the connection comes and goes; `reason` says why it went or could not be made. */
  readonly onStatus?: (status: 'connected' | 'disconnected' | 'refused', reason?: string) => void;
}

/** From where to join, and what else to tell. */
export interface JoinOptions extends Partial<Place> {
  readonly onReset?: RoomHandlers['onReset'];
  /** The right to be in the room was lost after it had been there; nothing more will come. */
  readonly onDenied?: (reason: DenialReason) => void;
}

/** A room that was joined. */
export interface Membership {
  /** The last event seen: where a later `join` goes on. */
  readonly place: Place;
  leave(): void;
}

/** The server does not let this reader into the room. */
export class JoinDenied extends Error {
  constructor(
    readonly room: string,
    readonly reason: DenialReason,
  ) {
    super(`The room ${room} cannot be joined: ${reason}.`);
    this.name = 'JoinDenied';
  }
}

const FINAL: readonly DenialReason[] = ['invalid', 'forbidden', 'revoked', 'expired'];
const jitter = (attempt: number): number => Math.random() * Math.min(10_000, 250 * 2 ** (attempt - 1));

interface Joined {
  readonly room: string;
  readonly state: RoomState;
  readonly options: JoinOptions;
  readonly settle: { resolve(): void; reject(error: Error): void };
  joining: boolean;
  attempts: number;
}

/** A connection to the rooms. It comes back by itself and goes on where it was; the same event is never given twice. */
export class Rooms {
  private readonly socket: Socket;
  private readonly joined = new Map<string, Joined>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private refusals = 0;

  constructor(private readonly options: RoomsOptions) {
    const base = new URL(options.baseUrl);
    this.socket = io(base.origin, {
      path: `${base.pathname.replace(/\/+$/u, '')}${REALTIME_PATH}`,
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 200,
      reconnectionDelayMax: 5_000,
      auth: (send) => {
        current(options.token).then(
          (token) => send(token === undefined ? {} : { token }),
          // Without a token the server refuses what needs one, and says so.
          () => send({}),
        );
      },
    });
    this.listen();
  }

  /** Whether the connection stands now. */
  get connected(): boolean {
    return this.socket.connected;
  }

  /**
   * Joins a room. Without a place only what comes from now on is given: fetch the resource after this resolves, and ignore events
   * whose sequence is not above its ETag. Rejects with `JoinDenied` when this reader may not be in the room.
   */
  join(room: string, onEvent: RoomHandlers['onEvent'], options: JoinOptions = {}): Promise<Membership> {
    if (this.joined.has(room)) return Promise.reject(new Error(`The room ${room} is joined already.`));
    const { epoch, offset, onReset } = options;
    const place = epoch === undefined || offset === undefined ? undefined : { epoch, offset };
    return new Promise<Membership>((resolve, reject) => {
      const state = new RoomState({ onEvent, onReset }, () => this.enter(joined), place);
      const leave = () => this.leave(joined);
      const membership: Membership = {
        get place() {
          return state.place!;
        },
        leave,
      };
      const settle = { resolve: () => resolve(membership), reject };
      const joined: Joined = { room, state, options, settle, joining: false, attempts: 0 };
      this.joined.set(room, joined);
      if (this.socket.connected) this.enter(joined);
    });
  }

  /** Ends the connection for good. Joins still waiting are rejected. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const { room, settle } of this.joined.values()) settle.reject(new JoinDenied(room, 'unavailable'));
    this.joined.clear();
    this.socket.disconnect();
  }

  private listen(): void {
    const { socket } = this;
    socket.on('connect', () => {
      this.refusals = 0;
      this.options.onStatus?.('connected');
      for (const joined of this.joined.values()) {
        joined.joining = false;
        this.enter(joined);
      }
    });
    socket.on('disconnect', (reason) => {
      this.options.onStatus?.('disconnected', reason);
      // What the server ended does not come back by itself.
      if (reason === 'io server disconnect') this.later(() => socket.connect(), (this.refusals += 1));
    });
    socket.on('connect_error', (error) => {
      this.options.onStatus?.('refused', error.message);
      if (!socket.active) this.later(() => socket.connect(), (this.refusals += 1));
    });
    socket.on('event', ({ room, epoch, offset, event }: RoomEvent) => this.joined.get(room)?.state.take(epoch, offset, event));
    socket.on('reset', ({ room }: RoomReset) => {
      const joined = this.joined.get(room);
      if (joined) this.enter(joined);
    });
    socket.on('denied', ({ room, reason }: RoomDenied) => {
      const joined = this.joined.get(room);
      if (joined) this.denied(joined, reason);
    });
    socket.on('ended', ({ reason }: ConnectionEnded) => this.options.onStatus?.('refused', reason));
  }

  /** Asks to be let in, from where this reader is. One request at a time: its answer covers what made us ask again. */
  private enter(joined: Joined): void {
    if (joined.joining || !this.socket.connected) return;
    joined.joining = true;
    const { room, state } = joined;
    this.socket
      .timeout(this.options.answerMs ?? 10_000)
      .emit('join', { room, ...state.place }, (error: Error | null, answer: JoinAnswer) =>
        this.answered(joined, error ? undefined : answer),
      );
  }

  private answered(joined: Joined, answer: JoinAnswer | undefined): void {
    if (this.joined.get(joined.room) !== joined) return;
    joined.joining = false;
    if (answer === undefined || (answer.status === 'denied' && !FINAL.includes(answer.reason))) {
      joined.attempts += 1;
      this.later(() => this.enter(joined), joined.attempts);
    } else if (answer.status === 'denied') this.denied(joined, answer.reason);
    else {
      joined.attempts = 0;
      joined.state.answered(answer);
      joined.settle.resolve();
    }
  }

  private denied(joined: Joined, reason: DenialReason): void {
    this.joined.delete(joined.room);
    joined.settle.reject(new JoinDenied(joined.room, reason));
    joined.options.onDenied?.(reason);
  }

  private leave(joined: Joined): void {
    if (this.joined.get(joined.room) !== joined) return;
    this.joined.delete(joined.room);
    if (this.socket.connected) this.socket.emit('leave', { room: joined.room });
  }

  private later(run: () => void, attempt: number): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        run();
      },
      (this.options.backOffMs ?? jitter)(attempt),
    );
    this.timers.add(timer);
  }
}

/** Connects to the rooms. */
export const connectRooms = (options: RoomsOptions): Rooms => new Rooms(options);
