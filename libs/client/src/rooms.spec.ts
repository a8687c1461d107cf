import type { CloudEvent, JoinAnswer, JoinRequest } from '@concord/contracts';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { connectRooms, type Rooms, type RoomsOptions } from './rooms.js';

const room = 'public';
const event = (offset: number) =>
  ({
    id: `x/${offset}`,
    source: '/concord/x',
    type: 't',
    subject: 'x',
    time: '',
    sequence: offset,
    previous: 0,
    data: {},
  }) satisfies CloudEvent;

/** A list that can be waited for. */
class Seen<T> {
  readonly all: T[] = [];
  private readonly waiting: { count: number; resolve: () => void }[] = [];
  add(one: T): void {
    this.all.push(one);
    for (const { count, resolve } of this.waiting) if (this.all.length >= count) resolve();
  }
  async count(count: number): Promise<T[]> {
    if (this.all.length < count) await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
    return this.all;
  }
}

describe('rooms', () => {
  let http: HttpServer;
  let io: Server;
  let baseUrl: string;
  let open: Rooms[] = [];
  let sockets: Seen<Socket>;
  let joins: Seen<{ request: JoinRequest; socket: Socket }>;
  let answers: (JoinAnswer | 'silence')[];

  beforeEach(async () => {
    sockets = new Seen();
    joins = new Seen();
    answers = [];
    http = createServer();
    io = new Server(http, { path: '/realtime', transports: ['websocket'] });
    io.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('join', (request: JoinRequest, answer: (answer: JoinAnswer) => void) => {
        const next = answers.shift() ?? { status: 'joined', epoch: 'e', offset: request.offset ?? 0, events: [] };
        if (next !== 'silence') answer(next);
        joins.add({ request, socket });
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const rooms of open) rooms.close();
    open = [];
    await io.close();
  });
  const connect = (options: Partial<RoomsOptions> = {}): Rooms => {
    const rooms = connectRooms({ baseUrl, backOffMs: () => 5, ...options });
    open.push(rooms);
    return rooms;
  };
  const push = (socket: Socket, offset: number, epoch = 'e') => socket.emit('event', { room, epoch, offset, event: event(offset) });

  it('goes on after a drop where it was', async () => {
    const got = new Seen<number>();
    const rooms = connect();
    const membership = await rooms.join(room, (_event, { offset }) => got.add(offset));
    push(sockets.all[0]!, 1);
    push(sockets.all[0]!, 2);
    await got.count(2);
    answers = [{ status: 'joined', epoch: 'e', offset: 4, events: [3, 4].map((offset) => ({ offset, event: event(offset) })) }];
    sockets.all[0]!.conn.close();
    await got.count(4);
    expect(joins.all.map(({ request }) => request)).toEqual([{ room }, { room, epoch: 'e', offset: 2 }]);
    push(sockets.all[1]!, 5);
    expect(await got.count(5)).toEqual([1, 2, 3, 4, 5]);
    expect(membership.place).toEqual({ epoch: 'e', offset: 5 });
  });

  it('comes back with a fresh token when the server ended the connection', async () => {
    let tokens = 0;
    const rooms = connect({ token: async () => `t${(tokens += 1)}` });
    await rooms.join(room, () => undefined);
    sockets.all[0]!.emit('ended', { reason: 'expired' });
    sockets.all[0]!.disconnect(true);
    await joins.count(2);
    expect(sockets.all.map((socket) => (socket.handshake.auth as { token: string }).token)).toEqual(['t1', 't2']);
  });

  it('tries again after the server refused the token', async () => {
    let refusals = 0;
    io.use((_socket, next) => (refusals++ < 2 ? next(new Error('unauthenticated')) : next()));
    const status = new Seen<string>();
    const rooms = connect({ token: 't', onStatus: (now, reason) => status.add(`${now} ${reason ?? ''}`) });
    await rooms.join(room, () => undefined);
    expect(status.all).toEqual(['refused unauthenticated', 'refused unauthenticated', 'connected ']);
  });

  it('joins again at a hole, and once at a time', async () => {
    const got = new Seen<number>();
    await connect().join(room, (_event, { offset }) => got.add(offset), { epoch: 'e', offset: 0 });
    answers = [
      { status: 'joined', epoch: 'e', offset: 4, events: [1, 2, 3, 4].map((offset) => ({ offset, event: event(offset) })) },
    ];
    push(sockets.all[0]!, 3);
    push(sockets.all[0]!, 4);
    push(sockets.all[0]!, 5);
    await got.count(4);
    await joins.count(2);
    answers = [{ status: 'joined', epoch: 'e', offset: 6, events: [5, 6].map((offset) => ({ offset, event: event(offset) })) }];
    push(sockets.all[0]!, 6);
    expect(await got.count(6)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(joins.all).toHaveLength(3);
  });

  it('says when something cannot be had again', async () => {
    const resets = new Seen<unknown>();
    answers = [{ status: 'reset', epoch: 'f', offset: 9 }];
    await connect().join(room, () => undefined, { epoch: 'e', offset: 1, onReset: (place) => resets.add(place) });
    expect(resets.all).toEqual([{ epoch: 'f', offset: 9 }]);
    // Put out as too slow: it joins again, and nothing was lost.
    sockets.all[0]!.emit('reset', { room, epoch: 'f', offset: 9 });
    await joins.count(2);
    expect(joins.all[1]!.request).toEqual({ room, epoch: 'f', offset: 9 });
    expect(resets.all).toHaveLength(1);
  });

  it('rejects a join that is denied, and repeats one that is put off or not answered', async () => {
    const rooms = connect({ answerMs: 500 });
    answers = [{ status: 'denied', reason: 'forbidden' }];
    await expect(rooms.join(room, () => undefined)).rejects.toMatchObject({ name: 'JoinDenied', reason: 'forbidden' });
    answers = [{ status: 'denied', reason: 'unavailable' }, 'silence'];
    await rooms.join(room, () => undefined);
    expect(joins.all.length).toBeGreaterThanOrEqual(4);
  });

  it('says when the right was lost, and gives nothing more', async () => {
    const denied = new Seen<string>();
    const got: number[] = [];
    const rooms = connect();
    await rooms.join(room, (_event, { offset }) => got.push(offset), { onDenied: (reason) => denied.add(reason) });
    sockets.all[0]!.emit('denied', { room, reason: 'revoked' });
    push(sockets.all[0]!, 1);
    expect(await denied.count(1)).toEqual(['revoked']);
    await rooms.join(room, (_event, { offset }) => got.push(offset));
    expect(got).toEqual([]);
  });

  it('leaves, and ends for good', async () => {
    const left = new Seen<unknown>();
    const rooms = connect();
    const membership = await rooms.join(room, () => undefined);
    sockets.all[0]!.on('leave', (request: unknown) => left.add(request));
    membership.leave();
    expect(await left.count(1)).toEqual([{ room }]);
    answers = ['silence'];
    const waiting = rooms.join(room, () => undefined);
    await joins.count(2);
    rooms.close();
    await expect(waiting).rejects.toMatchObject({ reason: 'unavailable' });
    expect(rooms.connected).toBe(false);
  });
});
