import { eventFrame } from './frame.js';

/** Reads a websocket text frame as RFC 6455 section 5.2 says, whatever wrote it. */
function payloadOf(wire: Buffer): string {
  expect(wire[0]).toBe(0x81);
  const short = wire[1]!;
  if (short < 126) return textOf(wire, 2, short);
  if (short === 126) return textOf(wire, 4, wire.readUInt16BE(2));
  return textOf(wire, 10, Number(wire.readBigUInt64BE(2)));
}
function textOf(wire: Buffer, from: number, length: number): string {
  expect(wire.length).toBe(from + length);
  return wire.subarray(from).toString('utf8');
}

describe('the frame of an event', () => {
  const overhead = Buffer.byteLength(`4${eventFrame('public', 'e', 1, '""').packet}`) - 2;

  it.each([0, 125, 126, 127, 65_535, 65_536, 70_000])('holds a payload of %i bytes or the smallest there is', (bytes) => {
    const body = JSON.stringify('x'.repeat(Math.max(bytes - overhead - 2, 0)));
    const { packet, wire } = eventFrame('public', 'e', 1, body);
    expect(payloadOf(wire)).toBe(`4${packet}`);
  });

  it('is the packet of socket.io for the same event', () => {
    const event = { id: 'x/1', data: { title: 'Zomba – é 😀' } };
    const { packet, wire } = eventFrame('need:1', 'e"\\', 7, JSON.stringify(event));
    expect(JSON.parse(packet.slice(1))).toEqual(['event', { room: 'need:1', epoch: 'e"\\', offset: 7, event }]);
    expect(payloadOf(wire)).toBe(`4${packet}`);
  });
});
