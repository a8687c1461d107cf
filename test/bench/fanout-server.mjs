// One rival of the fan-out in a process of its own. Arguments: concord|raw|rooms, database address. Told {publish: n}, it brings so
// many events to every reader; asked `memory`, it says what it keeps, in bytes.
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTcp } from 'node:net';
import { gateway, Realtime } from '@concord/gateway';
import { openDatabase, provision } from '@concord/platform';
import { Server } from 'socket.io';
import { serve } from './child.mjs';

const [kind, databaseUrl] = process.argv.slice(2);
const ORGANISATION = '01890000-0000-7000-8000-000000000003';
const ROOM = `organisation:${ORGANISATION}`;
const EPOCH = '01890000-0000-7000-8000-00000000000e';

/** A public event of a restricted kind: only members of the organisation may read it. */
const happened = () => {
  const subject = randomUUID();
  return {
    specversion: '1.0',
    id: `${subject}/1`,
    source: '/concord/pledges',
    type: 'concord.pledges.DeliveryRecorded',
    subject,
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    dataschema: 'concord:/schemas/concord.pledges.DeliveryRecorded/1',
    sequence: 1,
    previous: 0,
    correlationid: 'bench',
    data: { organisationId: ORGANISATION, quantity: 100 },
  };
};

/** Concord's own rooms over the durable feed: tokens, members, offsets. The reader's token is its person. */
async function concord() {
  const database = await openDatabase(gateway, (await provision(databaseUrl, ['gateway'])).get('gateway'));
  const people = new Set();
  const server = createServer();
  const realtime = new Realtime({
    server,
    db: database,
    authenticate: async (token) => {
      people.add(token);
      return { subject: { person: token, roles: [], platformRoles: [] }, expiresAtMs: Date.now() + 3_600_000, session: token };
    },
    isMember: async (person, organisation) => organisation === ORGANISATION && people.has(person),
    origins: [],
    failed: (error) => process.stderr.write(`${error.stack}\n`),
  });
  const feed = gateway.consumers.find(({ name }) => name === 'feed');
  let waiting = 0;
  let writing = false;
  const publish = async () => {
    if (writing) return;
    writing = true;
    while (waiting > 0) {
      const events = Array.from({ length: waiting }, happened);
      waiting = 0;
      await feed.write('feed of pledges', events, database);
    }
    writing = false;
  };
  await realtime.settled();
  return { server, publish: (count) => ((waiting += count), void publish()), size: () => realtime.size.sockets };
}

/** socket.io's own rooms: no rights, no offsets but a counter, nothing durable. */
function rooms() {
  const server = createServer();
  const io = new Server(server, { path: '/realtime', transports: ['websocket'], serveClient: false, perMessageDeflate: false });
  io.on('connection', (socket) => socket.join(ROOM));
  let offset = 0;
  const publish = (count) => {
    for (let n = 0; n < count; n += 1)
      io.to(ROOM).emit('event', { room: ROOM, epoch: EPOCH, offset: (offset += 1), event: happened() });
  };
  return { server, publish, size: () => io.engine.clientsCount };
}

/** The floor: a frame made once by hand and written to every socket. */
function raw() {
  const sockets = new Set();
  const server = createTcp((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.once('data', (head) => {
      const key = /sec-websocket-key: (\S+)/iu.exec(head.toString('latin1'))[1];
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
      );
      sockets.add(socket);
    });
  });
  let offset = 0;
  const publish = (count) => {
    for (let n = 0; n < count; n += 1) {
      const message = { room: ROOM, epoch: EPOCH, offset: (offset += 1), event: happened() };
      const payload = Buffer.from(`42["event",${JSON.stringify(message)}]`);
      const frame = Buffer.concat([Buffer.from([0x81, 126, payload.length >> 8, payload.length & 0xff]), payload]);
      for (const socket of sockets) socket.write(frame);
    }
  };
  return { server, publish, size: () => sockets.size };
}

const { server, publish, size } = await { concord, rooms, raw }[kind]();
await new Promise((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve));
serve(
  {
    place: () => ({ port: server.address().port, room: ROOM }),
    memory: async () => {
      for (let n = 0; n < 3; n += 1) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const { heapUsed, external } = process.memoryUsage();
      return { bytes: heapUsed + external, sockets: size() };
    },
  },
  (message) => publish(message.publish),
);
