// Pledges at a fixed rate, whatever comes back. Asked `run`, it sends for so many milliseconds and waits for the answers; a failed
// connection is a failed command, never tried again. Asked `steady`, it sends until `stop` and tells {answered: moment, ok}.
import { randomUUID } from 'node:crypto';
import { at, serve } from './child.mjs';
import { HttpPool, onSchedule, pledgeRequest } from './http-pool.mjs';

const LATE_MS_MAX = 20_000;
let steady;

const some = (lines) => lines[Math.floor(Math.random() * lines.length)];

/** Accepted, refused as it should be (429 or 503 that says when to come back), or anything else. */
const kindOf = ({ status, head }) =>
  status === 201
    ? 'ok'
    : (status === 429 || status === 503) && /\r\nretry-after: \d+/u.test(head)
      ? 'refused'
      : status === 0
        ? 'cut'
        : 'wrong';

serve({
  run: async ({ world, rate, ms }) => {
    const pool = new HttpPool({ port: world.port });
    await pool.fill('/livez');
    const counts = { ok: 0, refused: 0, wrong: 0, cut: 0 };
    const latencies = [];
    let inTime = 0;
    const started = performance.now();
    const sent = await onSchedule(rate, ms, (_index, due) =>
      pool.send(pledgeRequest(world, some(world.lines), randomUUID()), (answer) => {
        const kind = kindOf(answer);
        counts[kind] += 1;
        if (kind === 'wrong' && counts.wrong === 1)
          process.stderr.write(`answered ${answer.status}: ${answer.body.slice(0, 300)}\n`);
        if (kind !== 'ok') return;
        latencies.push(performance.now() - due);
        if (performance.now() - started <= ms) inTime += 1;
      }),
    );
    const deadline = performance.now() + LATE_MS_MAX;
    const answered = () => Object.values(counts).reduce((sum, count) => sum + count, 0);
    while (answered() < sent && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    pool.close();
    latencies.sort((a, b) => a - b);
    return {
      sent,
      ...counts,
      unanswered: sent - answered(),
      perSecond: (inTime * 1000) / ms,
      p50: at(latencies, 0.5),
      p99: at(latencies, 0.99),
    };
  },
  steady: ({ world, rate }) => {
    const pool = new HttpPool({ port: world.port, connectionsMax: 2_000 });
    steady = { world, stopped: false, sent: 0, answered: 0 };
    const own = steady;
    const second = async () => {
      while (!own.stopped)
        await onSchedule(rate, 500, () => {
          own.sent += 1;
          pool.send(pledgeRequest(own.world, some(own.world.lines), randomUUID(), own.world), ({ status }) => {
            own.answered += 1;
            process.send({ ok: status === 201 });
          });
        });
    };
    own.loop = second().then(() => pool.close());
  },
  stop: async () => {
    steady.stopped = true;
    await steady.loop;
    const deadline = performance.now() + LATE_MS_MAX;
    while (steady.answered < steady.sent && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    return { sent: steady.sent, unanswered: steady.sent - steady.answered };
  },
});
