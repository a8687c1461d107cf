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
