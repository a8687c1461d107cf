import { Refused, requireState, type DomainEvent } from '@concord/kernel';
import { NeedOrganisationInvited } from '@concord/contracts';
import type { NeedState } from './need.js';

/** Organisations one need may invite: the list is part of the need's state. */
export const INVITED_MAX = 100;

/** Asks an organisation to propose, once. Refused `own_need` for the owner, `invitations_full` beyond INVITED_MAX. */
export function inviteOrganisation(state: NeedState, organisationId: string): DomainEvent[] {
  requireState('need', state.status, 'published');
  if (organisationId === state.organisationId) {
    throw new Refused('own_need', 'The owner of a need cannot be invited to it. Choose another organisation.');
  }
  if (state.invitedIds.includes(organisationId)) return [];
  if (state.invitedIds.length >= INVITED_MAX) {
    throw new Refused('invitations_full', `A need can invite ${INVITED_MAX} organisations, and has.`, { max: INVITED_MAX });
  }
  return [NeedOrganisationInvited({ organisationId, ownerId: state.organisationId, title: state.content.title })];
}
