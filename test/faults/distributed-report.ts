import type { Injected } from './chaos.js';
import type { Finding } from './findings.js';
import { answersByKey, type RunRecord } from './history.js';
import { latencies, percentile } from './report-line.js';
import type { RoomListener } from './room-listener.js';
import type { StoredRows } from './stored-rows.js';

/** A command counts as held when its first final answer came within this time of its first attempt, milliseconds. */
const HELD_MS_MAX = 5_000;

/** What a distributed run came to. */
export interface DistributedRun {
  readonly seed: number;
  readonly minutes: number;
  readonly history: RunRecord;
  readonly rows: StoredRows;
  readonly injected: readonly Injected[];
  readonly listeners: readonly RoomListener[];
  readonly findings: readonly Finding[];
  readonly differences: readonly string[];
  readonly deaths: number;
  readonly copies: number;
  /** Rows of parked events that poison explains, and messages that were poison. */
  readonly parked: { readonly explained: number; readonly poisoned: number };
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Faults by row: how many, how long they held and how long the next acknowledgement took, milliseconds. */
function byRow(
  injected: readonly Injected[],
): Record<string, { injected: number; heldMsMax: number; recoveryMs: { p50: number; max: number } }> {
  const rows = [...new Set(injected.map(({ row }) => row))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  return Object.fromEntries(
    rows.map((row) => {
      const of = injected.filter((one) => one.row === row);
      const waits = sorted(of.map(({ recoveryMs }) => recoveryMs));
      return [
        row,
        {
          injected: of.length,
          heldMsMax: Math.round(Math.max(...of.map(({ heldMs }) => heldMs))),
          recoveryMs: { p50: percentile(waits, 0.5), max: percentile(waits, 1) },
        },
      ];
    }),
  );
}

/** Everything of a run in numbers; `=0` of the line have to be zero. */
export function reportOf(run: DistributedRun) {
  const { history, rows, injected, listeners, findings } = run;
  const { entries, intents } = history;
  const count = (...faults: readonly Finding['fault'][]): number => findings.filter(({ fault }) => faults.includes(fault)).length;
  const of = (type: string): number => entries.filter((entry) => entry.type === type).length;
  const waits = latencies(history);
  const recoveries = sorted(injected.map(({ recoveryMs }) => recoveryMs));
  const lasts = new Map(rows.rooms.map(({ room, last }) => [room, last]));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
  return {
    seed: run.seed,
    mode: 'distributed',
    minutes: Number(run.minutes.toFixed(1)),
    load: {
      commands: intents.length,
      perSecond: Math.round(intents.length / (run.minutes * 60)),
      attempts: of('invoke'),
      acknowledged: of('ok'),
      refused: of('fail'),
      unknown: of('info'),
      settledByReplay: [...answersByKey(entries).values()].filter(([first]) => first!.answer.replayed).length,
      heldPercent: Number(((100 * waits.filter((ms) => ms <= HELD_MS_MAX).length) / Math.max(1, waits.length)).toFixed(1)),
      p50Ms: percentile(waits, 0.5),
      p99Ms: percentile(waits, 0.99),
      errors500: entries.filter((entry) => entry.type === 'fail' && entry.answer.status >= 500).length,
    },
    faults: {
      injected: injected.length,
      classes: new Set(injected.map(({ row }) => row)).size,
      kinds: new Set(injected.map(({ name }) => name)).size,
      recoveryMs: { p50: percentile(recoveries, 0.5), p99: percentile(recoveries, 0.99), max: percentile(recoveries, 1) },
      ownDeaths: run.deaths,
      copiesOnTopics: run.copies,
      byRow: byRow(injected),
    },
    ledger: {
      lost: count('lost'),
      double: count('double'),
      phantom: count('phantom'),
      changed: count('changed'),
      overcap: count('overcap'),
      unbalanced: count('unbalanced'),
      unresolved: count('unanswered', 'resolved twice'),
    },
    events: {
      committed: rows.events.length,
      published: rows.events.filter(({ previous }) => previous !== null).length,
      delivered: rows.marks?.length ?? 0,
      undelivered: count('undelivered'),
      gaps: count('gap'),
      reorders: count('reordered'),
      parkedWithoutCause: count('parked'),
      parkedForPoison: run.parked.explained,
      poisoned: run.parked.poisoned,
    },
    sockets: {
      readers: listeners.length,
      expected: sum(listeners.map(({ room, from }) => (lasts.get(room) ?? 0) - from)),
      received: sum(listeners.map(({ log }) => log.filter(({ type }) => type === 'event').length)),
      duplicates: count('duplicated'),
      resets: sum(listeners.map(({ resets }) => resets)),
      connections: sum(listeners.map(({ connections }) => connections)),
      unauthorised: count('unauthorised'),
    },
    readings: { count: history.readings.length, stale: count('stale') },
    verification: { differences: run.differences.length, chainBroken: count('broken') },
  };
}

/** The one line at the end of a run (reliability.md 7). */
export function distributedLine(report: ReturnType<typeof reportOf>): string {
  const { load, faults, ledger, events, sockets, readings, verification } = report;
  const { p50, p99, max } = faults.recoveryMs;
  return [
    `chaos seed=${report.seed} mode=${report.mode} min=${report.minutes}`,
    `load offered=${load.perSecond}/s held=${load.heldPercent}% acked=${load.acknowledged} refused=${load.refused} unknown=${load.unknown} settled by replay ${load.settledByReplay} p50=${load.p50Ms} p99=${load.p99Ms} 500s=${load.errors500}`,
    `faults ${faults.injected} in ${faults.classes} classes recovery p50/p99/max=${p50}/${p99}/${max} ms own deaths=${faults.ownDeaths} copies ${faults.copiesOnTopics}`,
    `ledger lost=${ledger.lost} double=${ledger.double} phantom=${ledger.phantom} changed=${ledger.changed} overcap=${ledger.overcap} unbalanced=${ledger.unbalanced} unresolved=${ledger.unresolved}`,
    `events committed ${events.committed} published ${events.published} delivered ${events.delivered} undelivered=${events.undelivered} gaps=${events.gaps} reorders=${events.reorders} parked without cause=${events.parkedWithoutCause} for ${events.poisoned} poisons ${events.parkedForPoison}`,
    `sockets readers ${sockets.readers} expected=${sockets.expected} received=${sockets.received} dups=${sockets.duplicates} resets ${sockets.resets} connections ${sockets.connections} unauthorised=${sockets.unauthorised}`,
    `readings ${readings.count} stale=${readings.stale} | verification differences=${verification.differences} chain broken=${verification.chainBroken}`,
  ].join(' | ');
}
