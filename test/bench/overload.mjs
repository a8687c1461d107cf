// P14: what is left of the best rate when twice as much is asked, how long the accepted then wait, and how the others are refused.
// Half, peak and double take turns on one server; the load comes on a schedule that waits for nobody.
import { startChild } from './child.mjs';

/** `closedLoop` measures the peak with 64 connections; `acknowledged` hears how many commands were answered well. */
export async function overload({ rounds, seconds, note, acknowledged }, world, closedLoop, atRest) {
  const load = startChild('open-load.mjs');
  const figures = { peak: [], half: [], double: [], half99: [], double99: [], refused: [] };
  const checks = { wrong: 0, unanswered: 0 };
  const run = async (rate) => {
    const done = await load.ask('run', { world, rate, ms: seconds * 1000 });
    acknowledged(done.ok);
    checks.wrong += done.wrong + done.cut;
    checks.unanswered += done.unanswered;
    await atRest();
    return done;
  };
  try {
    for (let round = 0; round < rounds; round += 1) {
      const peak = (await closedLoop()).perSecond;
      await atRest();
      const half = await run(peak / 2);
      const double = await run(peak * 2);
      figures.peak.push(peak);
      figures.half.push(half.perSecond);
      figures.double.push(double.perSecond);
      figures.half99.push(half.p99);
      figures.double99.push(double.p99);
      figures.refused.push((double.refused * 1000) / (seconds * 1000));
      note(
        `overload: peak ${Math.round(peak)}/s; at half p99 ${half.p99.toFixed(0)} ms; at double ${Math.round(double.perSecond)}/s accepted, ${double.refused} of ${double.sent} refused, p99 ${double.p99.toFixed(0)} ms`,
      );
    }
  } finally {
    await load.end();
  }
  return {
    goodput: {
      ratios: figures.double.map((rate, round) => rate / figures.peak[round]),
      rivals: [
        { name: 'accepted at twice the peak', unit: 'req/s', rounds: figures.double },
        { name: 'refused with 429 or 503 and Retry-After', unit: 'req/s', rounds: figures.refused },
        { name: 'peak, closed loop, 64 connections', unit: 'req/s', rounds: figures.peak },
      ],
      checks,
    },
    wait: {
      ratios: figures.double99.map((ms, round) => ms / figures.half99[round]),
      rivals: [
        { name: 'p99 of the accepted at twice the peak', unit: 'ms', rounds: figures.double99 },
        { name: 'p99 at half the peak', unit: 'ms', rounds: figures.half99 },
      ],
      checks,
    },
  };
}
