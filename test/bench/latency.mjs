// P5: from the moment a command is due to the moment a socket has its event, 200 commands a second whatever comes back, 1,000
// sockets in ten rooms; Concord ÷ one insert behind node:http and a frame by hand, in the same round.
import { startChild } from './child.mjs';

const RATE = 200;
const ROOMS = 10;
const PER_ROOM = 100;
/** Both sides warm up for so long: a service has its share of 200 commands a second only, and compiles what is hot meanwhile. */
const WARM_UP_MS = 8_000;
/** Of three seconds the slowest hundredth is six commands: one stop of the disk would be the whole figure. */
const ROUND_MS_MIN = 10_000;

/** The lines of the world by their needs: a need's room hears of pledges on its lines. */
export async function roomsOf({ base, token, lines }) {
  const rooms = new Map();
  const get = async (line) => {
    const answer = await fetch(`${base}/api/v1/lines/${line}`, { headers: { authorization: `Bearer ${token}` } });
    const { needId } = await answer.json();
    rooms.set(needId, [...(rooms.get(needId) ?? []), line]);
  };
  for (let n = 0; n < lines.length; n += 16) await Promise.all(lines.slice(n, n + 16).map(get));
  return [...rooms].slice(0, ROOMS).map(([need, own]) => ({ room: `need:${need}`, lines: own }));
}

async function floorSide(database) {
  let hear;
  const ready = new Promise((resolve) => (hear = resolve));
  const server = startChild('peers/frame.mjs', [database], { hear });
  const { port } = await ready;
  return { server, port };
}

/**
 * Milliseconds at the 99th percentile, per round. `world`: where commands go, with token, organisation and lines; `socketPorts`: where
 * the sockets are opened; `acknowledged` hears how many commands were answered well.
 */
export async function receiptTimes({ server, rounds, seconds, note, acknowledged = () => undefined }, world, socketPorts, name) {
  const rooms = await roomsOf(world);
  const floor = await floorSide(await server.database(`bench_frames_${name.replaceAll(/\W/gu, '_').toLowerCase()}`));
  const load = startChild('latency-load.mjs');
  const floorLoad = startChild('latency-load.mjs');
  const figures = { concord: [], answers: [], floor: [] };
  const checks = { lost: 0, double: 0, refused: 0 };
  const run = async (child, ms, concord) => {
    const done = await child.ask('run', { rate: RATE, ms });
    checks.lost += done.lost;
    checks.double += done.double + done.wrong;
    checks.refused += done.refused;
    if (concord) acknowledged(done.sent - done.refused);
    return done;
  };
  try {
    const { token, organisation, port } = world;
    await load.ask('open', { port, socketPorts, rooms, perRoom: PER_ROOM, token, organisation });
    await floorLoad.ask('open', {
      port: floor.port,
      socketPorts: [floor.port],
      rooms,
      perRoom: PER_ROOM,
      token,
      organisation,
      raw: true,
    });
    await run(load, WARM_UP_MS, true);
    await run(floorLoad, WARM_UP_MS, false);
    const ms = Math.max(ROUND_MS_MIN, seconds * 1000);
    for (let round = 0; round < rounds; round += 1) {
      const concord = await run(load, ms, true);
      const raw = await run(floorLoad, ms, false);
      figures.concord.push(concord.p99);
      figures.answers.push(concord.answer99);
      figures.floor.push(raw.p99);
      note(
        `${name}: p50 ${concord.p50.toFixed(1)}, p99 ${concord.p99.toFixed(1)} ms (answers ${concord.answer99.toFixed(1)}); floor ${raw.p99.toFixed(1)} ms`,
      );
    }
  } finally {
    await Promise.all([load.end(), floorLoad.end(), floor.server.end()]);
  }
  return {
    ratios: figures.concord.map((ms, round) => ms / figures.floor[round]),
    rivals: [
      { name: `${name}, command due to receipt, p99`, unit: 'ms', rounds: figures.concord },
      { name: 'its answers over HTTP, p99', unit: 'ms', rounds: figures.answers },
      { name: 'node:http, one insert, frame by hand, p99', unit: 'ms', rounds: figures.floor },
    ],
    checks,
  };
}
