import type { PendingApproval } from '@concord/kernel';

/** A waiting approval as the API shows it: the step and since when, not who gave it. */
export const waiting = (pending: PendingApproval | undefined) =>
  pending === undefined ? undefined : { of: pending.of.split(':')[0] ?? pending.of, at: pending.at };
