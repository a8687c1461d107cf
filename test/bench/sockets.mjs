// Websocket readers by hand over node:net, so that thousands of them take little of the machine; and what of socket.io's protocol
// a reader needs. Masked with a key of zeros, which leaves the payload as it is (RFC 6455 section 5.3 allows any key).
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const EVENT = Buffer.from('42["event",');
const OFFSET = Buffer.from('"offset":');
const HEAD_END = Buffer.from('\r\n\r\n');
const OPENING = 100;

/** A client's text frame. */
function frameOf(text) {
  const payload = Buffer.from(text);
  const { length } = payload;
  const head = length < 126 ? Buffer.from([0x81, 0x80 | length]) : Buffer.from([0x81, 0x80 | 126, length >> 8, length & 0xff]);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}
const PONG = frameOf('3');

/** One connection. `onFrame(buffer, start, end)` gets every text frame; `onEnd` hears when the server or the network closes it. */
class RawSocket {
  rest;
  upgraded = false;

  constructor({ port, host = '127.0.0.1', path }, onFrame, onUpgrade, onEnd) {
    this.onFrame = onFrame;
    this.socket = connect(port, host);
    this.socket.setNoDelay(true);
    this.socket.on('error', onEnd);
    this.socket.on('close', () => onEnd(new Error('closed by the server')));
    this.socket.on('data', (chunk) => this.take(chunk, onUpgrade, onEnd));
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  }

  send(text) {
    this.socket.write(frameOf(text));
  }

  cut() {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  take(chunk, onUpgrade, onEnd) {
    let buffer = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = undefined;
    if (!this.upgraded) {
      const end = buffer.indexOf(HEAD_END);
      if (end < 0) return void (this.rest = buffer);
      const status = buffer.toString('latin1', 9, 12);
      if (status !== '101') return onEnd(new Error(`the upgrade was answered ${buffer.toString('latin1', 0, 200)}`));
      this.upgraded = true;
      onUpgrade();
      buffer = buffer.subarray(end + HEAD_END.length);
    }
    let at = 0;
    while (buffer.length - at >= 2) {
      let length = buffer[at + 1] & 0x7f;
      let start = at + 2;
      if (length === 126) {
        if (buffer.length < at + 4) break;
        length = buffer.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (buffer.length < at + 10) break;
        length = Number(buffer.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (buffer.length < start + length) break;
      if ((buffer[at] & 0x0f) === 1) this.onFrame(buffer, start, start + length);
      at = start + length;
    }
    if (at < buffer.length) this.rest = at === 0 ? buffer : buffer.subarray(at);
  }
}

/**
 * One reader of socket.io. Every event's offset has to be the one after the last: `onEvent(buffer, start, end, offset)` gets those,
 * `faults` counts the others.
 */
export class Reader {
  last = 0;
  epoch;
  faults = 0;
  answer;
  offsetAt = 0;

  /** Connects and, with a room, joins it. `from` is where the reader was: {epoch, offset}. Throws when it is refused. */
  static async open({ port, path = '/realtime/?EIO=4&transport=websocket', token, room, from, raw = false }, onEvent) {
    const reader = new Reader();
    reader.onEvent = onEvent;
    await new Promise((resolve, reject) => {
      reader.opened = resolve;
      reader.refused = reject;
      reader.socket = new RawSocket(
        { port, path },
        (buffer, start, end) => reader.frame(buffer, start, end, token),
        () => raw && resolve(),
        (error) => {
          reader.faults += 1;
          reject(error);
        },
      );
    });
    if (room) await reader.join(room, from);
    return reader;
  }

  /** Enters the room; what is replayed counts as received. */
  async join(room, from) {
    const [answer] = await new Promise((resolve, reject) => {
      this.answer = resolve;
      this.refused = reject;
      this.socket.send(`420["join",${JSON.stringify({ room, ...from })}]`);
    });
    if (answer.status !== 'joined') throw new Error(`the join was answered ${JSON.stringify(answer)}`);
    let expected = from ? from.offset : answer.offset;
    for (const { offset } of answer.events) if (offset !== ++expected) this.faults += 1;
    if (expected !== answer.offset) this.faults += 1;
    this.epoch = answer.epoch;
    // Live events may have come in the same turn, right behind the answer.
    this.last = answer.offset;
  }

  cut() {
    this.socket.cut();
  }

  frame(buffer, start, end, token) {
    const type = buffer[start];
    if (type === 0x34 && buffer[start + 1] === 0x32) return this.event(buffer, start, end);
    if (type === 0x32) return void this.socket.socket.write(PONG);
    if (type === 0x30) return this.socket.send(`40${token === undefined ? '' : JSON.stringify({ token })}`);
    if (type !== 0x34) return;
    if (buffer[start + 1] === 0x30) return this.opened();
    const text = buffer.toString('utf8', start, end);
    if (text.startsWith('430[')) {
      const answer = JSON.parse(text.slice(3));
      // Set here and not after the await: the next frame of this chunk may be an event already.
      if (answer[0].status === 'joined') this.last = answer[0].offset;
      return this.answer(answer);
    }
    this.refused(new Error(`refused: ${text}`));
  }

  event(buffer, start, end) {
    if (buffer.compare(EVENT, 0, EVENT.length, start, start + EVENT.length) !== 0) {
      this.faults += 1;
      return;
    }
    // In one room the offset stands at the same place of every frame.
    if (!this.offsetAt) this.offsetAt = buffer.indexOf(OFFSET, start) + OFFSET.length - start;
    let offset = 0;
    for (let at = start + this.offsetAt; ; at += 1) {
      const digit = buffer[at] - 48;
      if (digit < 0 || digit > 9) break;
      offset = offset * 10 + digit;
    }
    if (offset !== this.last + 1) this.faults += 1;
    this.last = offset;
    this.onEvent(buffer, start, end, offset, this);
  }
}

/** Opens as many readers as there are settings, so many at a time. */
export async function openAll(settings, onEvent, atOnce = OPENING) {
  const readers = [];
  let next = 0;
  const worker = async () => {
    while (next < settings.length) {
      const index = next++;
      readers[index] = await Reader.open(settings[index], onEvent);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, settings.length) }, worker));
  return readers;
}
