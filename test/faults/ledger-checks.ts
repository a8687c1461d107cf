import { Findings, grouped, type Finding } from './findings.js';
import type { RunRecord } from './history.js';
import type { StoredEvent, StoredRows } from './stored-rows.js';

const amount = (data: StoredEvent['data'], name: string): number => Number(data[name] ?? 0);

/** Offered or committed of a pledge, in its line's unit; the load pledges in that unit only. */
const held = {
  reserved: ({ status, counted }: { readonly [name: string]: unknown }): number => (status === 'offered' ? Number(counted) : 0),
  confirmed: ({ committed }: { readonly [name: string]: unknown }): number => Number(committed ?? 0),
};

/** I3: a line holds what its pledges hold, and each book of the ledger sums to nothing per unit. */
export function checkConservation({ streams, books }: StoredRows): Finding[] {
  const findings = new Findings('I3');
  const pledges = grouped(
    streams.filter(({ kind }) => kind === 'Pledge'),
    ({ state }) => String(state['lineId']),
  );
  for (const { id, state } of streams.filter(({ kind }) => kind === 'Line')) {
    for (const side of ['reserved', 'confirmed'] as const) {
      const sum = (pledges.get(id) ?? []).reduce((total, pledge) => total + held[side](pledge.state), 0);
      if (sum !== state[side]) findings.add('unbalanced', `line ${id} has ${String(state[side])} ${side}, its pledges ${sum}`);
    }
  }
  for (const { book, unit, debit, credit } of books)
    if (debit !== credit) findings.add('unbalanced', `book ${book} in ${unit}: ${debit} and ${credit}`);
  return findings.all;
}

/** I4: at no version of a line, and in no reading of it, is more taken than its target. */
export function checkCap({ events }: StoredRows, { readings }: Pick<RunRecord, 'readings'>): Finding[] {
  const findings = new Findings('I4');
  const lines = new Map<string, { taken: number; target: number }>();
  for (const { stream, version, kind, data } of events) {
    if (kind === 'LineOpened') lines.set(stream, { taken: 0, target: amount(data, 'target') });
    const line = lines.get(stream);
    if (!line) continue;
    if (kind === 'LineAmended') line.target = amount(data, 'target');
    else if (kind === 'CapacityReserved') line.taken += amount(data, 'quantity');
    else if (kind === 'CapacityReleased') line.taken -= amount(data, 'quantity');
    else if (kind === 'CommitmentChanged') line.taken += amount(data, 'change');
    if (line.taken > line.target || line.taken < 0)
      findings.add('overcap', `line ${stream} at version ${version}: ${line.taken} of ${line.target}`);
  }
  for (const { object, version, taken, target } of readings)
    if (taken !== undefined && target !== undefined && taken > target)
      findings.add('overcap', `line ${object} was read at version ${version} with ${taken} of ${target}`);
  return findings.all;
}

/** Ways out of being an offer; a commitment's remainder lapses later. */
const ENDS_OFFER = new Set(['PledgeDeclined', 'PledgeWithdrawn', 'PledgeConfirmed', 'PledgeLapsed']);
const ENDS_COMMITMENT = new Set(['remainder', 'project_cancelled']);

/** I5: an offer ends at most once, and nothing happens to a pledge that ended as an offer. */
export function checkResolution({ events }: StoredRows): Finding[] {
  const findings = new Findings('I5');
  const ended = new Map<string, string>();
  for (const { stream, version, kind, data } of events) {
    if (!kind.startsWith('Pledge')) continue;
    const before = ended.get(stream);
    const endsOffer = ENDS_OFFER.has(kind) && !ENDS_COMMITMENT.has(String(data['cause']));
    if (before !== undefined && (endsOffer || before !== 'PledgeConfirmed'))
      findings.add('resolved twice', `pledge ${stream}: ${kind} at version ${version} after ${before}`);
    if (endsOffer) ended.set(stream, kind);
  }
  return findings.all;
}
