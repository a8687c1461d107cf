// P8: deliveries a second from one process to many readers of a room. P9: memory of an idle reader. Rivals have a process for the
// server and one for the readers each; every reader checks that no offset is missing or comes twice.
import { startChild } from './child.mjs';

const IN_FLIGHT = 4;
const MANY_MS_MAX = 30_000;
const KINDS = ['concord', 'raw', 'rooms'];
const NAMES = {
  concord: 'Concord, rights and offsets on, feed in PostgreSQL',
  raw: 'frame by hand over net',
  rooms: 'socket.io 4.8.4 rooms',
};

/** Server and readers of one rival. */
async function start(kind, database, execArgv = []) {
  const server = startChild('fanout-server.mjs', [kind, ...(kind === 'concord' ? [await database()] : [])], { execArgv });
  const side = { kind, done: () => undefined };
  const clients = startChild('fanout-clients.mjs', [], { hear: (message) => side.done(message) });
  const place = await server.ask('place');
  return {
    side,
    server,
    open: (count) => clients.ask('open', { ...place, count, join: kind === 'concord', raw: kind === 'raw' }),
    faults: () => clients.ask('faults'),
    end: () => Promise.all([server.end(), clients.end()]),
  };
}

/** Events a second that reach every reader, with four under way. */
function broadcasts({ side, server }, ms) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const late = setTimeout(() => reject(new Error(`${side.kind}: an event did not reach every reader`)), ms + MANY_MS_MAX);
    let [underWay, ended] = [0, 0];
    const publish = () => {
      underWay += 1;
      server.tell({ publish: 1 });
    };
    side.done = () => {
      ended += 1;
      underWay -= 1;
      if (performance.now() - started < ms) return publish();
      if (underWay > 0) return;
      clearTimeout(late);
      resolve((ended * 1000) / (performance.now() - started));
    };
    for (let n = 0; n < IN_FLIGHT; n += 1) publish();
  });
}

/** Deliveries a second for so many sockets, per round: Concord ÷ frames by hand, beside socket.io's rooms. */
export async function fanOut({ server, rounds, seconds, note }, sockets) {
  const rivals = [];
  for (const kind of KINDS) rivals.push(await start(kind, () => server.database(`bench_fanout_${sockets}`)));
  const figures = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  let [lost, double] = [0, 0];
  try {
    for (const rival of rivals) await rival.open(sockets);
    for (const rival of rivals) await broadcasts(rival, 500);
    for (let round = 0; round < rounds; round += 1) {
      for (const rival of rivals) figures[rival.side.kind].push((await broadcasts(rival, seconds * 1000)) * sockets);
      for (const rival of rivals) {
        const { wrong, unfinished } = await rival.faults();
        lost += unfinished;
        double += wrong;
      }
      note(`${sockets} sockets: ${KINDS.map((kind) => `${kind} ${Math.round(figures[kind].at(-1))}`).join(', ')} deliveries/s`);
    }
  } finally {
    await Promise.all(rivals.map((rival) => rival.end()));
  }
  return {
    ratios: figures.concord.map((rate, round) => rate / figures.raw[round]),
    rivals: KINDS.map((kind) => ({ name: `${NAMES[kind]}, ${sockets} sockets`, unit: 'deliveries/s', rounds: figures[kind] })),
    checks: { lost, double },
  };
}

/** Bytes of an idle reader in its room, after garbage collection: Concord's, with token and rights, ÷ bare socket.io's. */
export async function idleSockets({ server, rounds, note }) {
  const sockets = 2_000;
  const figures = { concord: [], rooms: [] };
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of ['concord', 'rooms']) {
      const rival = await start(kind, () => server.database(`bench_idle_${round}`), ['--expose-gc']);
      try {
        // The first readers make what all share.
        await rival.open(200);
        const before = await rival.server.ask('memory');
        await rival.open(sockets);
        const after = await rival.server.ask('memory');
        lost += sockets + 200 - after.sockets;
        figures[kind].push((after.bytes - before.bytes) / sockets / 1024);
      } finally {
        await rival.end();
      }
    }
    note(`an idle socket: Concord ${figures.concord.at(-1).toFixed(1)} kB, socket.io ${figures.rooms.at(-1).toFixed(1)} kB`);
  }
  return {
    ratios: figures.concord.map((bytes, round) => bytes / figures.rooms[round]),
    rivals: [
      { name: 'Concord, authenticated and in a room', unit: 'kB', rounds: figures.concord },
      { name: 'bare socket.io 4.8.4, in a room', unit: 'kB', rounds: figures.rooms },
    ],
    checks: { lost },
  };
}
