import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * What becomes of the bytes that go one way. `flows`: passed on. `held`: kept, and passed on when it is over, as by a net that is
 * away for a while. `lost`: thrown away, and the connection is cut once some were, so that nobody reads a stream with a hole.
 * `jitterMsMax`: each piece is late by a random time up to this. `bytesPerSecond`: no faster.
 */
export type Way = 'flows' | 'held' | 'lost' | { readonly jitterMsMax: number } | { readonly bytesPerSecond: number };

/** Both ways, and what becomes of who wants to connect: let through, or reset. */
export interface Weather {
  readonly toServer?: Way;
  readonly toClient?: Way;
  readonly refuses?: boolean;
}

/** A cut follows so long after the first byte that was lost: long enough for the server to have finished its answer. */
const CUT_AFTER_MS = 30;
/** More than this waiting in one direction, and the sender is not read any further. */
const WAITING_BYTES_MAX = 1024 * 1024;
const SLICES_PER_SECOND = 10;

/**
 * Ends a connection by a reset. One whose orderly end is on its way is closed: Node cannot reset it then, and would keep its handle, and the
 * process, for ever.
 */
export const cut = (socket: Socket): void => {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
};

/** One direction of a connection. */
class Lane {
  private readonly waiting: Buffer[] = [];
  private bytes = 0;
  private running = false;
  private ended = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly proxy: FaultProxy,
    private readonly way: () => Way,
  ) {
    from.on('data', (piece: Buffer) => {
      this.waiting.push(piece);
      this.bytes += piece.length;
      if (this.bytes > WAITING_BYTES_MAX) from.pause();
      void this.run();
    });
    from.on('end', () => {
      this.ended = true;
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    while (!this.to.destroyed && (this.waiting.length > 0 || this.ended)) {
      const way = this.way();
      if (way === 'held') await this.proxy.changed();
      else if (this.waiting.length > 0) await this.pass(this.waiting.shift()!, way);
      else {
        this.to.end();
        break;
      }
    }
    this.running = false;
  }

  private async pass(piece: Buffer, way: Exclude<Way, 'held'>): Promise<void> {
    this.bytes -= piece.length;
    if (this.bytes <= WAITING_BYTES_MAX) this.from.resume();
    if (way === 'lost') {
      this.proxy.bytesLost += piece.length;
      setTimeout(() => cut(this.to), CUT_AFTER_MS);
      return;
    }
    if (way === 'flows') return this.write(piece);
    if ('jitterMsMax' in way) {
      await delay(this.proxy.random() * way.jitterMsMax);
      return this.write(piece);
    }
    const slice = Math.max(1, Math.floor(way.bytesPerSecond / SLICES_PER_SECOND));
    for (let at = 0; at < piece.length; at += slice) {
      // When it is over, the rest goes at once.
      if (this.way() === way) await delay(1_000 / SLICES_PER_SECOND);
      await this.write(piece.subarray(at, at + slice));
    }
  }

  private async write(piece: Buffer): Promise<void> {
    if (this.to.destroyed || this.to.write(piece)) return;
    await Promise.race([once(this.to, 'drain'), once(this.to, 'close')]).catch(() => undefined);
  }
}

/** A TCP proxy on loopback in front of a server, through which the faults of a net can be had, one way or both. */
export class FaultProxy {
  /** Connections that were let through so far. */
  accepted = 0;
  /** Bytes thrown away so far. */
  bytesLost = 0;
  private weather: Weather = {};
  private readonly open = new Map<Socket, Socket>();
  private waiters: (() => void)[] = [];

  private constructor(
    private target: number,
    private readonly server: Server,
    /** From 0 up to, not including, 1; a spec gives a seeded one. */
    readonly random: () => number,
  ) {
    server.on('connection', (client: Socket) => this.join(client));
  }

  /** Begins to pass on to a loopback port, from one that it chooses, or from `port`. */
  static async start(
    target: number,
    options: { readonly port?: number; readonly random?: () => number } = {},
  ): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new FaultProxy(target, server, options.random ?? Math.random);
    server.listen(options.port ?? 0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** The port that clients connect to. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many connections are open through it. */
  get connections(): number {
    return this.open.size;
  }

  /** Sends the connections that come from now on to another port. */
  retarget(port: number): void {
    this.target = port;
  }

  /** Makes the weather, for open connections too. What is not said is fair. */
  make(weather: Weather): void {
    this.weather = weather;
    for (const done of this.waiters.splice(0)) done();
  }

  /** Ends every fault: what was held is passed on. */
  heal(): void {
    this.make({});
  }

  /** Resets open connections (RST), each with this probability; returns how many. */
  reset(share = 1): number {
    let count = 0;
    for (const [client, server] of [...this.open]) {
      if (this.random() >= share) continue;
      cut(client);
      cut(server);
      count += 1;
    }
    return count;
  }

  /** Resolves when the weather is made anew. */
  changed(): Promise<void> {
    return new Promise((done) => this.waiters.push(done));
  }

  /** Ends it and all its connections. */
  async close(): Promise<void> {
    this.make({ refuses: true });
    this.reset();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    client.on('error', () => undefined);
    if (this.weather.refuses) {
      cut(client);
      return;
    }
    this.accepted += 1;
    const server = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.open.set(client, server);
    const end = (other: Socket) => () => {
      this.open.delete(client);
      // Ended in order on both sides, or by force: the other one learns which.
      if (!other.destroyed) cut(other);
    };
    server.on('error', () => cut(client));
    server.on('close', end(client));
    client.on('close', end(server));
    new Lane(client, server, this, () => this.weather.toServer ?? 'flows');
    new Lane(server, client, this, () => this.weather.toClient ?? 'flows');
  }
}
