import type { DenialReason, RoomDenied, RoomReset } from '@concord/contracts';
import type { Subject } from '@concord/kernel';
import type { Socket } from 'socket.io';
import { Backlog } from './backlog.js';
import { Bucket } from './bucket.js';
import type { Frame } from './frame.js';
import type { Room } from './room.js';

/** Who a token belongs to, and until when. */
export interface Caller {
  readonly subject: Subject;
  /** Real time, milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** The session of an access token; an API token has none. */
  readonly session?: string;
  /** SHA-256 of the token, lower-case hex: how the directory names an API token. */
  readonly digest: string;
}

/** socket.io's own way to make what answers a packet; private to it, so the realtime spec fails where a version has none. */
interface Answering {
  ack(id: number): object;
}

/** One reader: a socket, who it belongs to, and the rooms it is in. */
export class Connection {
  readonly rooms = new Map<string, Room>();
  readonly backlog: Backlog;
  readonly joins = new Bucket(60, 20);
  private readonly packets = new Bucket(200, 100);
  /** Counts what may have changed this reader's rights: a right that was looked up before does not count after. */
  generation = 0;

  constructor(
    private readonly socket: Socket,
    readonly caller: Caller | undefined,
  ) {
    this.backlog = new Backlog(socket.conn);
    const answering = socket as unknown as Answering;
    const { ack } = answering;
    answering.ack = (id) => Object.assign(ack.call(socket, id), { id });
    // A reader that talks faster than any client needs to is cut off before it costs others their turn.
    socket.conn.on('packet', () => {
      if (!this.packets.take()) socket.disconnect(true);
    });
  }

  /** Whether the socket is still there. */
  get open(): boolean {
    return this.socket.connected;
  }

  /** Writes a frame that was encoded once for all readers. */
  write(frame: Frame): void {
    // The option is engine.io's own short way, which socket.io's adapter uses for broadcasts too; a transport that cannot use it
    // takes the packet instead.
    const options = { compress: false, wsPreEncodedFrame: [frame.wire] };
    this.socket.conn.write(frame.packet, options);
  }

  /**
   * What answers a packet with JSON that is text already: socket.io would look through every value of it and encode it anew for each reader.
   * `ack` is what socket.io gave for that packet; engine.io's message (4) is put before socket.io's answer (3) with its number.
   */
  answering(ack: object): (text: string) => void {
    const { id } = ack as { id: number };
    return (text) => void this.socket.conn.write(`3${id}[${text}]`, { compress: false });
  }

  /** Tells that the reader is no longer in a room and may join again. */
  reset(message: RoomReset): void {
    this.socket.emit('reset', message);
  }

  /** Tells that the reader lost the right to be in a room. */
  denied(message: RoomDenied): void {
    this.socket.emit('denied', message);
  }

  /** Ends the connection and says why. */
  end(reason: DenialReason): void {
    this.socket.emit('ended', { reason });
    this.socket.disconnect(true);
  }
}
