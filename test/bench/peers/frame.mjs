// The floor of P5: node:http, one insert, one frame made by hand and written to every socket of the room. Argument: database address.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 16 });
await pool.query(
  'CREATE TABLE events (id uuid PRIMARY KEY, room int NOT NULL, data json NOT NULL, at timestamptz NOT NULL DEFAULT now())',
);
const rooms = new Map();
const offsets = new Map();
const roomOf = (request) => Number(new URL(request.url, 'http://floor').searchParams.get('room'));

function tell(room, event) {
  const offset = (offsets.get(room) ?? 0) + 1;
  offsets.set(room, offset);
  const payload = Buffer.from(`42["event",${JSON.stringify({ room: `room:${room}`, epoch: 'floor', offset, event })}]`);
  const frame = Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]), payload]);
  for (const socket of rooms.get(room) ?? []) socket.write(frame);
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (chunk) => (body += chunk));
  request.on('end', async () => {
    const room = roomOf(request);
    const id = randomUUID();
    const data = JSON.parse(body);
    await pool.query({ name: 'event', text: 'INSERT INTO events (id, room, data) VALUES ($1, $2, $3)', values: [id, room, body] });
    const answer = JSON.stringify({ id, ...data });
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }).end(answer);
    tell(room, {
      specversion: '1.0',
      id: `${id}/1`,
      source: '/concord/pledges',
      type: 'concord.pledges.PledgeMade',
      subject: id,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      correlationid: request.headers['x-correlation-id'],
      data,
    });
  });
});
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const room = roomOf(request);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept.digest('base64')}\r\n\r\n`,
  );
  rooms.set(room, [...(rooms.get(room) ?? []), socket]);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => process.send({ port: server.address().port }));
