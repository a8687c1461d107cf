import type { Acting } from '../../facts.js';
import { may, mayBind } from '../needs-forms/may.js';
import type { Proposal } from './proposal.server.js';

type Side = 'leadId' | 'ownerId';
interface StepRule {
  readonly from: readonly Proposal['status'][];
  readonly by: Side;
  readonly role: 'approver' | 'editor';
}

/** Steps on a proposal with a page each: from which states, whose they are, in which role. */
export const STEPS = {
  submit: { from: ['draft'], by: 'leadId', role: 'approver' },
  withdraw: { from: ['draft', 'submitted', 'in_review', 'shortlisted'], by: 'leadId', role: 'approver' },
  shortlist: { from: ['in_review'], by: 'ownerId', role: 'editor' },
  invite: { from: ['shortlisted'], by: 'ownerId', role: 'approver' },
  accept: { from: ['shortlisted'], by: 'ownerId', role: 'approver' },
  decline: { from: ['in_review', 'shortlisted'], by: 'ownerId', role: 'approver' },
} as const satisfies Record<string, StepRule>;

/** Name of a step, as in the address and in the API. */
export type Step = keyof typeof STEPS;

/** Whether a text names a step. */
export const isStep = (name: string | undefined): name is Step => name !== undefined && Object.hasOwn(STEPS, name);

/** Whether the state of the proposal allows the step: a concept note is invited, a full proposal accepted. */
export const isOpen = (step: Step, { status, stage }: Proposal): boolean =>
  (STEPS[step].from as readonly string[]).includes(status) &&
  !(step === 'invite' && stage === 'full') &&
  !(step === 'accept' && stage !== 'full');

/** Whether to offer the step to somebody; the API decides. What was drafted may be taken back unverified. */
export const mayTake = (step: Step, proposal: Proposal, acting: Acting | undefined): boolean =>
  acting !== undefined && proposal[STEPS[step].by] === acting.id && (step === 'withdraw' ? may : mayBind)(acting, STEPS[step].role);
