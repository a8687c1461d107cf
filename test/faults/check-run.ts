import { checkAcknowledged, checkReadings, checkReplays } from './command-checks.js';
import { checkChain, checkDelivery, checkOrder, checkSubscriber } from './delivery-checks.js';
import type { Finding } from './findings.js';
import type { RunRecord } from './history.js';
import { checkCap, checkConservation, checkResolution } from './ledger-checks.js';
import type { Heard } from './room-listener.js';
import type { StoredRows } from './stored-rows.js';

/** Every invariant that can be told from what clients saw and what is stored (reliability.md 3). Pure: planted runs go through it too. */
export function checkRun(record: RunRecord, rows: StoredRows, heard?: Heard): Finding[] {
  return [
    ...checkAcknowledged(record, rows),
    ...checkReplays(record),
    ...checkConservation(rows),
    ...checkCap(rows, record),
    ...checkResolution(rows),
    ...checkDelivery(rows),
    ...checkOrder(rows),
    ...(heard ? checkSubscriber(heard, rows) : []),
    ...checkReadings(record),
    ...checkChain(rows),
  ];
}
