import { REALTIME_PATH } from '@concord/contracts';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const ANSWER_MS_MAX = 5_000;

/** One masked text frame of a websocket (RFC 6455). */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const head = payload.length < 126 ? [0x81, 0x80 | payload.length] : [0x81, 0x80 | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), mask, payload.map((byte, index) => byte ^ mask[index % 4]!)]);
}

/** Opens a websocket to the rooms, joins one, and never reads again. Returns how to end it. Resolves too when nobody answers. */
export async function lazyReader(baseUrl: string, room: string): Promise<() => void> {
  const { hostname, port, host } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise<void>((done) => {
    socket.setTimeout(ANSWER_MS_MAX, done);
    socket.on('close', () => done());
    socket.once('data', () => {
      socket.write(frame('40'));
      socket.write(frame(`420${JSON.stringify(['join', { room }])}`));
      socket.pause();
      done();
    });
    socket.write(
      `GET ${REALTIME_PATH}/?EIO=4&transport=websocket HTTP/1.1\r\nhost: ${host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
    );
  });
  socket.setTimeout(0);
  return () => void socket.destroy();
}
