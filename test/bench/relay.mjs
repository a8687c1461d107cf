// P6: milliseconds from a commit to its reader at 1,000 events a second, Concord's tail ÷ a reader that NOTIFY wakes.
import { startChild } from './child.mjs';

/** The 99th percentile per round. */
export async function relayTimes({ server, rounds, seconds, note }) {
  const child = startChild('wake.mjs', [await server.database('bench_relay')]);
  const figures = { concord: [], floor: [] };
  const checks = { lost: 0, double: 0 };
  try {
    for (const side of ['concord', 'floor']) await child.ask(side, 1_000);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of ['concord', 'floor']) {
        const { p99, lost, double } = await child.ask(side, seconds * 1000);
        figures[side].push(p99);
        checks.lost += lost;
        checks.double += double;
      }
      note(`commit to reader, p99: ${figures.concord.at(-1).toFixed(1)} ms, by NOTIFY ${figures.floor.at(-1).toFixed(1)} ms`);
    }
  } finally {
    await child.end();
  }
  return {
    ratios: figures.concord.map((ms, round) => ms / figures.floor[round]),
    rivals: [
      { name: "Concord's tail at 1,000 events/s, p99", unit: 'ms', rounds: figures.concord },
      { name: 'reader woken by NOTIFY, p99', unit: 'ms', rounds: figures.floor },
    ],
    checks,
  };
}
