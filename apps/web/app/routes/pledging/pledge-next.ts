import type { NeedResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Pledge } from './offer.js';

type Award = z.output<typeof NeedResource>['award'];

/** What happens next with a pledge: key of the sentence, who acts, by when, and the step this reader may take. */
export interface Next {
  readonly action: string;
  readonly who?: string | undefined;
  readonly by?: string | undefined;
  /** Path below the pledge, offered to `who`. */
  readonly step?: string;
}

/** The next step of a pledge, from its own state and the award of its need (R9). */
export function nextOf(pledge: Pledge, award: Award): Next {
  const { status, accepted, ownerId, organisationId, recipientId, validUntil, pendingApproval, recorded, due, instalments } =
    pledge;
  switch (status) {
    case 'offered':
      if (!accepted) return { action: 'pledging:next.accept', who: ownerId, by: validUntil, step: 'steps/accept' };
      if (!award) return { action: 'pledging:next.award', who: ownerId, by: validUntil };
      if (!award.final) return { action: 'pledging:next.final', by: award.finalFrom };
      return {
        action: pendingApproval?.of === 'confirm' ? 'pledging:next.second' : 'pledging:next.confirm',
        who: organisationId,
        by: validUntil,
        step: 'steps/confirm',
      };
    case 'confirmed':
    case 'partly_delivered': {
      if (pendingApproval) return { action: `pledging:next.${pendingApproval.of}` };
      if (recorded > 0) return { action: 'pledging:next.acknowledge', who: recipientId };
      if (due > 0 || instalments.length === 0) return { action: 'pledging:next.deliver', who: organisationId };
      const day = instalments.flatMap((one) => (!one.due && one.dueOn !== undefined ? [one.dueOn] : [])).sort()[0];
      return { action: 'pledging:next.instalment', by: day };
    }
    default:
      return { action: `pledging:next.${status}` };
  }
}
