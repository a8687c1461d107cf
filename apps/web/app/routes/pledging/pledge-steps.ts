import type { Acting } from '../../facts.js';
import { mayBind } from '../needs-forms/may.js';
import type { Pledge } from './offer.js';

const OFFERED = ['offered'] as const;
const LIVE = ['confirmed', 'partly_delivered'] as const;

/** Steps on a pledge with a page each: from which states, and whose approvers take them. */
export const STEPS = {
  accept: { from: OFFERED, by: ({ ownerId }: Pledge) => [ownerId] },
  decline: { from: OFFERED, by: ({ ownerId }: Pledge) => [ownerId] },
  confirm: { from: OFFERED, by: ({ organisationId }: Pledge) => [organisationId] },
  withdraw: { from: OFFERED, by: ({ organisationId }: Pledge) => [organisationId] },
  'revise-commitment': { from: LIVE, by: ({ organisationId, recipientId }: Pledge) => [organisationId, recipientId] },
  'lapse-remainder': { from: LIVE, by: ({ organisationId, ownerId }: Pledge) => [organisationId, ownerId] },
} as const;

/** Name of a step, as in the address and in the API. */
export type Step = keyof typeof STEPS;

/** Whether a text names a step. */
export const isStep = (name: string | undefined): name is Step => name !== undefined && Object.hasOwn(STEPS, name);

/** Whether the state of the pledge allows the step. */
export const isOpen = (step: Step, { status, accepted }: Pledge): boolean =>
  (STEPS[step].from as readonly string[]).includes(status) &&
  !(step === 'accept' && accepted) &&
  !(step === 'confirm' && !accepted);

/** Whether to offer the step to somebody; the API decides. */
export const mayTake = (step: Step, pledge: Pledge, acting: Acting | undefined): boolean =>
  acting !== undefined && STEPS[step].by(pledge).includes(acting.id) && mayBind(acting, 'approver');
