// Commands on a schedule and the sockets that hear of them, in one process, so that one clock times both. Asked `open`, it connects
// the readers; asked `run`, it sends and waits until every reader of every room has had what it is to have.
import { randomUUID } from 'node:crypto';
import { at, serve } from './child.mjs';
import { HttpPool, onSchedule, pledgeRequest } from './http-pool.mjs';
import { openAll } from './sockets.mjs';

const MARK = Buffer.from('"correlationid":"bench-');
const LATE_MS_MAX = 15_000;
let place;
let pool;
let readers = [];
let intended = [];
let receipts = [];
let latencies = [];
let base = 0;

function received(buffer, start, end) {
  const mark = buffer.indexOf(MARK, start);
  if (mark < 0 || mark >= end) return;
  const index = Number(buffer.toString('latin1', mark + MARK.length, mark + MARK.length + 8)) - base;
  if (intended[index] === undefined) return;
  latencies.push(performance.now() - intended[index]);
  receipts[index] += 1;
}

serve({
  /** `given`: port of the commands, ports of the sockets, rooms [{room, lines}], readers per room, token, organisation, path, raw. */
  open: async (given) => {
    place = given;
    pool = new HttpPool({ port: given.port, connectionsMax: 64 });
    const settings = given.rooms.flatMap(({ room }, nth) =>
      Array.from({ length: given.perRoom }, (_, n) => ({
        port: given.socketPorts[n % given.socketPorts.length],
        raw: given.raw,
        ...(given.raw ? { path: `/?room=${nth}` } : { room, token: given.token, path: '/realtime/?EIO=4&transport=websocket' }),
      })),
    );
    readers = await openAll(settings, received);
    return readers.length;
  },
  run: async ({ rate, ms }) => {
    base += intended.length;
    [intended, receipts, latencies] = [[], [], []];
    const answers = [];
    let refused = 0;
    const sent = await onSchedule(rate, ms, (index, due) => {
      intended[index] = due;
      receipts[index] = 0;
      const nth = index % place.rooms.length;
      const { lines } = place.rooms[nth];
      const correlation = `bench-${String(base + index).padStart(8, '0')}`;
      const line = lines[Math.floor(index / place.rooms.length) % lines.length];
      const path = place.raw ? `/?room=${nth}` : undefined;
      pool.send(pledgeRequest(place, line, randomUUID(), { correlation, path }), ({ status, body, error }) => {
        answers.push(performance.now() - due);
        if (status === 201) return;
        refused += 1;
        if (refused === 1) process.stderr.write(`a command was answered ${status}: ${error ?? body.slice(0, 300)}\n`);
      });
    });
    const deadline = performance.now() + LATE_MS_MAX;
    const missing = () => receipts.reduce((sum, count) => sum + Math.max(0, place.perRoom - count), 0);
    while ((answers.length < sent || missing() > 0) && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    latencies.sort((a, b) => a - b);
    answers.sort((a, b) => a - b);
    return {
      sent,
      refused: refused + sent - answers.length,
      lost: missing(),
      double: receipts.reduce((sum, count) => sum + Math.max(0, count - place.perRoom), 0),
      wrong: readers.reduce((sum, { faults }) => sum + faults, 0),
      p50: at(latencies, 0.5),
      p99: at(latencies, 0.99),
      answer99: at(answers, 0.99),
    };
  },
});
