/** A socket.io packet that is encoded once and written to many sockets. */
export interface Frame {
  /** socket.io's text of the packet, for the ordinary way of writing. */
  readonly packet: string;
  /** The whole websocket frame, for the short way: the same bytes for every reader. */
  readonly wire: Buffer;
}

/** Text frame from the server: final, not masked, opcode 1 (RFC 6455 section 5.2). */
function textFrame(payload: Buffer): Buffer {
  const { length } = payload;
  let header: Buffer;
  if (length < 126) {
    header = Buffer.from([0x81, length]);
  } else if (length < 65_536) {
    header = Buffer.from([0x81, 126, length >> 8, length & 0xff]);
  } else {
    header = Buffer.alloc(10);
    header[0] = 0x81;
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

/**
 * The frame of one event of a room. `body` is the event's JSON text, which is spliced in and never parsed here. In front of it
 * stand engine.io's message (4) and socket.io's event of the main namespace (2); the realtime spec pins both to the client.
 */
export function eventFrame(room: string, epoch: string, offset: number, body: string): Frame {
  const packet = `2["event",{"room":${JSON.stringify(room)},"epoch":${JSON.stringify(epoch)},"offset":${offset},"event":${body}}]`;
  return { packet, wire: textFrame(Buffer.from(`4${packet}`, 'utf8')) };
}

/** Frames in their order as one: a reader gets them by one write. The packet is only what the reader's backlog counts. */
export const joinedFrame = (frames: readonly Frame[]): Frame =>
  frames.length === 1
    ? frames[0]!
    : { packet: frames.map(({ packet }) => packet).join(''), wire: Buffer.concat(frames.map(({ wire }) => wire)) };
