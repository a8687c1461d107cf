import type { NeedResource } from '@concord/contracts';
import type { z } from 'zod';
import type { Acting } from '../../facts.js';
import { mayBind } from '../needs-forms/may.js';
import { may } from '../stewarding/may.js';
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

interface Way {
  readonly to: string;
  /** Key of the words on the button. */
  readonly button: string;
}

/** Where somebody acting for this organisation does what comes next; undefined when it is not theirs, or nothing is to be done. */
export function wayOf(pledge: Pledge, next: Next, acting: Acting | undefined): Way | undefined {
  const { id, projectId, kind } = pledge;
  if (next.who === undefined || acting?.id !== next.who) return undefined;
  if (next.step !== undefined && mayBind(acting, 'approver'))
    return { to: `/pledges/${id}/${next.step}`, button: `pledging:step.${next.step.replace('steps/', '')}.title` };
  if (projectId === undefined) return undefined;
  const deliveries = `/projects/${projectId}/deliveries`;
  if (next.action === 'pledging:next.deliver' && may(acting, kind === 'expertise' ? 'field' : 'editor', [next.who]))
    return { to: `${deliveries}/new/${id}`, button: 'stewarding:do.deliveries.record' };
  if (next.action === 'pledging:next.acknowledge' && may(acting, 'approver', [next.who]))
    return { to: deliveries, button: 'stewarding:deliveries.title' };
  return undefined;
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
