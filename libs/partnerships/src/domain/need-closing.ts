import { daysAfter, isAfter, Refused, requireState, type DomainEvent, type Reason } from '@concord/kernel';
import {
  type CloseNeedInput,
  NeedAwardFinalised,
  NeedClosed,
  NeedExpired,
  NeedIntakeClosed,
  NeedPartnered,
  NeedWithdrawn,
} from '@concord/contracts';
import type { NeedState } from './need.js';

/** Days a draft may lie idle before it expires. */
export const DRAFT_IDLE_DAYS = 180;

/** Has this moment come at `at`? A moment that nobody named never comes. */
export const hasCome = (moment: string | undefined, at: string): boolean => moment !== undefined && !isAfter(moment, at);

/** Ends intake. `proposalIds` are those whose review starts in the same write. */
export function closeIntake(state: NeedState, proposalIds: readonly string[]): DomainEvent {
  requireState('need', state.status, 'published');
  return NeedIntakeClosed({ organisationId: state.organisationId, proposalIds: [...proposalIds] });
}

/** Has the end of intake come? */
export const intakeIsDue = (state: NeedState, at: string): boolean =>
  state.status === 'published' && hasCome(state.content.intakeClosesAt, at);

/** When a need expires by itself: a draft 180 days after its last change, an open need at `validUntil`. */
export function expiresAt(state: NeedState): string | undefined {
  if (state.status === 'draft') return daysAfter(state.updatedAt, DRAFT_IDLE_DAYS);
  return state.status === 'published' || state.status === 'matching' ? state.content.validUntil : undefined;
}

/** The need expires when its time has come; nothing happens before. */
export function expireNeed(state: NeedState, at: string): DomainEvent[] {
  return hasCome(expiresAt(state), at) ? [NeedExpired({ organisationId: state.organisationId })] : [];
}

/** The award to one proposal (R28): only from matching, so a second acceptance is refused `wrong_state`. */
export function partnerNeed(state: NeedState, award: { proposalId: string; leadId: string; projectId: string }): DomainEvent {
  requireState('need', state.status, 'matching');
  return NeedPartnered({ organisationId: state.organisationId, ...award });
}

/** Ten days after the award it is final; nothing happens before, twice, or after the need was closed. */
export function finaliseAward(state: NeedState, at: string): DomainEvent[] {
  const { award } = state;
  if (state.status !== 'partnered' || !award || award.final || !hasCome(award.finalFrom, at)) return [];
  const { proposalId, leadId, projectId } = award;
  return [NeedAwardFinalised({ organisationId: state.organisationId, proposalId, leadId, projectId })];
}

/** The owner ends a need that found nobody or is no longer wanted. */
export function closeNeed(state: NeedState, { outcome, reason }: CloseNeedInput): DomainEvent {
  requireState('need', state.status, 'matching');
  return NeedClosed({ organisationId: state.organisationId, outcome, reason });
}

/** The project of a partnered need ended: closed (partners), or cancelled with its reason. Any other project's end is not ours. */
export function closeWithProject(state: NeedState, projectId: string, cancelled?: Reason): DomainEvent[] {
  if (state.status !== 'partnered' || state.award?.projectId !== projectId) return [];
  const { organisationId } = state;
  return [
    cancelled
      ? NeedClosed({ organisationId, outcome: 'cancelled', reason: cancelled })
      : NeedClosed({ organisationId, outcome: 'partners' }),
  ];
}

/** The owner takes the need back, until somebody has been accepted. */
export function withdrawNeed(state: NeedState, reason: Reason): DomainEvent {
  if (state.status === 'partnered') {
    throw new Refused(
      'wrong_state',
      'A partner was accepted; a partnered need ends with its project. Cancel the project instead.',
      {
        state: state.status,
      },
    );
  }
  requireState('need', state.status, 'draft', 'submitted', 'endorsed', 'published', 'matching');
  return NeedWithdrawn({ organisationId: state.organisationId, reason });
}
