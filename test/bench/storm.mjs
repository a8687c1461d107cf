// P16: 5,000 sockets are cut at once and come back at once, with a token each time, and get what they missed; ÷ the same number of
// bare ws connections that come back and get nothing.
import { randomUUID } from 'node:crypto';
import { startChild } from './child.mjs';
import { roomsOf } from './latency.mjs';

const MISSED = 20;
const SEEN_MS_MAX = 60_000;

/** Pledges on the lines of each room while nobody listens; resolves when the rooms have them. */
async function happen(base, { token, organisation }, rooms) {
  const body = (lineId) => ({
    lineId,
    kind: 'funding',
    amount: { amount: 100, currency: 'USD' },
    instrument: 'grant',
    earmarking: 3,
    schedule: { type: 'by_milestone' },
  });
  const pledge = async ({ lines }, n) => {
    const answer = await fetch(`${base}/api/v1/pledges`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'concord-organisation': organisation,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(body(lines[n % lines.length])),
    });
    if (answer.status !== 201) throw new Error(`a pledge was answered ${answer.status}: ${await answer.text()}`);
  };
  for (let n = 0; n < MISSED; n += 1) await Promise.all(rooms.map((room) => pledge(room, n)));
  return MISSED * rooms.length;
}

/** Milliseconds per round. `atRest` resolves when everything that happened is in the feed; `count` is how many sockets. */
export async function storm({ rounds, note, acknowledged }, world, atRest, count) {
  const rooms = await roomsOf(world);
  const clients = startChild('storm-clients.mjs');
  const rawClients = startChild('storm-clients.mjs');
  let hear;
  const listening = new Promise((resolve) => (hear = resolve));
  const raw = startChild('peers/ws.mjs', [], { hear });
  const figures = { concord: [], raw: [] };
  const checks = { lost: 0, double: 0 };
  try {
    await rawClients.ask('open', { port: (await listening).port, path: '/', raw: true, count });
    const path = '/realtime/?EIO=4&transport=websocket';
    await clients.ask('open', { port: world.port, path, token: world.token, rooms: rooms.map(({ room }) => room), count });
    for (let round = 0; round < rounds; round += 1) {
      const before = await clients.ask('cut');
      acknowledged(await happen(world.base, world, rooms));
      await Promise.race([
        atRest(),
        new Promise((_, reject) => setTimeout(() => reject(new Error('the feed is not at rest')), SEEN_MS_MAX).unref()),
      ]);
      const back = await clients.ask('storm');
      await rawClients.ask('cut');
      const floor = await rawClients.ask('storm');
      // Each reader has to have the events of its one room.
      checks.lost += Math.max(0, before + count * MISSED - back.offsets);
      checks.double += Math.max(0, back.offsets - before - count * MISSED) + back.faults;
      figures.concord.push(back.ms);
      figures.raw.push(floor.ms);
      note(`${count} sockets back after ${Math.round(back.ms)} ms, bare ws after ${Math.round(floor.ms)} ms`);
    }
  } finally {
    await Promise.all([clients.end(), rawClients.end(), raw.end()]);
  }
  return {
    ratios: figures.concord.map((ms, round) => ms / figures.raw[round]),
    rivals: [
      { name: `Concord, ${count} sockets back and level with ${MISSED} missed events each`, unit: 'ms', rounds: figures.concord },
      { name: `bare ws, ${count} sockets back`, unit: 'ms', rounds: figures.raw },
    ],
    checks,
  };
}
