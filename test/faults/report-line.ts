import { answersByKey, type RunRecord } from './history.js';
import type { Finding } from './findings.js';
import type { Kill } from './kills.js';
import type { RoomListener } from './room-listener.js';
import type { RunningApp } from './running-app.js';
import type { StoredRows } from './stored-rows.js';

/** What a run of faults came to. */
export interface RunReport {
  readonly seed: number;
  readonly minutes: number;
  readonly history: RunRecord;
  readonly rows: StoredRows;
  readonly kills: readonly Kill[];
  readonly listener: RoomListener;
  readonly findings: readonly Finding[];
  readonly app: RunningApp;
  readonly differences: readonly string[];
}

/** The value below which so many of the sorted values lie, rounded. */
export const percentile = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

/** Milliseconds from the first attempt at each key to its first final answer, sorted. */
export function latencies({ entries }: RunRecord): number[] {
  const begun = new Map<string, number>();
  for (const { type, key, at } of entries) if (type === 'invoke' && !begun.has(key)) begun.set(key, at);
  return [...answersByKey(entries)].map(([key, [first]]) => first!.at - begun.get(key)!).sort((a, b) => a - b);
}

/** How often it was killed, and how long the next acknowledgement took. */
function recoveries(kills: readonly Kill[], victim: Kill['victim']): string {
  const of = kills.filter((kill) => kill.victim === victim);
  const waits = of.flatMap(({ recoveryMs }) => recoveryMs ?? []).sort((a, b) => a - b);
  return `${victim} ${of.length}, recovery ms p50/max ${percentile(waits, 0.5)}/${percentile(waits, 1)}`;
}

/** One line in the form of reliability.md 7; every `=0` has to be zero. */
export function reportLine({ seed, minutes, history, rows, kills, listener, findings, app, differences }: RunReport): string {
  const count = (...faults: readonly Finding['fault'][]): number => findings.filter(({ fault }) => faults.includes(fault)).length;
  const { entries, intents } = history;
  const of = (type: string): number => entries.filter((entry) => entry.type === type).length;
  const waits = latencies(history);
  const errors = entries.filter((entry) => entry.type === 'fail' && entry.answer.status >= 500).length;
  // Committed, and the answer lost: what the keys are for.
  const saved = [...answersByKey(entries).values()].filter(([first]) => first!.answer.replayed).length;
  const published = rows.events.filter(({ previous }) => previous !== null).length;
  const expected = (rows.rooms.find(({ room }) => room === listener.room)?.last ?? 0) - listener.from;
  const received = listener.log.filter(({ type }) => type === 'event').length;
  return [
    `chaos seed=${seed} mode=standalone min=${minutes.toFixed(1)}`,
    `load commands=${intents.length} attempts=${of('invoke')} acked=${of('ok')} refused=${of('fail')} unknown=${of('info')} settled by replay ${saved} p50=${percentile(waits, 0.5)} p99=${percentile(waits, 0.99)} 500s=${errors}`,
    `faults ${kills.length} (${recoveries(kills, 'app')}; ${recoveries(kills, 'postmaster')}) own deaths=${app.deaths} failed starts ${app.failedStarts}`,
    `ledger lost=${count('lost')} double=${count('double')} phantom=${count('phantom')} changed=${count('changed')} overcap=${count('overcap')} unbalanced=${count('unbalanced')} unresolved=${count('unanswered', 'resolved twice')}`,
    `events committed=${rows.events.length} published=${published} delivered=${rows.marks?.length ?? 0} undelivered=${count('undelivered')} gaps=${count('gap')} reorders=${count('reordered')} parked=${rows.parked.length}`,
    `sockets expected=${expected} received=${received} dups=${count('duplicated')} resets ${listener.resets} connections ${listener.connections} unauthorised=${count('unauthorised')}`,
    `readings ${history.readings.length} stale=${count('stale')} | verification differences=${differences.length} chain broken=${count('broken')}`,
  ].join(' | ');
}
