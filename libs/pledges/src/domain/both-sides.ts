import { Refused, twoPerson, type EventMeta, type PendingApproval } from '@concord/kernel';

/** A first approval, with the side that gave it. */
export interface SidedApproval extends PendingApproval {
  readonly organisation: string;
}

/** Who acts. */
export interface Actor {
  readonly person: string;
  readonly organisation: string;
}

/** The approval an event records: who gave it is in its meta. */
export const approvalOf = (of: string, meta: EventMeta): SidedApproval => ({
  of,
  person: meta.person ?? '',
  organisation: meta.organisation ?? '',
  at: meta.at,
});

/**
 * Both sides act (R10). Returns 'first' when the other side still has to agree, 'second' when this completes the pair. The same
 * side twice is refused `waiting_for_other_side`. Where one organisation is both sides, two of its approvers act (R23).
 */
export function bothSides(
  pending: SidedApproval | undefined,
  of: string,
  actor: Actor,
  sides: readonly [string, string],
): 'first' | 'second' {
  if (pending?.of === of && pending.organisation === actor.organisation && sides[0] !== sides[1]) {
    throw new Refused('waiting_for_other_side', 'Your side has agreed already; an approver of the other side has to agree now.', {
      of,
    });
  }
  return twoPerson(pending, of, actor.person);
}
